# The auditor's report.

audit-link = Rapporto di controllo
audit-title = Rapporto di controllo
audit-heading = Rapporto di controllo
audit-intro = Che cosa è stato fatto in un certo tempo, e se si può dimostrare. Le esercitazioni sono escluse. Lo stampi con il Suo browser: ciò che non fa parte del rapporto non viene stampato.
audit-wrong-days = Questi non sono giorni, o l'ultimo è prima del primo. Sono mostrati invece gli ultimi tre mesi.
audit-since = Primo giorno
audit-until = Ultimo giorno
audit-days = Giorni
audit-made = Fatto il
audit-by = Da, come pseudonimo
audit-count = Referral
audit-received = Ricevuti, secondo quanto presto qualcuno qui ha guardato
audit-looked = Una persona ha guardato
audit-sent = Inviati, secondo che cosa ha fatto l'altro ente
audit-answer = L'altro ente
audit-looks = Chi ha guardato
audit-looks-none = In questo tempo nessuno ha guardato un referral.
audit-person = Persona
audit-roles = Ruoli
audit-content = Sguardi al contenuto
audit-acts = Sguardi senza contenuto
audit-outside = Di questi, fuori orario
audit-nobody = Nessuno nominato
audit-left = non lavora più qui
audit-no-hours = Gli sguardi fuori orario non si contano: questo ente non ha detto nel registro quando è aperto.
audit-with-reason = { $count ->
    [one] Per { $count } sguardo un responsabile ha dovuto dare un motivo. Sta nel registro di quel referral.
   *[other] Per { $count } sguardi un responsabile ha dovuto dare un motivo. Sta nel registro di quei referral.
}
audit-overrides = Atti senza consenso
audit-overrides-none = Nulla è stato inviato senza il consenso della persona.
audit-overrides-used = Inviati senza consenso
audit-overrides-told = Di questi, la persona è stata informata
audit-overrides-reviewed = Di questi, riesaminati da un'altra persona
audit-overrides-open = non tutti sono riesaminati
audit-erasures = Cancellazione
audit-erased = Cancellati qui
audit-certified = Certificati ad altri
audit-certified-to-us = Certificati a noi
audit-overdue = In ritardo ora
audit-held = Conservati ora perché la legge lo chiede
audit-integrity = Verificato ora
audit-integrity-holds = Ogni firma e ogni catena di prove che si può verificare è valida.
audit-integrity-fails = Qualcosa non è valido. Lo dica a chi si occupa di questo computer e lo lasci com'è.
audit-signatures = Firme valide
audit-signatures-fail = Firme non valide
audit-signatures-no-key = Firme la cui chiave non è nota qui
audit-chains = Catene di prove
audit-chains-count = { $count ->
    [one] { $count } catena, ricalcolata dalla prima voce
   *[other] { $count } catene, ricalcolate dalla prima voce
}
audit-chain-damaged = La catena con { $agency } non è valida: una voce manca o è stata cambiata.
audit-cut = Ci sono più referral di quanti una pagina ne verifichi. Scelga meno giorni.
audit-integrity-note = Catene e firme mostrano se ciò che è stato scambiato è stato cambiato in seguito. Chi ha guardato sta nel registro proprio di questo computer, che nessuna catena protegge: chi ha la frase segreta della sua cassaforte potrebbe cambiarlo.
audit-files = File creati
audit-released = Periodi le cui cifre sono state pubblicate
audit-take = Porti con sé il registro stesso
audit-take-note = Ogni atto di questi giorni con la sua prova, in inglese: enti, pseudonimi e codici, nessun nome e nessun contenuto. Per ogni referral viene annotato che Lei l'ha portato via.
audit-html = Da leggere e stampare (HTML)

taken-export = Referral esportati verso un'altra gestione dei casi
taken-evidence = Prove esportate, per referral
taken-audit = Registri di controllo letti o esportati, per referral

staff-caseworker = Operatore
staff-intake = Accoglienza
staff-may-accept = Accoglienza che può accettare
staff-supervisor = Responsabile
staff-auditor = Controllo
staff-admin = Amministrazione
