# Cette organisation : ses personnes, qui a regardé quoi, ses clés, ses sauvegardes et son état ; et la seconde personne qui confirme.

tab-agency = Cette organisation
agency-pages = Pages sur cette organisation
agency-overview = Vue d'ensemble
agency-people = Personnes
agency-person = Une personne
agency-password = Mon mot de passe
agency-looks = Qui a regardé quoi
agency-proof = Ce qui a été fait, et ce qui le prouve
agency-keys = Clés et mots de sûreté
agency-backup = Sauvegarde
agency-health = État et réglages
agency-you-may = Vos rôles
agency-nobody = Personne n'est encore enregistré
agency-count = { $count ->
    [one] { $count } personne travaille ici
   *[other] { $count } personnes travaillent ici
}
agency-last-backup = Dernière sauvegarde
agency-no-backup = Aucune n'a jamais été faite
agency-open = { $count ->
    [0] Tout va bien
    [one] { $count } point à regarder
   *[other] { $count } points à regarder
}
agency-alone-note = Qui connaît la phrase secrète de cette machine fait tout ici, et nul ne peut dire qui a fait quoi. Enregistrez qui travaille ici : chaque personne se connecte alors avec son nom et son propre mot de passe.
agency-add-first = Enregistrer la première personne

may-caseworker = Travail social
may-intake = Accueil
may-may-accept = Accueil, peut accepter
may-supervisor = Encadrement
may-auditor = Contrôle
may-admin = Administration
does-caseworker = travaille avec les personnes et envoie des orientations
does-intake = regarde ce qui arrive, pose des questions et refuse
does-may-accept = regarde ce qui arrive, et accepte aussi
does-supervisor = fait tout ce que font le travail social et l'accueil, et voit qui a regardé quoi
does-auditor = voit ce qui a été fait et qui a regardé, et aucun contenu
does-admin = dit qui travaille ici, s'occupe des clés et des sauvegardes, et ne voit aucun contenu

sign-in-wrong-name = Le nom ou le mot de passe n'est pas juste. Saisissez les deux de nouveau. Après cinq mots de passe faux de suite, un nom n'est plus essayé pendant un quart d'heure, quoi qu'on saisisse ; votre administrateur peut vous donner un nouveau mot de passe.
people-first-title = Cela change la façon dont tout le monde se connecte
people-first-sign-in = Dès lors, chaque personne se connecte avec son nom et son propre mot de passe. La phrase secrète de cette machine seule ne connecte plus personne.
people-first-you = Vous êtes aussitôt connecté sous ce nom ; les autres fenêtres ouvertes ici se ferment.
people-first-admin = La première personne a l'administration, pour que quelqu'un puisse enregistrer les autres.
people-first-passphrase = La phrase secrète reste nécessaire au démarrage de la machine, et pour les sauvegardes et les clés. Gardez-la.
people-one-admin = Une seule personne a l'administration. Si elle oublie son mot de passe, nul ne pourra plus enregistrer ni changer personne. Enregistrez-en bientôt une seconde.
people-name = Nom
people-may = Rôles
people-since = Depuis
people-until = jusqu'au { $time }
people-change = Nouveau mot de passe, ou départ
people-add = Enregistrer un ou une collègue
people-add-first = Enregistrer la première personne : vous-même
people-roles = Que peut faire cette personne ici ?
people-your-password = Votre nouveau mot de passe
people-first-password = Nouveau mot de passe pour cette personne
people-strength = Au moins 8 caractères. Le mieux : plusieurs mots sans rapport entre eux.
people-again = Le même mot de passe encore une fois
people-own = Votre propre mot de passe, pour confirmer
people-first-button = M'enregistrer et me connecter sous ce nom
people-add-button = Enregistrer cette personne
people-admins-do = L'administration enregistre les personnes, met fin à leur accès et donne de nouveaux mots de passe.
people-name-taken = Quelqu'un de ce nom travaille déjà ici. Ajoutez ce qui distingue les deux.
people-name-unusable = Ceci ne peut pas être un nom ici : il est vide, trop long ou contient des caractères cachés. Écrivez-le comme la personne l'écrit.
people-role-missing = Cochez au moins une chose que cette personne peut faire.
people-secret-short = Le nouveau mot de passe est trop court : au moins 8 caractères.
people-secret-differs = Les deux nouveaux mots de passe diffèrent. Saisissez-les de nouveau.
people-own-wrong = Votre propre mot de passe est faux. Rien n'a été changé : saisissez-le de nouveau.
people-held = Il a été faux trop souvent. Rien n'a été changé : attendez un quart d'heure.
people-passphrase-wrong = La phrase secrète de cette machine est fausse. Rien n'a été fait : saisissez-la de nouveau.
people-last-admin = Il ne resterait personne pour dire qui travaille ici. Enregistrez d'abord une autre personne pour l'administration.
person-password = Nouveau mot de passe
person-password-note = Qui a oublié son mot de passe en reçoit un nouveau de vous. Toutes les pages que cette personne a ouvertes se ferment aussitôt.
person-password-button = Donner ce mot de passe
person-end = Ne travaille plus ici
person-end-open = Cette personne est partie
person-end-note = Cette personne est déconnectée aussitôt et ne peut plus rien faire ici. Ce qu'elle a fait reste. Qui revient est enregistré de nouveau.
person-end-button = Mettre fin à son accès maintenant
person-back = Retour aux personnes
password-alone = Personne n'est enregistré ici ; il n'y a donc pas encore de mot de passe.
password-note = Quand vous le changez, toute autre page que vous avez ouverte se ferme. Celle-ci continue.
password-now = Votre mot de passe actuel
password-new = Votre nouveau mot de passe
password-button = Changer mon mot de passe
notice-first = { $count ->
   *[other] Vous êtes enregistré et connecté sous votre nom. Enregistrez maintenant vos collègues.
}
notice-added = { $count ->
   *[other] C'est enregistré. Cette personne peut maintenant se connecter.
}
notice-ended = { $count ->
   *[other] C'est fait. Cette personne est déconnectée.
}
notice-secret = { $count ->
   *[other] Le nouveau mot de passe est valable. Ce que cette personne avait ouvert est fermé.
}
notice-password = { $count ->
   *[other] Votre nouveau mot de passe est valable. Vos autres pages ouvertes sont fermées.
}

