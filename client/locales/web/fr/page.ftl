product = Safeconduct
live-news = Il y a du nouveau. Rouvrez cette page pour le voir : ce que vous avez écrit serait perdu, envoyez-le d'abord.
exit = Quitter cette page
skip = Aller au contenu
languages = Langue
tasks = Ce que vous pouvez faire
exercise = Exercice
exercise-banner = EXERCICE : personne ici n'est réel, et rien n'atteint une vraie organisation.
signed-as = Connecté : { $name }
signed-alone = Connecté avec la phrase secrète du coffre de cette machine.
sign-out = Se déconnecter
yes = oui
no = non
choose = Choisir
any = Indifférent
not-said = Non précisé
comma = ,
time = { $day } { $month } { $year }, { $clock }
month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre

sign-in-title = Connexion
sign-in-name = Votre nom
sign-in-secret = Votre mot de passe
sign-in-passphrase = Phrase secrète du coffre de cette machine
sign-in-alone-note = Aucune personne n'est encore enregistrée sur cette machine. Qui connaît la phrase secrète y fait tout.
sign-in-button = Se connecter
sign-in-wrong = Le nom ou le mot de passe est faux. Saisissez-les de nouveau.
sign-in-held = Le mot de passe a été faux trop souvent. Attendez un quart d'heure, ou demandez-en un autre à votre administrateur.
sign-in-locked = La lecture est verrouillée sur cette machine. La personne qui s'en occupe la déverrouille avec sa phrase secrète.
sign-in-failed = La connexion n'a pas été possible. Demandez à la personne qui s'occupe de cette machine d'en lire le journal.
sign-in-again = Se connecter
turned-title = Cette page est fermée
turned-session = Votre session est finie, car la page n'a pas servi un moment ou a été quittée. Les brouillons sont gardés.
turned-origin = Un autre site l'a demandé, rien n'a donc été fait.
turned-form = Ce formulaire a été montré dans une autre session. Rien n'a été fait : rouvrez la page.
turned-lost = Il n'y a rien à cette adresse.
told-title = Cela n'a pas été fait
told-kept = Rien n'a été envoyé ni changé.
told-back = Retour aux orientations
told-back-one = Retour à l'orientation
told-typed = Ce que vous aviez écrit, pour le copier d'ici

banner-connecting = Connexion au relais en cours. Ce que vous envoyez attend sur cette machine jusque-là.
banner-offline = Pas de connexion au relais. Ce que vous envoyez attend sur cette machine et partira seul. Si c'est urgent, téléphonez aussi.
banner-stale = La liste des organisations n'a pas été confirmée depuis un moment. L'envoi continue.
banner-expired = La liste des organisations est trop ancienne pour être sûre. Téléphonez à l'organisation avant d'envoyer.

notice-done = { $count ->
   *[other] C'est fait. L'autre organisation le verra.
}
notice-said = { $count ->
   *[other] Envoyé à l'autre organisation.
}
notice-sent = { $count ->
    [one] Envoyée à une organisation. Vous voyez ci-dessous quand elle arrive et quand quelqu'un l'ouvre.
   *[other] Envoyée à { $count } organisations. Vous voyez ci-dessous quand elle arrive et quand quelqu'un l'ouvre.
}
notice-nobody = { $count ->
   *[other] Choisissez au moins une organisation. Rien n'a été envoyé.
}
notice-discarded = { $count ->
   *[other] Le brouillon est supprimé.
}

tab-referrals = Orientations
tab-refer = Orienter une personne
tab-directory = Qui peut aider
refer-now = Orienter une personne maintenant
views = Quelles orientations
view-all = Toutes
view-ours = À nous d'agir
view-theirs = À eux d'agir
view-late = En retard
view-drafts = Brouillons
find-referral = Trouver une orientation : une organisation, un code, un nom
find-button = Chercher
referrals-none = Aucune orientation ici.
referrals-not-found = Rien n'a été trouvé.
drafts-none = Aucun brouillon n'attend.
draft = Brouillon
older = Orientations plus anciennes
column-agency = Organisation
column-state = État
column-turn = À qui d'agir
column-urgency = Urgence
column-kind = Genre
column-changed = Modifié
column-ends = Effacé le
side-sent = envoyée par nous
side-received = reçue
turn-ours = à nous
turn-theirs = à eux
turn-nobody = à personne
late = En retard
until = jusqu'au { $time }

