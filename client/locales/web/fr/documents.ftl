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

papers-title = Documents joints
papers-intro = Ils sont scellés pour { $agency } seule et partent juste après l'envoi. La personne est d'abord interrogée à leur sujet.
papers-none = Aucun n'a encore été ajouté.
papers-section = Concerne : { $section }
papers-ready = prêt à partir
papers-lost = plus disponible : ajoutez à nouveau le même fichier, ou envoyez-le plus tard depuis l'orientation
papers-remove = Retirer
papers-add = Ajouter un document
papers-file = Le fichier
papers-limits = PDF, image (JPEG, PNG), texte, son Ogg ou texte OpenDocument ; 25 Mo au plus chacun.
papers-name = Son nom chez le destinataire
papers-name-hint = Par exemple : rapport médical de mai. Le nom du fichier lui-même n'est pas envoyé.
papers-about = De quoi il s'agit
papers-about-hint = Seul qui peut y lire cette partie peut lire le document.
papers-keep = Laisser dans une image ce qu'elle dit du lieu, de l'heure et de l'appareil
papers-add-button = Ajouter ce document
papers-without = Continuer sans documents
papers-link = Documents : ajouter ou retirer
papers-later-note = On ajoute un document en disant plus sur la personne : si le consentement ne le couvre pas encore, elle est d'abord interrogée.
papers-not-now = Un document peut être ajouté dès que l'orientation y est ouverte et jusqu'à sa fin. Avant ou après, faites une nouvelle orientation.
notice-papers-added = { $count ->
   *[other] Le document est ajouté. Il n'est pas encore envoyé.
}
notice-papers-incomplete = { $count ->
   *[other] Choisissez un fichier, dites comment il s'appelle et ce qu'il concerne. Rien n'a été ajouté.
}
notice-papers-level = { $count ->
   *[other] Les documents ne vont qu'avec le niveau 3. Choisissez le niveau 3, puis « Documents » parmi les parties du dossier.
}
notice-papers-left = { $count ->
    [one] Un document n'est pas parti : choisissez à nouveau son fichier dans l'orientation, sous « Documents ».
   *[other] { $count } documents ne sont pas partis : choisissez à nouveau leurs fichiers dans l'orientation, sous « Documents ».
}