looks-note = Chaque fois que quelqu'un regarde une orientation ici, ou l'extrait, une ligne est gardée. Les lignes ne changent jamais.
looks-person = Qui
looks-referral = Orientation, par ses premières lettres et chiffres
looks-since = Du
looks-until = Au
looks-none = Personne n'a regardé.
looks-what = Quelle orientation
looks-saw = Ce qui a été vu
looks-why = Pourquoi
looks-alone = qui avait la phrase secrète
looks-older = Lignes plus anciennes
looks-proves = Ces lignes sont le registre propre de cette machine, pour cette organisation. Elles ne sont pas signées et ne prouvent rien à d'autres. Ce qui a été fait d'une orientation est signé : choisissez une orientation pour voir ce qui le prouve.
look-whole = tout
look-nothing = aucun contenu
look-work = pour y travailler
look-export = extrait dans un fichier
look-audit = pour un rapport sur ce qui a été fait
look-evidence = des preuves ont été extraites
proof-note = Ce que les deux organisations ont fait de cette orientation, dans l'ordre qui compte. Chaque signature vient d'être vérifiée. Il est noté que vous avez lu ceci.
proof-first = À regarder d'abord
proof-proves = Ce que cela prouve, et ce que cela ne prouve pas
proof-version = version { $number }
proof-not = Non prouvé :
proof-back = Retour aux lignes

