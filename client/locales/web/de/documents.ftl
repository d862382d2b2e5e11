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
