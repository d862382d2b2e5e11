documents-title = Dokumente
document-untitled = Ein Dokument, für das die Einwilligung geendet hat
document-received = von dort erhalten
document-sent = dorthin gesendet
document-save = Speichern
document-save-note = Was Sie speichern, liegt auf diesem Rechner für alle, die ihn benutzen. Löschen Sie es, wenn Sie es gelesen haben.
document-again = Noch einmal versuchen
document-wanted = Noch nicht gesendet: { $title }
document-send = Dieses Dokument senden
document-kib = { $size } kB
document-mib = { $size } MB
notice-document-again = { $count ->
   *[other] Es wird noch einmal versucht.
}
notice-document-sent = { $count ->
   *[other] Das Dokument ist unterwegs.
}
notice-document-none = { $count ->
   *[other] Wählen Sie zuerst eine Datei. Es wurde nichts gesendet.
}

document-kind-pdf = PDF
document-kind-jpg = Bild
document-kind-png = Bild
document-kind-txt = Text
document-kind-ogg = Tonaufnahme
document-kind-odt = Schriftstück

document-state-waiting = wird zum Relais gebracht
document-state-stored = das Relais hat es
document-state-wanted = wird geholt
document-state-held = hier und vollständig
document-state-broken = nicht das, was der Absender unterschrieben hat
document-state-gone = das Relais hat es nicht mehr
document-state-failed = konnte nicht befördert werden
document-state-erased = gelöscht

document-why-consent-over = die Einwilligung der Person dafür hat geendet oder wurde zurückgenommen
document-why-withdrawn = keine gültige Fassung der Verweisung führt es auf
document-why-document-gone = das Relais hat es nicht mehr
document-why-document-quota = das Relais nimmt von dieser Stelle vorerst keine Dokumente mehr an
document-why-relay-full = das Relais ist voll
document-why-relay-silent = das Relais hat nicht rechtzeitig geantwortet
document-why-connection-lost = die Verbindung ist abgebrochen
document-why-document-broken = was kam, ist nicht das, was der Absender unterschrieben hat
document-why-document-not-here = seine Datei ist nicht mehr auf diesem Rechner
document-why-disk-full = die Festplatte dieses Rechners ist voll
document-why-other = fragen Sie die Person, die diesen Rechner betreut

papers-title = Dokumente, die mitgehen
papers-intro = Sie werden allein für { $agency } versiegelt und gehen gleich nach dem Senden. Die Person wird zuerst danach gefragt.
papers-none = Es ist noch keines hinzugefügt.
papers-section = Betrifft: { $section }
papers-ready = bereit zum Senden
papers-lost = nicht mehr vorhanden: Fügen Sie dieselbe Datei noch einmal hinzu, oder senden Sie sie später bei der Verweisung
papers-remove = Entfernen
papers-add = Ein Dokument hinzufügen
papers-file = Die Datei
papers-limits = PDF, Bild (JPEG, PNG), Text, Ogg-Ton oder OpenDocument-Text; je höchstens 25 MB.
papers-name = Wie es bei der anderen Stelle heißt
papers-name-hint = Zum Beispiel: Arztbericht vom Mai. Der Name der Datei selbst wird nicht gesendet.
papers-about = Was es betrifft
papers-about-hint = Nur wer dort diesen Teil lesen darf, darf das Dokument lesen.
papers-keep = In einem Bild lassen, was es über Ort, Zeit und Kamera sagt
papers-add-button = Dieses Dokument hinzufügen
papers-without = Ohne Dokumente weiter
papers-link = Dokumente: hinzufügen oder entfernen
papers-later-note = Ein Dokument kommt hinzu, indem Sie mehr über die Person mitteilen: Wozu noch keine Einwilligung besteht, wird die Person zuerst gefragt.
papers-not-now = Ein Dokument kann hinzukommen, sobald die Verweisung dort geöffnet ist und bis sie endet. Davor oder danach beginnen Sie eine neue Verweisung.
notice-papers-added = { $count ->
   *[other] Das Dokument ist hinzugefügt. Es ist noch nicht gesendet.
}
notice-papers-incomplete = { $count ->
   *[other] Wählen Sie eine Datei, und geben Sie an, wie sie heißt und was sie betrifft. Es wurde nichts hinzugefügt.
}
notice-papers-level = { $count ->
   *[other] Dokumente gehen nur mit Stufe 3. Wählen Sie Stufe 3 und bei den Teilen der Fallakte „Dokumente“.
}
notice-papers-left = { $count ->
    [one] Ein Dokument ist nicht abgegangen: Wählen Sie seine Datei bei der Verweisung unter „Dokumente“ noch einmal.
   *[other] { $count } Dokumente sind nicht abgegangen: Wählen Sie ihre Dateien bei der Verweisung unter „Dokumente“ noch einmal.
}
