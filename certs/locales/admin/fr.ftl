# La page de l'administrateur. Un texte par clé ; chaque langue a les mêmes clés et arguments.

product = Safeconduct, l’autorité
skip = Aller au contenu
tab-overview = Vue d’ensemble
tab-agencies = Agences
tab-requests = Demandes
tab-invite = Inviter
tab-audit = Ce qui a été fait
languages = Langue
lock-button = Fermer la page
lock-note = Tant que cette page est ouverte, les autres commandes de cet outil trouvent le répertoire occupé. Elle se ferme d’elle-même quand elle n’est pas utilisée pendant un moment ; aucune clé ne reste alors en mémoire.
slow-note = Les relais sont informés aussitôt. Si l’un d’eux ne répond pas, cela prend jusqu’à une minute.
knock-warning = L’adresse de cette page a été ouverte une seconde fois, et refusée. Si ce n’était pas vous, quelqu’un l’a vue sur cette machine : fermez la page, puis relancez-la.
cancel = Annuler
back = Retour
warning = Attention

age-minutes = { $count ->
    [0] à l’instant
    [one] il y a { $count } minute
   *[other] il y a { $count } minutes
}
age-hours = { $count ->
    [one] il y a { $count } heure
   *[other] il y a { $count } heures
}
age-days = { $count ->
    [one] il y a { $count } jour
   *[other] il y a { $count } jours
}

overview-title = Vue d’ensemble
overview-authority = Autorité
overview-country = Pays
overview-fingerprint = Empreinte
overview-fingerprint-note = À comparer par téléphone, groupe par groupe.
overview-entries = Entrées du registre
overview-timestamp = Dernier horodatage
overview-no-timestamp = aucun encore
overview-min-version = Version minimale des sessions
overview-active = Agences actives
overview-suspended = Agences suspendues
overview-relays = Relais
overview-no-relay = Aucun relais n’est enregistré. Enregistrez-en un avec la commande { $command }.
overview-agreements = Accords
overview-no-agreement = Aucun : chaque agence peut écrire à toute autre agence de cette autorité.
overview-recognised = Autorités reconnues
overview-no-recognised = Aucune.
overview-root-keys = Des clés racines se trouvent sur cette machine : { $names }. Mettez-les sur trois supports hors ligne, chez trois personnes différentes.
overview-stale = Le dernier horodatage a plus de 12 heures : les nœuds vont bientôt douter de ce qu’ils savent. Informez les relais maintenant, et vérifiez la minuterie qui devrait le faire toutes les six heures.
overview-answers = { $count ->
    [one] { $count } réponse n’est pas encore chez son relais. Informez les relais maintenant.
   *[other] { $count } réponses ne sont pas encore chez leurs relais. Informez les relais maintenant.
}
overview-waiting = { $count ->
    [one] { $count } demande vous attend.
   *[other] { $count } demandes vous attendent.
}
overview-spoiled = { $count ->
    [one] { $count } invitation a été utilisée par quelqu’un d’autre. Voyez les demandes.
   *[other] { $count } invitations ont été utilisées par quelqu’un d’autre. Voyez les demandes.
}
overview-served = { $count ->
    [0] Elle a fait son temps : faites un nouveau fichier racine.
    [one] Elle aura fait son temps dans { $count } jour : faites un nouveau fichier racine.
   *[other] Elle aura fait son temps dans { $count } jours : faites un nouveau fichier racine.
}
overview-no-witness = Aucun témoin ne signe : quiconque a la clé du registre peut montrer deux registres à deux nœuds, sans être vu jusqu’à ce qu’ils se rencontrent.
overview-one-witness = Un seul témoin suffit : quiconque a la clé du registre et un témoin peut montrer deux registres à deux nœuds.
overview-witnesses = Témoins
overview-witnesses-note = ont signé / sont nécessaires (sont nommés)
overview-publish = Interroger et informer les relais maintenant
overview-publish-note = Relève les nouvelles demandes, et remet aux relais un horodatage récent et tout ce qu’ils ne savent pas encore.
agreement-number = N°
agreement-from = De
agreement-to = À
agreement-what = Quoi
agreement-until = Jusqu’au
agreement-over = terminé
agreement-country = Pays
roles-every = tous les rôles
country-any = tout pays
what-enquiries = demandes de renseignements sans noms
what-referrals = orientations
what-both = demandes de renseignements et orientations