keys-own = Vos huit mots
keys-own-note = Lisez ces mots au téléphone à une autre organisation qui demande si c'est bien vous. Appelez le numéro que vous connaissez, pas un numéro qu'on vous a envoyé.
keys-language = Il y a des listes de mots en anglais, français, allemand, italien, russe et espagnol. Changez la langue de cette page pour lire tous deux dans la même liste.
keys-node = Numéro de ce nœud
keys-partner = Les mots d'une autre organisation
keys-partner-note = Appelez-la et faites-lui lire ses huit mots. Comparez chacun avec ce qui est écrit ici.
keys-which = Quelle organisation ? Son nom ou son lieu
keys-show = Montrer les mots
keys-nobody = Aucune organisation de ce nom. Saisissez une partie de son nom.
keys-phone = Téléphone :
keys-no-phone = Pas de numéro de téléphone dans l'annuaire. Prenez-en un que vous connaissez.
keys-differ = Si un seul mot diffère, ne lui envoyez rien et téléphonez à votre autorité.
keys-age = Âge des clés de ce nœud
keys-identity = Clé d'identité
keys-identity-until = À renouveler avant le { $time }. Rien ne s'arrête si c'est plus tard.
keys-tls = Clé de connexion
keys-tls-until = Elle se renouvelle d'elle-même le { $time }.
keys-read = Lisez au téléphone à votre autorité ces huit mots de la nouvelle clé :
keys-forget = Pour renoncer à ce changement, téléphonez d'abord à votre autorité, puis saisissez sur la machine :
keys-renew = Renouveler la clé d'identité maintenant
keys-renew-note = Une nouvelle clé est faite, et il est demandé à votre autorité de la mettre en vigueur. Vous lui lisez ensuite huit mots au téléphone. Le papier du coffre reste bon. Faites ensuite une nouvelle sauvegarde.
keys-renew-button = Faire la nouvelle clé et la demander
keys-stolen = Si quelqu'un d'autre peut avoir la clé de ce nœud, ne la renouvelez pas ici. Prenez le papier dans le coffre, téléphonez à votre autorité et saisissez sur la machine :
change-made = Une nouvelle clé est faite ; elle sera demandée quand la machine sera connectée.
change-waiting = Une nouvelle clé attend votre autorité.
change-done = La nouvelle clé vaut dès que la liste des organisations est arrivée ici.
change-refused = La nouvelle clé a été écartée. Téléphonez à votre autorité.
change-rejected = Votre autorité a refusé la nouvelle clé. Téléphonez-lui.
notice-renewed = { $count ->
   *[other] La nouvelle clé est faite. Lisez ses mots à votre autorité au téléphone.
}

backup-last = La dernière sauvegarde date du { $time }.
backup-never = Aucune sauvegarde n'a jamais été faite : ce qui est sur cette machine n'est nulle part ailleurs.
backup-old = La dernière sauvegarde a plus d'une semaine. Faites-en une nouvelle.
backup-make = Faire une sauvegarde maintenant
backup-note = Tout ce que cette organisation garde sur cette machine va dans un seul fichier scellé, sauf les fichiers des documents. Les documents (PDF, images, enregistrements) n'y sont pas : gardez-les aussi ailleurs.
backup-why-passphrase = La sauvegarde s'ouvre avec cette phrase secrète et aucune autre. Saisissez-la donc : vous saurez que quelqu'un la connaît encore.
backup-button = Faire la sauvegarde
backup-folder = Le dossier des sauvegardes sur cette machine
backup-copy = Copiez le fichier sur une autre machine ou sur un disque gardé sous clé : si cette machine est perdue, son dossier l'est aussi. Détruisez les anciennes sauvegardes, car elles contiennent encore ce qui a été effacé depuis.
backup-admins-do = L'administration fait les sauvegardes et les essaie.
backup-passphrase-then = Ce n'est pas la phrase secrète que cette machine avait lors de cette sauvegarde. Saisissez-la de nouveau.
drill-title = Essayer une sauvegarde
drill-note = Une sauvegarde jamais essayée n'est qu'un espoir. Ceci l'ouvre, la vérifie en entier et dit ce qui reviendrait. Rien n'est changé. Faites-le une fois par mois.
drill-no-file = Il n'y a pas encore de sauvegarde dans le dossier. Faites-en d'abord une.
drill-which = Quelle sauvegarde
drill-passphrase = Phrase secrète que cette machine avait alors
drill-button = Essayer cette sauvegarde
drill-elsewhere = Pour essayer un fichier qui se trouve ailleurs, saisissez sur cette autre machine :
drill-good = Cette sauvegarde peut être restaurée. Elle ferait revenir :
drill-failed = Cette sauvegarde ne peut pas être restaurée. Faites-en une nouvelle maintenant.
drill-made = Faite
drill-agency = Organisation
drill-newest = Message le plus récent
drill-no-message = aucun
drill-received = Messages reçus
drill-sent = Messages envoyés
drill-waiting = Dont encore sans accusé de réception
drill-evidence = Preuves, chacune vérifiée
drill-identity = Clé d'identité qu'elle contient
drill-nothing-changed = Rien n'a été changé. Si votre clé d'identité est plus récente que celle de cette sauvegarde, faites-en une nouvelle : personne ne pourrait écrire à celle-ci.
notice-backup = { $count ->
   *[other] La sauvegarde est écrite. Copiez-la sur une autre machine, puis essayez-la ci-dessous.
}

