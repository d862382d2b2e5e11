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

papers-title = Documente care o însoțesc
papers-intro = Sunt sigilate numai pentru { $agency } și pleacă imediat după trimitere. Mai întâi este întrebată persoana.
papers-none = Încă nu s-a adăugat niciunul.
papers-section = Despre: { $section }
papers-ready = gata de trimis
papers-lost = nu mai este la îndemână: adăugați din nou același fișier sau trimiteți-l mai târziu din referire
papers-remove = Eliminați
papers-add = Adăugați un document
papers-file = Fișierul
papers-limits = PDF, imagine (JPEG, PNG), text, sunet Ogg sau text OpenDocument; cel mult 25 MB fiecare.
papers-name = Cum se numește pentru ei
papers-name-hint = De exemplu: raport medical din mai. Numele fișierului nu se trimite.
papers-about = Despre ce este
papers-about-hint = Acolo poate citi documentul numai cine poate citi această parte.
papers-keep = Lăsați în imagine ce spune despre loc, oră și aparat
papers-add-button = Adăugați acest document
papers-without = Continuați fără documente
papers-link = Documente: adăugați sau eliminați
papers-later-note = Un document se adaugă spunând mai mult despre persoană: dacă consimțământul nu îl acoperă încă, persoana este întrebată mai întâi.
papers-not-now = Un document se poate adăuga de când referirea este deschisă acolo până când se încheie. Înainte sau după, faceți o referire nouă.
notice-papers-added = { $count ->
   *[other] Documentul este adăugat. Încă nu a fost trimis.
}
notice-papers-incomplete = { $count ->
   *[other] Alegeți un fișier, spuneți cum se numește și despre ce este. Nu s-a adăugat nimic.
}
notice-papers-level = { $count ->
   *[other] Documentele merg numai cu nivelul 3. Alegeți nivelul 3 și „Documente” dintre părțile dosarului.
}
notice-papers-left = { $count ->
    [one] Un document nu a plecat: alegeți din nou fișierul lui în referire, la „Documente”.
    [few] { $count } documente nu au plecat: alegeți din nou fișierele lor în referire, la „Documente”.
   *[other] { $count } de documente nu au plecat: alegeți din nou fișierele lor în referire, la „Documente”.
}