agencies-title = Agences
agencies-search = Chercher
agencies-search-note = Identifiant, nom, pays, rôle ou nœud
agencies-search-button = Trouver
agencies-all = Tout afficher
agencies-found = { $count ->
    [0] Rien n’a été trouvé.
    [one] { $count } enregistrement
   *[other] { $count } enregistrements
}
agencies-empty = Aucune agence n’est enregistrée. Invitez la première.
column-agency = Agence
column-country = Pays
column-roles = Rôles
column-status = État
column-since = depuis le { $time }
column-entry = Entrée
column-relay = Relais
column-address = Adresse
status-active = Active
status-suspended = Suspendue
status-revoked = Révoquée
mark-exercise = Exercice seulement
mark-relay = Relais
mark-override = Clé changée par l’autorité seule
mark-pending = Changement de clé en attente jusqu’au { $time }

agency-title = Agence
agency-id = Identifiant
agency-names = Noms
agency-node = Nœud
agency-home-relay = Relais d’attache
agency-first-entry = Première entrée
agency-newest-entry = Dernière entrée
agency-former-keys = Anciennes clés
agency-acts = Ce qui peut être fait
agency-suspend = Suspendre …
agency-resume = Rétablir …
agency-revoke = Révoquer …
agency-revoked-note = Ce qui est révoqué le reste. Si l’agence a de nouveau besoin d’un nœud, invitez-la à nouveau.

suspend-title = Suspendre un enregistrement
suspend-what = { $agency } ne peut plus participer jusqu’à ce que vous la rétablissiez.
suspend-effects = Ses connexions sont coupées dans la seconde où les relais l’apprennent. Ce que d’autres ont pour elle attend chez eux, et ce qu’elle a envoyé est retenu là où il arrive.
suspend-button = Suspendre maintenant
resume-title = Rétablir un enregistrement
resume-what = { $agency } peut de nouveau participer, avec le même nœud et les mêmes clés.
resume-effects = Son nœud se connecte de lui-même, et relève ce qui l’a attendu.
resume-button = Rétablir maintenant
revoke-title = Révoquer un enregistrement
revoke-what = L’enregistrement de { $agency } prend fin pour toujours.
revoke-effects = Ses connexions sont coupées, personne ne peut lui écrire, et ce qui l’attend n’est pas remis. Rien ne peut l’annuler : il faudrait inviter l’agence à nouveau, avec de nouvelles clés.
revoke-type = Pour confirmer, tapez l’identifiant de l’agence
revoke-mistyped = Ce n’est pas l’identifiant indiqué ci-dessus.
revoke-button = Révoquer pour toujours

requests-title = Demandes et invitations
requests-waiting = Demandes en attente
requests-none = Aucune demande n’attend.
requests-ask = Demander aux relais s’il y en a de nouvelles
requests-how = Téléphonez à l’opérateur de l’agence, que vous connaissez, à un numéro que vous connaissez. Faites-vous lire les huit mots de sécurité, et tapez-les tels que vous les entendez. Ne les lisez jamais vous-même.
requests-why = Seul le premier mot est montré ici, pour que vous trouviez la demande. Les sept autres ne peuvent venir que de l’opérateur : c’est ce qui vous garde d’approuver la clé d’un inconnu. Le programme de l’opérateur peut les montrer dans une autre langue : celle que vous entendez convient.
requests-words = Mots de sécurité
requests-approve = Approuver …
requests-reject = Rejeter …
requests-spoiled = Invitations utilisées par quelqu’un d’autre
requests-spoiled-note = Ce qui est venu pour ces invitations ne peut pas venir de l’agence. Téléphonez-lui, cherchez qui a eu le code, et invitez-la à nouveau.
requests-invitations = Invitations ouvertes
requests-no-invitations = Aucune invitation n’est ouverte.
invitation-expires = Dernier jour
invitation-days-left = { $count ->
    [0] finit aujourd’hui
    [one] encore { $count } jour
   *[other] encore { $count } jours
}
invitation-over = terminée