health-open = Ce que quelqu'un devrait regarder
health-all-well = Tout va bien.
health-fail = ne marche pas
health-warn = à regarder
health-well = Ceci va bien
check-vault = Le coffre, où tout est gardé
check-disk = La place sur le disque
check-daemon = Le programme en arrière-plan
check-configuration = Les réglages
check-network = Le réseau
check-relay = La connexion au relais
check-clock = L'horloge de cette machine
check-registry = La liste des organisations
check-witnesses = Les témoins de la liste des organisations
check-registration = L'inscription de cette organisation
check-key-changes = Les clés changées par l'autorité seule
check-keys = Les clés pour recevoir
check-renewals = Les clés à renouveler
check-outbox = Ce qui est à envoyer
check-alarms = Les alarmes
check-backup = La sauvegarde
lock-title = Verrouiller la lecture
lock-note = Personne ne lit ni n'envoie plus rien ici jusqu'au déverrouillage avec la phrase secrète, sur la page de connexion ; la machine continue de recevoir. Sur la machine, cela se fait aussi avec :
lock-button = Verrouiller la lecture maintenant
unlock-note = La lecture est verrouillée. Qui connaît la phrase secrète de cette machine la déverrouille ici ; ensuite, chacun se reconnecte.
unlock-button = Déverrouiller la lecture
unlock-here = Déverrouiller avec la phrase secrète
settings-title = Réglages
settings-note = La personne qui s'occupe de cette machine les change dans leur fichier, puis redémarre le programme.
settings-file = Le fichier
settings-version = Version de ce programme
settings-updates = Ce programme ne cherche pas lui-même de versions plus récentes. Demandez à qui vous l'a donné, et lisez la liste des changements qui vient avec chaque version.
settings-name = Réglage
settings-value = Maintenant
settings-means = Ce qu'il veut dire
settings-by-itself = trouvé de lui-même
setting-relay = Adresse du relais. À donner seulement là où l'adresse inscrite ne marche pas d'ici.
setting-receipt-delay = Plus long retard au hasard d'un accusé de réception, en secondes. Il cache quand quelqu'un travaille.
setting-settle-tick = Intervalle auquel partent les confirmations, en millièmes de seconde. Il cache ce qui a été fait d'un message.
setting-cover = Si des messages qui ne disent rien partent à des moments au hasard. Qu'un message soit parti n'est alors pas le signe d'une orientation.
setting-auto-lock = Minutes sans usage après lesquelles la lecture se verrouille ; 0 pour jamais.
setting-api-port = Porte pour d'autres programmes de cette organisation sur cette machine ; 0 pour aucune.
setting-page-port = Porte de cette page sur cette machine ; 0 pour aucune page.
setting-page-lock = Minutes sans usage après lesquelles cette page vous déconnecte ; de 1 à 15.
setting-log = Ce que le programme écrit dans son journal. Aucun niveau n'écrit un nom, une adresse ou un texte.

second-title = Une seconde personne doit confirmer
second-note = Ceci demande deux personnes de votre organisation. Un ou une collègue du travail social ou de l'encadrement le lit et confirme ici avec son nom et son mot de passe. C'est alors envoyé aussitôt.
second-to = Destinataires :
second-name = Nom de la seconde personne
second-secret = Mot de passe de la seconde personne
second-button = Confirmer et envoyer
second-back = Ne pas envoyer
second-wrong = Le nom ou le mot de passe n'est pas juste. Rien n'a été envoyé : saisissez les deux de nouveau.
second-same = La seconde personne doit être quelqu'un d'autre. Rien n'a été envoyé.
second-role = Il faut quelqu'un du travail social ou de l'encadrement. Rien n'a été envoyé.

person-roles-note = Choisissez tout ce que cette personne peut faire désormais. Toutes les pages qu'elle a ouvertes se ferment aussitôt. Il reste noté qui a fait le changement.
person-roles-own = Vous pouvez renoncer à des rôles. Tant qu'il y a une autre personne qui administre, c'est elle qui vous en donne d'autres.
person-roles-button = Changer les rôles
person-roles-changed = Ce qui a été changé
person-roles-was = Avant
person-roles-became = Après
people-roles-own = Personne ne se donne davantage de rôles tant qu'une autre personne administre ici. Demandez-le-lui.
notice-roles = { $count ->
   *[other] Les rôles sont changés.
}
