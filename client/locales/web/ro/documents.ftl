documents-title = Documente
document-untitled = Un document pentru care consimțământul s-a încheiat
document-received = primit de la ei
document-sent = trimis către ei
document-save = Salvați
document-save-note = Ce salvați rămâne pe acest calculator, la îndemâna tuturor celor care îl folosesc. Ștergeți-l după ce l-ați citit.
document-again = Încercați din nou
document-wanted = Încă netrimis: { $title }
document-send = Trimiteți acest document
document-kib = { $size } kB
document-mib = { $size } MB
notice-document-again = { $count ->
   *[other] Se încearcă din nou.
}
notice-document-sent = { $count ->
   *[other] Documentul este pe drum.
}
notice-document-none = { $count ->
   *[other] Alegeți mai întâi un fișier. Nu s-a trimis nimic.
}

document-kind-pdf = PDF
document-kind-jpg = Imagine
document-kind-png = Imagine
document-kind-txt = Text
document-kind-ogg = Înregistrare sonoră
document-kind-odt = Document scris

document-state-waiting = se duce la releu
document-state-stored = este la releu
document-state-wanted = se aduce
document-state-held = aici, și întreg
document-state-broken = nu este ceea ce a semnat expeditorul
document-state-gone = releul nu îl mai are
document-state-failed = nu a putut fi transmis
document-state-erased = șters

document-why-consent-over = consimțământul persoanei s-a încheiat sau a fost retras
document-why-withdrawn = nicio versiune valabilă a referirii nu îl cuprinde
document-why-document-gone = releul nu îl mai are
document-why-document-quota = deocamdată releul nu mai primește documente de la această instituție
document-why-relay-full = releul este plin
document-why-relay-silent = releul nu a răspuns la timp
document-why-connection-lost = legătura s-a întrerupt
document-why-document-broken = ce a sosit nu este ceea ce a semnat expeditorul
document-why-document-not-here = fișierul lui nu mai este pe acest calculator
document-why-disk-full = discul acestui calculator este plin
document-why-other = întrebați persoana care se ocupă de acest calculator
