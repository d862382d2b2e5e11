# The auditor's report.

audit-link = Rapport d'audit
audit-title = Rapport d'audit
audit-heading = Rapport d'audit
audit-intro = Ce qui a été fait pendant un temps, et si cela peut être prouvé. Les exercices n'y sont pas. Imprimez-le avec votre navigateur : ce qui n'en fait pas partie n'est pas imprimé.
audit-wrong-days = Ce ne sont pas des jours, ou le dernier est avant le premier. Les trois derniers mois sont montrés à la place.
audit-since = Premier jour
audit-until = Dernier jour
audit-days = Jours
audit-made = Fait le
audit-by = Par, sous pseudonyme
audit-count = Orientations
audit-received = Reçues, selon le temps mis à regarder
audit-looked = Une personne a regardé
audit-sent = Envoyées, selon ce qu'a fait l'autre organisation
audit-answer = L'autre organisation
audit-looks = Qui a regardé
audit-looks-none = Personne n'a regardé d'orientation pendant ce temps.
audit-person = Personne
audit-roles = Rôles
audit-content = Regards sur le contenu
audit-acts = Regards sans contenu
audit-outside = Dont hors des heures d'ouverture
audit-nobody = Personne de nommé
audit-left = ne travaille plus ici
audit-no-hours = Les regards hors des heures d'ouverture ne sont pas comptés : cette organisation n'a pas dit dans le registre quand elle est ouverte.
audit-with-reason = { $count ->
    [one] Pour { $count } regard, un responsable a dû donner une raison. Elle est dans le journal de cette orientation.
   *[other] Pour { $count } regards, un responsable a dû donner une raison. Elle est dans le journal de ces orientations.
}
audit-overrides = Actes sans consentement
audit-overrides-none = Rien n'a été envoyé sans le consentement de la personne.
audit-overrides-used = Envoyés sans consentement
audit-overrides-told = Dont la personne a été informée
audit-overrides-reviewed = Dont examinés par une autre personne
audit-overrides-open = tous ne sont pas examinés
audit-erasures = Effacement
audit-erased = Effacées ici
audit-certified = Certifiées à d'autres
audit-certified-to-us = Certifiées à nous
audit-overdue = En retard maintenant
audit-held = Gardées maintenant parce que la loi l'exige
audit-integrity = Vérifié maintenant
audit-integrity-holds = Toute signature et toute chaîne de preuves qui peut être vérifiée est valable.
audit-integrity-fails = Quelque chose n'est pas valable. Prévenez la personne qui s'occupe de cette machine, et laissez-la telle quelle.
audit-signatures = Signatures valables
audit-signatures-fail = Signatures pas valables
audit-signatures-no-key = Signatures dont la clé est inconnue ici
audit-chains = Chaînes de preuves
audit-chains-count = { $count ->
    [one] { $count } chaîne, recalculée depuis sa première entrée
   *[other] { $count } chaînes, recalculées depuis leur première entrée
}
audit-chain-damaged = La chaîne avec { $agency } n'est pas valable : une entrée manque ou a été changée.
audit-cut = Il y a plus d'orientations qu'une page n'en vérifie. Choisissez moins de jours.
audit-integrity-note = Chaînes et signatures montrent si ce qui a été échangé a été changé après coup. Qui a regardé est noté dans le journal propre de cette machine, qu'aucune chaîne ne protège : qui a la phrase secrète de son coffre pourrait le changer.
audit-files = Fichiers produits
audit-released = Périodes dont les chiffres ont été publiés
audit-take = Emporter le journal lui-même
audit-take-note = Chaque acte de ces jours avec sa preuve, en anglais : organisations, pseudonymes et codes, ni nom ni contenu. Il est noté à chaque orientation que vous l'avez emporté.
audit-html = À lire et à imprimer (HTML)

taken-export = Orientations exportées vers une autre gestion de dossiers
taken-evidence = Preuves exportées, par orientation
taken-audit = Journaux d'audit lus ou exportés, par orientation

staff-caseworker = Travail social
staff-intake = Accueil
staff-may-accept = Accueil pouvant accepter
staff-supervisor = Responsable
staff-auditor = Audit
staff-admin = Administration