asks-new = Demande à être enregistrée.
asks-paper = Demande à prendre la place du nœud { $node }, dont la clé de succession sur papier dit oui.
asks-alone = Demande à prendre la place du nœud { $node }, sur votre seule parole.
asks-change = Demande à changer : { $what }.
change-identity = clé d’identité
change-succession = clé de succession
change-tls = clé TLS
change-place = relais d’attache

approve-title = Approuver une demande
approve-node = Nœud
approve-type = Les huit mots, tels que vous les entendez
approve-type-note = Majuscules et espaces n’importent pas ; les quatre premières lettres de chaque mot suffisent.
approve-check = Comparer
approve-match-title = Ces mots sont ceux de la demande
approve-heard = Est-ce bien l’opérateur, que vous connaissez, qui vous a lu ces mots ? S’ils vous viennent d’ailleurs, n’approuvez pas.
approve-what = { $agency } sera enregistrée.
approve-effects = Désormais les autres agences peuvent lui envoyer ce que les accords permettent, sous la clé que ces mots désignent. Son nœud relève la réponse de lui-même.
approve-place = { $agency } reçoit ce nœud à la place de l’ancien.
approve-paper-effects = Les nouvelles clés sont en vigueur aussitôt, et l’ancien nœud est coupé.
approve-alone-effects = Aucun papier ne parle pour lui : les nouvelles clés sont en vigueur après 72 heures, et jusque-là comme ensuite il est montré à tous que vous seul l’avez dit.
approve-change = { $agency } reçoit ce qu’elle demande.
approve-change-effects = Les mots sont ceux de la clé d’identité qu’elle a dès lors. C’est en vigueur aussitôt.
approve-button = Approuver maintenant

reject-title = Rejeter une demande
reject-what = La demande de { $agency } sera rejetée.
reject-effects = Son opérateur lit votre motif. L’invitation est épuisée ; pour réessayer, invitez l’agence à nouveau.
reject-change-effects = Son nœud garde ce qu’il a, et l’apprend.
reject-reason = Motif, que l’opérateur lit
reject-button = Rejeter maintenant

invite-title = Inviter une agence
invite-agency = Identifiant de l’agence
invite-agency-note = Pour toujours : les deux lettres du pays, un point, un nom en minuscules, comme dans { $example }
invite-names = Noms
invite-names-note = Au moins un, chacun avec les trois lettres de sa langue (ISO 639-3), comme eng ou fra.
invite-language = Langue
invite-name = Nom
invite-roles = Ce que fait l’agence
invite-country = Pays
invite-country-note = Deux majuscules ; sans cela, comme commence l’identifiant.
invite-exercise = Pour la formation seulement : aucune orientation réelle n’y va
invite-days = Jours pendant lesquels le code peut servir
invite-days-note = 1 à 30
invite-check = Continuer
invite-correct = Corriger
invite-confirm-title = Inviter cette agence ?
invite-confirm-what = Un code est fait pour { $agency } ; il sert une fois, jusqu’au { $day }.
invite-confirm-effects = Quiconque a le code peut demander une fois à être le nœud de cette agence. Rien n’est enregistré avant que vous ayez comparé les mots de sécurité et approuvé.
invite-confirm-replaces = L’invitation ouverte pour cette agence prend fin avec celle-ci.
invite-button = Faire le code
invite-error-agency = L’identifiant demande deux minuscules, un point, et un nom en minuscules, chiffres et traits d’union.
invite-error-names = Donnez au moins un nom, chacun avec les trois minuscules de sa langue, et chaque langue une fois.
invite-error-roles = Choisissez au moins un rôle.
invite-error-country = Le pays s’écrit en deux majuscules.
invite-error-days = Donnez 1 à 30 jours.
invite-error-record = Les noms sont trop longs, ensemble, pour une fiche de l’annuaire. Raccourcissez-les, ou donnez-en moins.
errors-title = Cela n’est pas encore possible

