# Evidence: what proves what happened to a referral, and a file that somebody brings.

evidence-link = Preuves : ce qui le prouve
evidence-title = Preuves
evidence-back = Retour à l'orientation
evidence-intro = Ce que les deux organisations et le relais ont signé à propos de cette orientation. Personne ne peut le changer après coup. Cela ne contient ni nom ni rien de ce que dit l'orientation.
evidence-holds = Vérifié à l'instant : tout est valable.
evidence-holds-count = { $count ->
    [one] { $count } affirmation est prouvée, même à quelqu'un qui ne se fie à aucune des deux organisations.
   *[other] { $count } affirmations sont prouvées, même à quelqu'un qui ne se fie à aucune des deux organisations.
}
evidence-fails = Vérifié à l'instant : quelque chose n'est pas valable. Ne vous y fiez pas, et prévenez la personne qui s'occupe de cette machine.
evidence-none = Il n'y a pas encore de fichier de preuve.
evidence-look-first = À regarder d'abord
evidence-way = Jusqu'où elle est arrivée
evidence-no-proof = Aucune preuve :
evidence-take-title = À emporter
evidence-take-none = Quand l'orientation sera envoyée, vous pourrez emporter ses preuves d'ici.
evidence-take-note = Le fichier prouve à quiconque ce qui est écrit ici. Il ne contient ni nom, ni contenu, ni code de dossier : seulement des organisations, des heures et des signatures.
evidence-take = Enregistrer les preuves dans un fichier
evidence-take-content = L'enregistrer avec l'orientation elle-même
evidence-content-note = Le fichier dit alors qui est la personne, à quiconque peut le lire. Ne le donnez qu'à un tribunal ou à une autorité qui peut l'avoir, et gardez-le comme le dossier. Il est noté que vous l'avez fait.
evidence-verify-note = N'importe qui vérifie le fichier sans réseau, avec cette seule ligne, ou sur une page comme celle-ci :
evidence-each = Chaque preuve
evidence-each-note = Chaque signature vient d'être vérifiée, avec les clés que nomme le registre. Les heures sont celles de qui a signé.
evidence-verified = Vérifié maintenant
evidence-proves = Ce que cela prouve
evidence-proves-not = Ce que cela ne prouve pas
evidence-person = une personne là-bas, { $person }
evidence-confirmed = une deuxième personne l'a confirmé
proof-by-relay = Le relais

bring-title = Vérifier un fichier de preuve
check-link = Vérifier un fichier ici
check-intro = Quelqu'un vous apporte un fichier qui doit prouver ce qu'est devenue une orientation. Il est vérifié sur cette machine. Rien n'en est gardé, et personne n'en est informé.
check-file = Le fichier
check-button = Vérifier
check-no-file = Aucun fichier n'est arrivé. Choisissez le fichier, puis vérifiez.
check-too-long = Ce fichier est trop long pour être une preuve. Choisissez le bon.
check-not-evidence = Ce n'est pas un fichier de preuve de Safeconduct.
check-fails = Il n'est pas valable. Ne vous fiez pas à ce fichier : il a été modifié, ou mal composé. Redemandez-le à sa source.
check-holds = Tout y est valable. Ci-dessous, ce que cela prouve et ce que cela ne prouve pas.

stage-signed = { $agency } l'a signée et envoyée.
stage-relay = Le relais l'a prise en charge pour { $agency }.
stage-delivered = Elle est arrivée chez { $agency } : leur ordinateur l'a ouverte, vérifiée et la garde.
stage-opened = Une personne chez { $agency } l'a ouverte.
stage-decided = { $agency } a répondu : acceptée ou refusée.
missing-signed = { $agency } ne l'a pas encore signée. Elle attend peut-être sur cette machine : regardez son état.
missing-relay = Aucun relais n'a signé l'avoir prise en charge pour { $agency }. Elle est peut-être encore en route ; si c'est urgent, téléphonez.
missing-delivered = Rien ne montre qu'elle est arrivée chez { $agency }. Ne comptez pas dessus : téléphonez.
missing-opened = Rien ne montre qu'une personne chez { $agency } l'a regardée. Arrivée ne veut pas dire lue : téléphonez s'il est tard.
missing-decided = { $agency } n'a pas encore répondu. Personne n'a promis d'aider.

proof-revision = l'a signée pour ce seul destinataire
proof-unsealed = l'a écrite ; elle n'a pas été signée
proof-relay-accepted = a pris en charge la lettre scellée
proof-relay-expired = y a renoncé : personne n'était venu la chercher à temps
proof-delivered = l'a reçue : son ordinateur l'a ouverte, vérifiée et la garde
proof-nack = n'a pas pu ouvrir la lettre
proof-rule = l'a refusée par une règle, avant que quelqu'un ne la voie

