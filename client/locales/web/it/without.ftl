# Refer somebody without their consent: life in danger, or a duty of law. One text a key; every language has the same keys and arguments.

without-title = Senza il consenso della persona
without-open = Non si può chiedere alla persona, oppure una legge ci obbliga
without-intro = Questa è l'eccezione. Ogni volta che si può chiedere alla persona, lo chieda.
without-ask = Chiedere comunque alla persona
without-danger = Non si può chiedere alla persona, e c'è una vita in pericolo
without-danger-means = La vita o la salute di qualcuno è in pericolo adesso, la persona non può rispondere o non si può raggiungere in tempo, e questo ente può soccorrerla. Dica solo ciò che evita il pericolo.
without-told-within = { $count ->
    [one] La persona deve esserne informata entro { $count } ora.
   *[other] La persona deve esserne informata entro { $count } ore.
}
without-reviewed-within = { $count ->
    [one] Poi un'altra persona del Suo ente deve esaminarlo, entro { $count } ora.
   *[other] Poi un'altra persona del Suo ente deve esaminarlo, entro { $count } ore.
}
without-only = A questo ente si dice al massimo il livello { $level }, e si chiede solo: { $services }. Una seconda persona conferma prima dell'invio.
without-why = Qual è il pericolo, e perché non si può chiedere alla persona?
without-why-note = In una o due frasi, senza nomi. L'altro ente lo legge, e forse un giorno lo leggerà la persona.
without-giver = Chi lo decide
without-decided = Deciso
without-told = Quando la persona viene informata
without-hours = Entro il { $time } ({ $hours } ore)
without-knows = La persona lo sa già
without-danger-button = Continua senza consenso: vita in pericolo
without-duty = Una legge ci obbliga a dirlo a questo ente
without-duty-means = La legge richiede che questo ente sia avvisato, qualunque sia la volontà della persona. Lo dica prima alla persona, se questo non mette in pericolo nessuno. Si dice solo ciò che la legge richiede.
without-law = Quale legge
without-law-within = { $count ->
    [one] Va fatto entro { $count } ora.
   *[other] Va fatto entro { $count } ore.
}
without-law-level = Consente al massimo il livello { $level }: ciò che questa bozza dice in più viene eliminato.
without-law-before = La persona ne viene informata prima.
without-law-why = Perché qui si applica
without-duty-button = Continua senza consenso: lo richiede la legge
without-none = Questo non può andare a questo ente senza il consenso della persona. Chieda alla persona, oppure chieda aiuto senza fare nomi.
without-rescuers = Quando c'è una vita in pericolo, si possono informare senza consenso: i servizi sanitari, sociali e di tutela dei minori, le case di accoglienza e la polizia. Questo ente non è tra questi.

who-police = Vita in pericolo, e solo la polizia può aiutare
who-police-note = Prima telefoni. La polizia viene informata senza consenso solo per evitare un pericolo per la vita. Ciò che serve deve essere un aiuto d'emergenza: un posto sicuro per questa notte, un medico, un trasporto, un piano di sicurezza o una denuncia.
who-police-button = Alla polizia (non si invia ancora nulla)

consent-no-discard = Ha detto no, e non si deve inviare nulla
check-unasked = Questo va senza il consenso della persona.
check-unasked-told = La persona deve esserne informata entro il { $time }.
check-send-unasked = Invia senza consenso a { $agency }

unasked-danger = Alla persona non è stato chiesto: vita in pericolo
unasked-duty = Alla persona non è stato chiesto: lo richiede una legge
unasked-sent-danger = È stato deciso al posto della persona. Appena si può raggiungere, le dica che cosa è stato detto, a chi e perché. Da allora decide lei.
unasked-sent-duty = Il Suo ente era tenuto per legge a dirlo. La persona deve sapere da Lei che cosa è stato detto, a chi e in base a quale legge.
unasked-here-danger = La persona non ha acconsentito, e forse non sa che Lei ha queste informazioni. Le usi solo per evitare il pericolo, non le dica a nessun altro, e chieda Lei alla persona appena può rispondere.
unasked-here-duty = La persona non ha acconsentito; una legge richiede che ne siate informati. Le usi solo per ciò che quella legge prevede, e lo dica alla persona.
unasked-until = La persona deve esserne informata entro il { $time }.
unasked-told = La persona ne è stata informata il { $date }.
unasked-told-once = La persona ne è stata informata.
unasked-knew = La persona lo sapeva prima dell'invio.
unasked-told-day = In che giorno è stata informata la persona?
unasked-told-button = La persona è stata informata
unasked-review = Qualcuno che non lo ha inviato deve esaminarlo entro il { $time }.
unasked-review-who = Lo esamina qui qualcuno della supervisione che non lo ha inviato.
unasked-review-legend = È stato giusto inviarlo senza consenso?
unasked-review-why = Perché
unasked-review-button = Annota che cosa ho trovato
unasked-owed = La persona va informata, oppure resta un esame da fare
decides-CaseworkerOverride = Lo decido io, come operatore
decides-CompetentBody = Lo ha deciso l'organo competente
finds-upheld = Sì, è stato giusto
finds-not-upheld = No. Allora ritiri il referral, e lo dica alla persona
verdict-upheld = Un'altra persona lo ha esaminato: è stato giusto.
verdict-not-upheld = Un'altra persona lo ha esaminato: non è stato giusto. Il referral va ritirato, e la persona informata.

gone-title = Questa bozza non ha più dove andare
gone-note = Aveva iniziato a dire di più in questo referral, ma intanto è stato ritirato o cancellato. Nulla di questa bozza è stato inviato. La elimini, oppure inizi un nuovo referral.
