documents-title = Documents
document-untitled = Un document dont le consentement a pris fin
document-received = reçu d'elle
document-sent = envoyé à elle
document-save = Enregistrer
document-save-note = Ce que vous enregistrez reste sur cette machine, à la portée de tous ceux qui l'utilisent. Supprimez-le après l'avoir lu.
document-again = Réessayer
document-wanted = Pas encore envoyé : { $title }
document-send = Envoyer ce document
document-kib = { $size } ko
document-mib = { $size } Mo
notice-document-again = { $count ->
   *[other] Un nouvel essai est en cours.
}
notice-document-sent = { $count ->
   *[other] Le document est en route.
}
notice-document-none = { $count ->
   *[other] Choisissez d'abord un fichier. Rien n'a été envoyé.
}

document-kind-pdf = PDF
document-kind-jpg = Image
document-kind-png = Image
document-kind-txt = Texte
document-kind-ogg = Enregistrement sonore
document-kind-odt = Document écrit

document-state-waiting = en cours de dépôt au relais
document-state-stored = le relais le garde
document-state-wanted = en cours de réception
document-state-held = ici, et complet
document-state-broken = ce n'est pas ce que l'expéditeur a signé
document-state-gone = le relais ne l'a plus
document-state-failed = n'a pas pu être transmis
document-state-erased = effacé

document-why-consent-over = le consentement de la personne a pris fin ou a été retiré
document-why-withdrawn = aucune version en vigueur de l'orientation ne le mentionne
document-why-document-gone = le relais ne l'a plus
document-why-document-quota = le relais n'accepte plus de documents de cette organisation pour l'instant
document-why-relay-full = le relais est plein
document-why-relay-silent = le relais n'a pas répondu à temps
document-why-connection-lost = la connexion a été perdue
document-why-document-broken = ce qui est arrivé n'est pas ce que l'expéditeur a signé
document-why-document-not-here = son fichier n'est plus sur cette machine
document-why-disk-full = le disque de cette machine est plein
document-why-other = demandez à la personne qui s'occupe de cette machine
