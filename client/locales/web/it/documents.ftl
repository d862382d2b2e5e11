documents-title = Documenti
document-untitled = Un documento il cui consenso è finito
document-received = ricevuto da loro
document-sent = inviato a loro
document-save = Salva
document-save-note = Ciò che salva resta su questo computer, alla portata di chi lo usa. Lo elimini dopo averlo letto.
document-again = Riprova
document-wanted = Non ancora inviato: { $title }
document-send = Invia questo documento
document-kib = { $size } kB
document-mib = { $size } MB
notice-document-again = { $count ->
   *[other] Si prova di nuovo.
}
notice-document-sent = { $count ->
   *[other] Il documento è in viaggio.
}
notice-document-none = { $count ->
   *[other] Scelga prima un file. Non è stato inviato nulla.
}

document-kind-pdf = PDF
document-kind-jpg = Immagine
document-kind-png = Immagine
document-kind-txt = Testo
document-kind-ogg = Registrazione sonora
document-kind-odt = Documento scritto

document-state-waiting = si sta portando al relè
document-state-stored = è presso il relè
document-state-wanted = si sta prendendo
document-state-held = qui, e intero
document-state-broken = non è ciò che il mittente ha firmato
document-state-gone = il relè non lo ha più
document-state-failed = non si è potuto trasmettere
document-state-erased = cancellato

document-why-consent-over = il consenso della persona è finito o è stato ritirato
document-why-withdrawn = nessuna versione valida del referral lo elenca
document-why-document-gone = il relè non lo ha più
document-why-document-quota = per ora il relè non accetta altri documenti di questo ente
document-why-relay-full = il relè è pieno
document-why-relay-silent = il relè non ha risposto in tempo
document-why-connection-lost = la connessione si è interrotta
document-why-document-broken = ciò che è arrivato non è ciò che il mittente ha firmato
document-why-document-not-here = il suo file non è più su questo computer
document-why-disk-full = il disco di questo computer è pieno
document-why-other = chieda a chi si occupa di questo computer

papers-title = Documenti che l'accompagnano
papers-intro = Vengono sigillati solo per { $agency } e partono subito dopo l'invio. Prima si chiede alla persona.
papers-none = Non ne è ancora stato aggiunto nessuno.
papers-section = Riguarda: { $section }
papers-ready = pronto a partire
papers-lost = non più disponibile: aggiunga di nuovo lo stesso file o lo invii più tardi dal referral
papers-remove = Togli
papers-add = Aggiungi un documento
papers-file = Il file
papers-limits = PDF, immagine (JPEG, PNG), testo, suono Ogg o testo OpenDocument; al massimo 25 MB ciascuno.
papers-name = Come si chiama per loro
papers-name-hint = Per esempio: referto medico di maggio. Il nome del file non viene inviato.
papers-about = Di che cosa si tratta
papers-about-hint = Lì può leggere il documento solo chi può leggere questa parte.
papers-keep = Lasci in un'immagine ciò che dice di luogo, ora e fotocamera
papers-add-button = Aggiungi questo documento
papers-without = Continua senza documenti
papers-link = Documenti: aggiungere o togliere
papers-later-note = Un documento si aggiunge dicendo di più sulla persona: se il consenso non lo copre ancora, prima lo si chiede alla persona.
papers-not-now = Un documento si può aggiungere da quando lì aprono il referral fino alla sua fine. Prima o dopo, faccia un nuovo referral.
notice-papers-added = { $count ->
   *[other] Il documento è aggiunto. Non è ancora stato inviato.
}
notice-papers-incomplete = { $count ->
   *[other] Scelga un file, dica come si chiama e che cosa riguarda. Non è stato aggiunto nulla.
}
notice-papers-level = { $count ->
   *[other] I documenti vanno solo con il livello 3. Scelga il livello 3 e «Documenti» tra le parti del fascicolo.
}
notice-papers-left = { $count ->
    [one] Un documento non è partito: scelga di nuovo il suo file nel referral, sotto «Documenti».
   *[other] { $count } documenti non sono partiti: scelga di nuovo i loro file nel referral, sotto «Documenti».
}