referral-title = Orientation
since = Depuis le { $time }
next-ours = C'est à vous d'agir, jusqu'au { $time }. { $agency } attend.
next-theirs = { $agency } a jusqu'au { $time }. Sans nouvelles, téléphonez.
erased-on = Son contenu est effacé ici le { $time }.
told-too = Aussi sollicitées :
cautions = Pour la sécurité de la personne
open-note = Elle est arrivée ici. Quand vous l'ouvrez, l'expéditeur apprend que quelqu'un l'a fait.
open-button = Ouvrir
do-title = Que faire
do-accept = Accepter
accept-note = Vous promettez d'aider cette personne. L'autre organisation l'apprend aussitôt.
do-start = L'aide a commencé
do-ask = Demander des précisions
do-answer = Répondre
do-decline = Refuser
do-close = Clore cette orientation
do-withdraw = Retirer toute l'orientation
do-ask-level = Demander plus de données sur la personne
ask-text = Que devez-vous savoir ?
answer-text = Votre réponse
decline-why = Pourquoi ?
close-outcome = Comment cela a-t-il fini ?
withdraw-note = Il est demandé à l'autre organisation de l'effacer ; elle certifie l'avoir fait.
withdraw-why = Pourquoi ?
ask-level = Jusqu'à quel niveau ?
level = niveau { $level }
level-1 = 1 : la situation, sans nom
level-2 = 2 : qui est la personne et comment la joindre
level-3 = 3 : des parties choisies du dossier
no-names-here = Ni noms, ni numéros, ni adresses ici.
content-title = Ce qu'elle dit
show-names = Montrer les noms
show-names-note = Il est noté que vous les avez vus.
folded = Aussi disponible :
consent-ended = Non montré, car le consentement pour cela a pris fin :
said-title = Messages
say-text = Écrire à l'autre organisation
say-note = Envoyer
say-question = Poser comme question
post-empty = Rien à montrer
post-contradicts = leur nœud a dit autre chose auparavant
log-title = Ce qui s'est passé
log-when = Quand
log-who = Qui
log-by-person = une personne
log-by-node = sa machine
log-note = Ce qu'une autre organisation a fait est signé par elle et peut être montré comme preuve.
log-what = Quoi
log-no-change = n'a rien changé

refer-title = Orienter une personne
refer-intro = D'abord sans nom : dites ce qu'il faut, puis choisissez à qui demander.
errors-title = Corrigez d'abord ceci
need-services = Ce qu'il faut
need-more-services = Autres services
need-urgency = Quelle urgence
need-urgency-note = En danger maintenant, ou pas de lit pour cette nuit ? Téléphonez d'abord, envoyez ensuite.
need-age = Âge
need-gender = Genre
need-language = Langue
need-language-too = Autre langue
need-by = Nécessaire au plus tard le
need-group = Combien de personnes
need-children = Enfants qui les accompagnent
need-note = Remarque
need-note-note = Ni noms, ni numéros, ni adresses. Dites ce qu'un foyer doit savoir pour répondre oui ou non.
note-tells = La remarque contient un numéro ou une adresse. Enlevez-le : cela dirait qui est la personne.
refer-on = Trouver qui peut aider
who-title = Qui peut aider
who-not-said = non précisé : { $what }
who-not-sure = Là où il est écrit « non indiqué », téléphonez d'abord.
who-legend = Choisissez à qui demander
who-none = Personne dans l'annuaire ne convient. Changez ce qu'il faut, ou appelez la ligne d'aide nationale.
who-found = { $count ->
    [0] Personne ne convient.
    [one] { $count } organisation convient.
   *[other] { $count } organisations conviennent.
}
warnings-title = Merci de vérifier ceci
they-see = Ils verront
they-do-not-see = Ils ne verront pas
kept-name = Le nom et la date de naissance de la personne, sauf si vous les avez écrits dans la note
kept-contact = Comment et où joindre la personne
kept-documents = Des documents
kept-story = L'histoire et le dossier de la personne
they-know-each-other = Chaque organisation sollicitée voit qui d'autre l'est. La première qui accepte est retenue.
send-button = Envoyer sans nom à toutes celles qui sont cochées
change-button = Modifier
discard = Supprimer ce brouillon
discard-button = Le supprimer maintenant
phone-always = 24 heures sur 24 :
reason-offers = offre { $what }
reason-speaks = parle { $what }
reason-no-language = ne parle pas { $what } : il faut un interprète
reason-in = travaille en { $what }
reason-takes = accueille { $what }
reason-called = le nom correspond

directory-role = Genre d'organisation
directory-text = Nom ou lieu
directory-open = Ouvert maintenant
directory-search = Chercher
directory-empty = L'annuaire est vide. Il vient du relais une fois cette organisation inscrite.
directory-more = En savoir plus
directory-languages = Langues
directory-name = Nom dans le registre
phone-first = Téléphonez avant d'envoyer : ses clés ont été posées par l'autorité seule
quiet-since = hors ligne depuis le { $time }
