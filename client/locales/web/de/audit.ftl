# The auditor's report.

audit-link = Prüfbericht
audit-title = Prüfbericht
audit-heading = Prüfbericht
audit-intro = Was in einer Zeit getan wurde, und ob es sich beweisen lässt. Übungen sind ausgelassen. Drucken Sie ihn mit Ihrem Browser: Was nicht zum Bericht gehört, wird nicht gedruckt.
audit-wrong-days = Das sind keine Tage, oder der letzte liegt vor dem ersten. Gezeigt werden stattdessen die letzten drei Monate.
audit-since = Erster Tag
audit-until = Letzter Tag
audit-days = Tage
audit-made = Erstellt am
audit-by = Von, als Pseudonym
audit-count = Verweisungen
audit-received = Erhalten, danach, wie bald eine Person hier nachsah
audit-looked = Eine Person sah nach
audit-sent = Gesendet, danach, was die andere Stelle tat
audit-answer = Die andere Stelle
audit-looks = Wer nachgesehen hat
audit-looks-none = In dieser Zeit hat niemand eine Verweisung angesehen.
audit-person = Person
audit-roles = Rollen
audit-content = Blicke in den Inhalt
audit-acts = Blicke ohne Inhalt
audit-outside = Davon außerhalb der Öffnungszeiten
audit-nobody = Niemand genannt
audit-left = arbeitet nicht mehr hier
audit-no-hours = Blicke außerhalb der Öffnungszeiten werden nicht gezählt: Diese Stelle hat im Register nicht gesagt, wann sie geöffnet ist.
audit-with-reason = { $count ->
    [one] Für { $count } Blick musste die Leitung einen Grund angeben. Er steht im Verlauf dieser Verweisung.
   *[other] Für { $count } Blicke musste die Leitung einen Grund angeben. Er steht im Verlauf dieser Verweisungen.
}
audit-overrides = Handlungen ohne Einwilligung
audit-overrides-none = Nichts wurde ohne Einwilligung der Person gesendet.
audit-overrides-used = Ohne Einwilligung gesendet
audit-overrides-told = Davon der Person mitgeteilt
audit-overrides-reviewed = Davon von einer anderen Person nachgeprüft
audit-overrides-open = nicht alle sind nachgeprüft
audit-erasures = Löschung
audit-erased = Hier gelöscht
audit-certified = Anderen bescheinigt
audit-certified-to-us = Uns bescheinigt
audit-overdue = Jetzt überfällig
audit-held = Jetzt aufbewahrt, weil das Gesetz es verlangt
audit-integrity = Jetzt geprüft
audit-integrity-holds = Jede Signatur und jede Nachweiskette, die sich prüfen lässt, stimmt.
audit-integrity-fails = Etwas stimmt nicht. Sagen Sie es der Person, die sich um diesen Rechner kümmert, und lassen Sie ihn, wie er ist.
audit-signatures = Signaturen, die stimmen
audit-signatures-fail = Signaturen, die nicht stimmen
audit-signatures-no-key = Signaturen, deren Schlüssel hier nicht bekannt ist
audit-chains = Nachweisketten
audit-chains-count = { $count ->
    [one] { $count } Kette, vom ersten Eintrag an neu berechnet
   *[other] { $count } Ketten, vom ersten Eintrag an neu berechnet
}
audit-chain-damaged = Die Kette mit { $agency } stimmt nicht: Ein Eintrag fehlt oder wurde geändert.
audit-cut = Es sind mehr Verweisungen, als eine Seite prüft. Wählen Sie weniger Tage.
audit-integrity-note = Ketten und Signaturen zeigen, ob Ausgetauschtes nachträglich geändert wurde. Wer nachgesehen hat, steht im eigenen Verlauf dieses Rechners, den keine Kette schützt: Wer die Passphrase seines Tresors hat, könnte ihn ändern.
audit-files = Erstellte Dateien
audit-released = Zeiträume, deren Zahlen freigegeben wurden
audit-take = Den Verlauf selbst mitnehmen
audit-take-note = Jede Handlung dieser Tage mit ihrem Nachweis, auf Englisch: Stellen, Pseudonyme und Kürzel, keine Namen und kein Inhalt. Bei jeder Verweisung wird vermerkt, dass Sie ihn mitgenommen haben.
audit-html = Zum Lesen und Drucken (HTML)

taken-export = Verweisungen, ausgeführt für andere Fallverwaltungen
taken-evidence = Ausgeführte Nachweise, nach Verweisung
taken-audit = Gelesene oder ausgeführte Prüfverläufe, nach Verweisung

staff-caseworker = Fallarbeit
staff-intake = Aufnahme
staff-may-accept = Aufnahme, die annehmen darf
staff-supervisor = Leitung
staff-auditor = Prüfung
staff-admin = Verwaltung
