# Refer somebody without their consent: life in danger, or a duty of law. One text a key; every language has the same keys and arguments.

without-title = Sans le consentement de la personne
without-open = La personne ne peut pas être consultée, ou une loi nous y oblige
without-intro = C'est l'exception. Chaque fois que la personne peut être consultée, demandez-lui.
without-ask = Demander tout de même à la personne
without-danger = La personne ne peut pas être consultée, et une vie est en danger
without-danger-means = La vie ou la santé de quelqu'un est en danger maintenant, la personne ne peut pas répondre ou ne peut être jointe à temps, et cette organisation peut la secourir. Dites seulement ce qui écarte le danger.
without-told-within = { $count ->
    [one] La personne doit en être informée dans un délai de { $count } heure.
   *[other] La personne doit en être informée dans un délai de { $count } heures.
}
without-reviewed-within = { $count ->
    [one] Une autre personne de votre organisation doit ensuite l'examiner, dans un délai de { $count } heure.
   *[other] Une autre personne de votre organisation doit ensuite l'examiner, dans un délai de { $count } heures.
}
without-only = Cette organisation apprend au plus le niveau { $level }, et on ne lui demande que : { $services }. Une deuxième personne confirme avant l'envoi.
without-why = Quel est le danger, et pourquoi la personne ne peut-elle pas être consultée ?
without-why-note = En une ou deux phrases, sans noms. L'autre organisation le lit, et la personne le lira peut-être plus tard.
without-giver = Qui en décide
without-decided = Décidé
without-told = Quand la personne en est informée
without-hours = Au plus tard le { $time } ({ $hours } heures)
without-knows = La personne le sait déjà
without-danger-button = Continuer sans consentement : vie en danger
without-duty = Une loi nous oblige à le dire à cette organisation
without-duty-means = La loi exige que cette organisation soit avertie, quoi que souhaite la personne. Dites-le-lui avant, si cela ne met personne en danger. Seul ce que la loi exige est transmis.
without-law = Quelle loi
without-law-within = { $count ->
    [one] Cela doit être fait dans un délai de { $count } heure.
   *[other] Cela doit être fait dans un délai de { $count } heures.
}
without-law-level = Elle permet au plus le niveau { $level } : ce que ce brouillon dit de plus en est supprimé.
without-law-before = La personne en est informée avant.
without-law-why = Pourquoi elle s'applique ici
without-duty-button = Continuer sans consentement : la loi l'exige
without-none = Cela ne peut pas aller à cette organisation sans le consentement de la personne. Demandez à la personne, ou demandez de l'aide sans nom.
without-rescuers = Quand une vie est en danger, peuvent être informés sans consentement : les services de santé, les services sociaux, la protection de l'enfance, les hébergements et la police. Cette organisation n'en fait pas partie.

who-police = Vie en danger, et seule la police peut aider
who-police-note = Téléphonez-lui d'abord. La police n'est informée sans consentement que pour écarter un danger pour la vie. Ce qui est demandé doit être une aide d'urgence : un lieu sûr pour cette nuit, un médecin, un transport, un plan de sécurité ou un signalement.
who-police-button = À la police (rien n'est encore envoyé)

consent-no-discard = La réponse est non, et rien ne doit être envoyé
check-unasked = Ceci part sans le consentement de la personne.
check-unasked-told = La personne doit en être informée au plus tard le { $time }.
check-send-unasked = Envoyer sans consentement à { $agency }

unasked-danger = La personne n'a pas été consultée : vie en danger
unasked-duty = La personne n'a pas été consultée : une loi l'exige
unasked-sent-danger = Cela a été décidé à la place de la personne. Dès qu'elle peut être jointe, dites-lui ce qui a été dit, à qui et pourquoi. À partir de là, c'est elle qui décide.
unasked-sent-duty = Votre organisation était dans l'obligation de le dire. La personne doit apprendre de vous ce qui a été dit, à qui et en vertu de quelle loi.
unasked-here-danger = La personne n'y a pas consenti, et ne sait peut-être pas que vous avez ceci. Ne vous en servez que pour écarter le danger, ne le dites à personne d'autre, et demandez vous-même à la personne dès qu'elle peut répondre.
unasked-here-duty = La personne n'y a pas consenti ; une loi exige que vous soyez informés. Ne vous en servez que pour ce que prévoit cette loi, et dites-le à la personne.
unasked-until = La personne doit en être informée au plus tard le { $time }.
unasked-told = La personne en a été informée le { $date }.
unasked-told-once = La personne en a été informée.
unasked-knew = La personne le savait avant l'envoi.
unasked-told-day = Quel jour la personne en a-t-elle été informée ?
unasked-told-button = La personne en a été informée
unasked-review = Quelqu'un qui ne l'a pas envoyé doit l'examiner au plus tard le { $time }.
unasked-review-who = Quelqu'un de l'encadrement qui ne l'a pas envoyé l'examine ici.
unasked-review-legend = Était-il juste d'envoyer ceci sans consentement ?
unasked-review-why = Pourquoi
unasked-review-button = Noter ce que j'ai constaté
unasked-owed = La personne doit être informée, ou un examen reste à faire
decides-CaseworkerOverride = Je le décide, en tant qu'intervenant
decides-CompetentBody = L'organe compétent en a décidé
finds-upheld = Oui, c'était juste
finds-not-upheld = Non. Retirez alors l'orientation, et dites-le à la personne
verdict-upheld = Une autre personne l'a examiné : c'était juste.
verdict-not-upheld = Une autre personne l'a examiné : ce n'était pas juste. L'orientation doit être retirée, et la personne informée.

gone-title = Ce brouillon n'a plus de destination
gone-note = Vous aviez commencé à en dire plus dans cette orientation, mais entre-temps elle a été retirée ou effacée. Rien de ce brouillon n'a été envoyé. Supprimez-le, ou commencez une nouvelle orientation.