holds-yes = valable
holds-no = pas valable
holds-no-key = clé inconnue ici
holds-not-signed = pas signé

clock-sender = horloge de l'expéditeur
clock-recipient = horloge du destinataire
clock-relay = horloge du relais
clock-here = horloge de cette machine

proves-act = Leur ordinateur a signé que cela a été fait, avec la clé que le registre nomme pour lui, à propos de cette orientation précise.
proves-revision = L'expéditeur a signé exactement cette orientation, pour ce destinataire et aucun autre.
proves-unsealed = Pour autrui, rien : cela a été écrit ici et jamais signé.
proves-relay-accepted = Dès ce moment, le relais avait la lettre scellée.
proves-relay-expired = L'ordinateur du destinataire n'est pas venu la chercher pendant tout ce temps.
proves-delivered = L'ordinateur du destinataire l'a ouverte, vérifiée, acceptée selon ses règles et la garde.
proves-nack = La lettre est arrivée, et l'ordinateur du destinataire n'a pas pu l'ouvrir avec sa clé.
proves-rule = L'ordinateur du destinataire l'a refusée de lui-même, et personne là-bas ne l'a vue.
proves-local = Pour autrui, rien : cette machine l'a noté d'après sa propre horloge.
proves-broken = Rien : la signature n'est pas valable.
proves-no-key = Rien encore : le registre de cette machine ne nomme pas la clé qui a signé.

limits-act = Que c'est vrai : cela prouve qu'ils l'ont dit.
limits-revision = Qu'elle est arrivée, ni qui l'a écrite.
limits-unsealed = Que quelqu'un d'autre l'a jamais eue.
limits-relay-accepted = Qu'elle est parvenue au destinataire, ni ce qu'elle contenait.
limits-relay-expired = Pourquoi personne n'est venu la chercher.
limits-delivered = Qu'une personne là-bas l'a vue.
limits-nack = Quand c'était, ni que quelque chose en a été lu.
limits-rule = Que la règle a bien jugé, ni quelle règle c'était.
limits-local = Que cela s'est passé ainsi dans l'autre organisation.
limits-broken = Quoi que ce soit de cette ligne.
limits-no-key = Quoi que ce soit, tant que le registre ne nomme pas la clé.
limits-Opened = Ce que cette personne a lu.
limits-InfoRequested = Ce qui a été demandé : seules les deux organisations peuvent le lire.
limits-InfoProvided = Ce qui a été répondu, ni que cela suffisait.
limits-Accepted = Que l'aide a été donnée.
limits-Declined = Que la raison est vraie.
limits-DisclosureRaised = Que la personne était d'accord : le consentement est dans l'orientation.
limits-ServiceStarted = Que la personne était là, ni quel jour.
limits-Closed = Que le résultat est vrai.
limits-Withdrawn = Qu'elle a été effacée : voir le certificat d'effacement.
limits-ConsentChanged = Quel consentement, ni ce qu'a dit la personne.
limits-OverrideReviewed = Ce que l'examen a montré.
limits-ErasureCertified = Qu'aucune autre copie n'a été faite avant.

alert-override = Elle a été envoyée sans le consentement de la personne.
alert-late = Quelque chose était en retard, ou une horloge est fausse.
alert-gap = Un acte signé manque : ce qui le suit ne compte pas encore.
alert-equivocation = Deux actes différents ont été signés sous un même numéro : aucun ne compte.
alert-broken = Des actes contredisent la chaîne dans laquelle ils se trouvent.
alert-unverified = Une signature n'est pas valable.

verified-authority = L'autorité est celle que vous connaissez
verified-registry = L'autorité a signé le registre
verified-time = Le registre était ainsi à une heure signée
verified-their-authority = L'autorité du destinataire est celle que vous connaissez
verified-their-registry = L'autorité du destinataire a signé son registre
verified-signed = L'expéditeur a signé ceci pour ce destinataire
verified-before = La clé de l'expéditeur était en vigueur dans le registre que le message nomme
verified-after = Un registre signé, non antérieur aux accusés de réception du message, nomme la clé de l'expéditeur
verified-content = C'est le contenu qui a été signé
verified-charged = Un relais a pris en charge une lettre scellée
verified-stored = L'ordinateur du destinataire l'a ouverte, vérifiée et enregistrée
verified-seen = Une personne l'a vue
verified-given-up = Un relais a renoncé à une lettre : personne n'était venu la chercher
verified-act = Une organisation a signé cet acte
verified-twice = Une organisation a signé deux actes sous un même numéro : aucun ne compte
verified-details = Ce sont les détails qui ont été signés
verified-end = Rien n'a été omis à la fin
