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