result-title = Résultat
result-refused = Rien n’a été fait
result-tampering = Arrêtez. Ceci peut être une falsification.
result-invited = { $agency } est invitée
result-code-once = Le code n’est montré qu’ici et maintenant. Il n’est pas conservé.
result-code-shown = Le code a déjà été montré, et n’est pas conservé. S’il est perdu, invitez l’agence à nouveau : le code perdu prend fin alors.
result-print = Imprimer cette lettre
result-print-note = Pour l’envoyer par lettre, imprimez cette page.
result-approved = { $agency } est enregistrée ; son nœud est { $node }
result-approved-later = { $agency } reçoit un nouveau nœud à la place de l’ancien, en vigueur à partir du { $node }
result-changed = { $agency } a ce qu’elle a demandé
result-rejected = La demande de { $agency } est rejetée
result-suspended = { $agency } est suspendue
result-resumed = { $agency } est de nouveau active
result-revoked = { $agency } est révoquée
result-published = Les relais ont été interrogés et informés
result-relays = Les relais
result-told = informé
result-not-told = non informé
result-abroad = à l’étranger, { $country }
result-abroad-note = Il accepte notre registre dès que son autorité reconnaît la nôtre.
result-stands = Ce qui a été fait demeure, et est consigné. Rien n’est perdu : informez les relais plus tard.
result-untold = Aucun relais n’a pu être informé.
result-gone = Ce résultat n’est plus là. Ce qui a été fait se trouve dans la liste de ce qui a été fait.

letter-title = Invitation à Safeconduct
letter-for = Pour l’opérateur de { $agency }
letter-from = De la part de
letter-fingerprint = Empreinte de l’autorité
letter-code = Votre code
letter-expires = Il sert une fois, jusqu’au { $day } (UTC). Gardez-le secret : quiconque l’a peut faire une demande au nom de votre agence.
letter-step-1 = Sur la machine de votre nœud, lancez : { $command }
letter-step-2 = Le programme montre huit mots de sécurité. Téléphonez à l’administrateur, à un numéro que vous connaissez, et lisez-les.
letter-step-3 = Quand l’administrateur a approuvé, votre nœud est enregistré de lui-même.

audit-title = Ce qui a été fait
audit-none = Rien n’a encore été fait ici.
audit-time = Heure
audit-act = Acte
audit-detail = Détail
audit-page = Page { $page } sur { $pages }
audit-newer = Plus récent
audit-older = Plus ancien

turned-title = Cette page n’est pas pour ce navigateur
turned-cookie = Ouvrez l’adresse que montre le terminal, sur cette machine. Elle sert une fois.
turned-used = Cette adresse a déjà été ouverte, et sert une fois. Si ce n’était pas vous, terminez aussitôt le programme dans le terminal (Ctrl-C), puis relancez-le.
turned-form = Ce formulaire n’est plus valable, et rien n’a été fait. Revenez en arrière, rechargez la page, et réessayez.
turned-origin = Ceci ne vient pas de la page de l’administrateur, et rien n’a été fait.
turned-lost = Il n’y a pas de telle page ici.
turned-order = La page est hors service. Terminez le programme dans le terminal (Ctrl-C), puis relancez-le.
opened-title = La page est ouverte
opened-go = Continuer
locked-title = La page est fermée
locked-text = Les clés ne sont plus en mémoire. Pour rouvrir la page, relancez-la dans le terminal.

role-NgoShelter = Foyer (ONG)
role-NgoSupport = Accompagnement (ONG)
role-Helpline = Ligne d’assistance
role-HealthService = Service de santé
role-SocialService = Service social
role-ChildProtection = Protection de l’enfance
role-Guardianship = Tutelle
role-LegalAid = Aide juridique
role-LabourInspectorate = Inspection du travail
role-Police = Police
role-BorderGuard = Garde-frontière
role-Prosecution = Parquet
role-WitnessProtection = Protection des témoins
role-ImmigrationAuthority = Autorité de l’immigration
role-AsylumAuthority = Autorité de l’asile
role-CompetentAuthority = Autorité d’identification
role-Embassy = Ambassade ou consulat
role-IomMission = Mission de l’OIM
role-UnhcrMission = Mission du HCR
role-RedCrossCrescent = Croix-Rouge ou Croissant-Rouge
role-InternationalOrganisation = Organisation internationale
role-EducationTraining = Éducation et formation
role-NrmCoordinator = Coordination du MNO
role-NationalRapporteur = Rapporteur national
