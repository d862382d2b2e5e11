# Diese Stelle: ihre Leute, wer was angesehen hat, ihre Schlüssel, Sicherungen und ihr Zustand; und die zweite Person, die bestätigt.

tab-agency = Diese Stelle
agency-pages = Seiten über diese Stelle
agency-overview = Überblick
agency-people = Mitarbeitende
agency-person = Eine Person
agency-password = Mein Passwort
agency-looks = Wer was angesehen hat
agency-proof = Was getan wurde und was es belegt
agency-keys = Schlüssel und Sicherheitswörter
agency-backup = Sicherung
agency-health = Zustand und Einstellungen
agency-you-may = Ihre Rollen
agency-nobody = Noch ist niemand eingetragen
agency-count = { $count ->
    [one] Hier arbeitet { $count } Person
   *[other] Hier arbeiten { $count } Personen
}
agency-last-backup = Letzte Sicherung
agency-no-backup = Noch nie wurde eine gemacht
agency-open = { $count ->
    [0] Alles in Ordnung
    [one] { $count } Punkt zum Ansehen
   *[other] { $count } Punkte zum Ansehen
}
agency-alone-note = Wer die Passphrase dieses Rechners kennt, tut hier alles, und niemand kann sagen, wer was getan hat. Tragen Sie ein, wer hier arbeitet; dann meldet sich jede Person mit eigenem Namen und Passwort an.
agency-add-first = Die erste Person eintragen

may-caseworker = Fallarbeit
may-intake = Eingang
may-may-accept = Eingang, darf annehmen
may-supervisor = Fachaufsicht
may-auditor = Revision
may-admin = Systemverwaltung
does-caseworker = arbeitet mit Personen und sendet Verweisungen
does-intake = sieht an, was eingeht, fragt nach und lehnt ab
does-may-accept = sieht an, was eingeht, und nimmt auch an
does-supervisor = tut alles, was Fallarbeit und Eingang tun, und sieht, wer was angesehen hat
does-auditor = sieht, was getan wurde und wer hingesehen hat, und keine Inhalte
does-admin = bestimmt, wer hier arbeitet, kümmert sich um Schlüssel und Sicherungen und sieht keine Inhalte

sign-in-wrong-name = Name oder Passwort stimmt nicht. Geben Sie beides noch einmal ein. Nach fünf falschen Passwörtern hintereinander wird ein Name eine Viertelstunde lang nicht geprüft, was auch eingegeben wird; die Systemverwaltung kann Ihnen ein neues Passwort geben.
people-first-title = Damit ändert sich, wie sich alle anmelden
people-first-sign-in = Von da an meldet sich jede Person mit eigenem Namen und eigenem Passwort an. Mit der Passphrase dieses Rechners allein kommt niemand mehr hinein.
people-first-you = Sie sind sofort als diese Person angemeldet; andere Fenster, die hier offen sind, enden.
people-first-admin = Die erste Person gehört zur Systemverwaltung, damit jemand die anderen eintragen kann.
people-first-passphrase = Die Passphrase wird weiter gebraucht: wenn der Rechner startet, und für Sicherungen und Schlüssel. Bewahren Sie sie auf.
people-one-admin = Nur eine Person gehört zur Systemverwaltung. Vergisst sie ihr Passwort, kann niemand mehr jemanden eintragen oder ändern. Tragen Sie bald eine zweite ein.
people-name = Name
people-may = Rollen
people-since = Seit
people-until = bis { $time }
people-change = Neues Passwort oder ausgeschieden
people-add = Jemanden aus dem Team eintragen
people-add-first = Die erste Person eintragen: sich selbst
people-roles = Was darf diese Person hier tun?
people-your-password = Ihr neues Passwort
people-first-password = Neues Passwort für diese Person
people-strength = Mindestens 8 Zeichen. Am besten mehrere Wörter, die nicht zusammengehören.
people-again = Dasselbe Passwort noch einmal
people-own = Ihr eigenes Passwort, zur Bestätigung
people-first-button = Mich eintragen und als diese Person anmelden
people-add-button = Diese Person eintragen
people-admins-do = Die Systemverwaltung trägt Personen ein, beendet sie und gibt neue Passwörter.
people-name-taken = Jemand mit diesem Namen arbeitet schon hier. Ergänzen Sie, was die beiden unterscheidet.
people-name-unusable = Das kann hier kein Name sein: Er ist leer, zu lang oder enthält verborgene Zeichen. Schreiben Sie ihn, wie die Person ihn schreibt.
people-role-missing = Kreuzen Sie mindestens eines an, was diese Person darf.
people-secret-short = Das neue Passwort ist zu kurz: mindestens 8 Zeichen.
people-secret-differs = Die beiden neuen Passwörter sind verschieden. Geben Sie sie noch einmal ein.
people-own-wrong = Ihr eigenes Passwort ist falsch. Nichts wurde geändert: Geben Sie es noch einmal ein.
people-held = Es war zu oft falsch. Nichts wurde geändert: Warten Sie eine Viertelstunde.
people-passphrase-wrong = Die Passphrase dieses Rechners ist falsch. Nichts wurde getan: Geben Sie sie noch einmal ein.
people-last-admin = Dann wäre niemand mehr da, der bestimmt, wer hier arbeitet. Tragen Sie zuerst eine andere Person für die Systemverwaltung ein.
person-password = Neues Passwort
person-password-note = Wer das Passwort vergessen hat, bekommt von Ihnen ein neues. Jede Seite, die diese Person offen hat, endet sofort.
person-password-button = Dieses Passwort setzen
person-end = Arbeitet nicht mehr hier
person-end-open = Diese Person ist gegangen
person-end-note = Diese Person wird sofort abgemeldet und kann hier nichts mehr tun. Was sie getan hat, bleibt. Wer zurückkommt, wird neu eingetragen.
person-end-button = Diese Person jetzt beenden
person-back = Zurück zu den Mitarbeitenden
password-alone = Hier ist niemand eingetragen, also hat noch niemand ein Passwort.
password-note = Wenn Sie es ändern, endet jede andere Seite, die Sie offen haben. Diese hier geht weiter.
password-now = Ihr jetziges Passwort
password-new = Ihr neues Passwort
password-button = Mein Passwort ändern
notice-first = { $count ->
   *[other] Sie sind eingetragen und mit Ihrem Namen angemeldet. Tragen Sie jetzt Ihr Team ein.
}
notice-added = { $count ->
   *[other] Eingetragen. Diese Person kann sich jetzt anmelden.
}
notice-ended = { $count ->
   *[other] Beendet. Diese Person ist abgemeldet.
}
notice-secret = { $count ->
   *[other] Das neue Passwort gilt jetzt. Was diese Person offen hatte, ist beendet.
}
notice-password = { $count ->
   *[other] Ihr neues Passwort gilt jetzt. Ihre anderen offenen Seiten sind beendet.
}

looks-note = Jedes Mal, wenn hier jemand eine Verweisung ansieht oder herausnimmt, wird eine Zeile festgehalten. Zeilen werden nie geändert.
looks-person = Wer
looks-referral = Verweisung, mit ihren ersten Buchstaben und Ziffern
looks-since = Von
looks-until = Bis
looks-none = Niemand hat hingesehen.
looks-what = Welche Verweisung
looks-saw = Was gesehen wurde
looks-why = Warum
looks-alone = wer die Passphrase hatte
looks-older = Ältere Zeilen
looks-proves = Diese Zeilen sind die eigene Aufzeichnung dieses Rechners, für diese Stelle. Sie sind nicht signiert und belegen anderen nichts. Was mit einer Verweisung getan wurde, ist signiert: Wählen Sie eine Verweisung, um zu sehen, was es belegt.
look-whole = alles
look-nothing = keine Inhalte
look-work = um damit zu arbeiten
look-export = als Datei herausgenommen
look-audit = für einen Bericht darüber, was getan wurde
look-evidence = Nachweise wurden herausgenommen
proof-note = Was beide Stellen mit dieser Verweisung getan haben, in der Reihenfolge, in der es zählt. Jede Signatur wurde eben geprüft. Dass Sie dies gelesen haben, wird vermerkt.
proof-first = Bitte sehen Sie zuerst dies an
proof-proves = Was es belegt und was nicht
proof-version = Fassung { $number }
proof-not = Nicht belegt:
proof-back = Zurück zu den Zeilen

keys-own = Ihre eigenen acht Wörter
keys-own-note = Lesen Sie diese Wörter einer anderen Stelle am Telefon vor, wenn sie fragt, ob wirklich Sie es sind. Rufen Sie die Nummer an, die Sie kennen, keine, die Ihnen geschickt wurde.
keys-language = Es gibt Wortlisten auf Englisch, Französisch, Deutsch, Italienisch, Russisch und Spanisch. Wechseln Sie die Sprache dieser Seite, damit beide aus derselben Liste lesen.
keys-node = Nummer dieses Knotens
keys-partner = Die Wörter einer anderen Stelle
keys-partner-note = Rufen Sie dort an und lassen Sie sich die acht Wörter vorlesen. Vergleichen Sie jedes mit dem, was hier steht.
keys-which = Welche Stelle? Ihr Name oder Ort
keys-show = Wörter zeigen
keys-nobody = Keine Stelle mit diesem Namen. Geben Sie einen Teil des Namens ein.
keys-phone = Telefon:
keys-no-phone = Im Verzeichnis steht keine Telefonnummer. Nehmen Sie eine, die Sie kennen.
keys-differ = Wenn auch nur ein Wort abweicht, senden Sie dorthin nichts und rufen Sie Ihre Behörde an.
keys-age = Alter der Schlüssel dieses Knotens
keys-identity = Identitätsschlüssel
keys-identity-until = Erneuern Sie ihn bis { $time }. Nichts bleibt stehen, wenn es später wird.
keys-tls = Verbindungsschlüssel
keys-tls-until = Er erneuert sich von selbst: { $time }.
keys-read = Lesen Sie Ihrer Behörde am Telefon diese acht Wörter des neuen Schlüssels vor:
keys-forget = Um diese Änderung aufzugeben, rufen Sie zuerst Ihre Behörde an und geben Sie dann am Rechner ein:
keys-renew = Den Identitätsschlüssel jetzt erneuern
keys-renew-note = Ein neuer Schlüssel wird gemacht, und Ihre Behörde wird gebeten, ihn in Kraft zu setzen. Danach lesen Sie ihr am Telefon acht Wörter vor. Das Papier im Safe bleibt gültig. Machen Sie danach eine neue Sicherung.
keys-renew-button = Den neuen Schlüssel machen und beantragen
keys-stolen = Wenn jemand anderes den Schlüssel dieses Knotens haben könnte, erneuern Sie ihn nicht hier. Nehmen Sie das Papier aus dem Safe, rufen Sie Ihre Behörde an und geben Sie am Rechner ein:
change-made = Ein neuer Schlüssel ist gemacht; er wird beantragt, sobald der Rechner verbunden ist.
change-waiting = Ein neuer Schlüssel wartet auf Ihre Behörde.
change-done = Der neue Schlüssel gilt, sobald das Verzeichnis der Stellen hier angekommen ist.
change-refused = Der neue Schlüssel wurde abgewiesen. Rufen Sie Ihre Behörde an.
change-rejected = Ihre Behörde hat den neuen Schlüssel abgelehnt. Rufen Sie sie an.
notice-renewed = { $count ->
   *[other] Der neue Schlüssel ist gemacht. Lesen Sie Ihrer Behörde seine Wörter am Telefon vor.
}

backup-last = Die letzte Sicherung ist vom { $time }.
backup-never = Noch nie wurde eine Sicherung gemacht: Was auf diesem Rechner ist, ist sonst nirgends.
backup-old = Die letzte Sicherung ist älter als eine Woche. Machen Sie eine neue.
backup-make = Jetzt eine Sicherung machen
backup-note = Alles, was diese Stelle auf diesem Rechner aufbewahrt, kommt in eine versiegelte Datei; nur die Dateien von Dokumenten nicht. Dokumente (PDF, Bilder, Aufnahmen) sind nicht darin: Bewahren Sie sie auch anderswo auf.
backup-why-passphrase = Die Sicherung lässt sich mit dieser Passphrase öffnen und mit keiner anderen. Geben Sie sie ein: Dann wissen Sie, dass noch jemand sie kennt.
backup-button = Die Sicherung machen
backup-folder = Der Ordner der Sicherungen auf diesem Rechner
backup-copy = Kopieren Sie die Datei auf einen anderen Rechner oder auf einen Datenträger, der eingeschlossen wird: Geht dieser Rechner verloren, dann auch sein Ordner. Vernichten Sie alte Sicherungen, denn in ihnen steht noch, was seither gelöscht wurde.
backup-admins-do = Die Systemverwaltung macht Sicherungen und probt sie.
backup-passphrase-then = Das ist nicht die Passphrase, die dieser Rechner hatte, als diese Sicherung gemacht wurde. Geben Sie sie noch einmal ein.
drill-title = Eine Sicherung proben
drill-note = Eine Sicherung, die nie geprobt wurde, ist eine Hoffnung. Hier wird sie geöffnet und ganz geprüft, und Sie erfahren, was zurückkäme. Nichts wird geändert. Tun Sie es einmal im Monat.
drill-no-file = Im Ordner ist noch keine Sicherung. Machen Sie zuerst eine.
drill-which = Welche Sicherung
drill-passphrase = Passphrase, die dieser Rechner damals hatte
drill-button = Diese Sicherung proben
drill-elsewhere = Um eine Datei zu proben, die anderswo liegt, geben Sie am dortigen Rechner ein:
drill-good = Diese Sicherung lässt sich zurückspielen. Es käme zurück:
drill-failed = Diese Sicherung lässt sich nicht zurückspielen. Machen Sie jetzt eine neue.
drill-made = Gemacht
drill-agency = Stelle
drill-newest = Neueste Nachricht
drill-no-message = keine
drill-received = Eingegangene Nachrichten
drill-sent = Gesendete Nachrichten
drill-waiting = Davon noch ohne Empfangsbestätigung
drill-evidence = Einträge von Nachweisen, jeder geprüft
drill-identity = Identitätsschlüssel darin
drill-nothing-changed = Nichts wurde geändert. Ist Ihr Identitätsschlüssel neuer als der in dieser Sicherung, machen Sie eine neue: Diesem hier könnte niemand mehr schreiben.
notice-backup = { $count ->
   *[other] Die Sicherung ist geschrieben. Kopieren Sie sie auf einen anderen Rechner und proben Sie sie dann unten.
}

health-open = Was jemand ansehen sollte
health-all-well = Alles in Ordnung.
health-fail = geht nicht
health-warn = bitte ansehen
health-well = Das ist in Ordnung
check-vault = Der Tresor, in dem alles aufbewahrt wird
check-disk = Platz auf dem Datenträger
check-daemon = Das Programm im Hintergrund
check-configuration = Die Einstellungen
check-network = Das Netz
check-relay = Die Verbindung zum Relais
check-clock = Die Uhr dieses Rechners
check-registry = Das Verzeichnis der Stellen
check-witnesses = Zeugen des Verzeichnisses der Stellen
check-registration = Der Eintrag dieser Stelle
check-key-changes = Schlüssel, die allein die Behörde geändert hat
check-keys = Schlüssel für den Empfang
check-renewals = Schlüssel, die zu erneuern sind
check-outbox = Was zu senden ist
check-alarms = Alarme
check-backup = Die Sicherung
lock-title = Das Lesen sperren
lock-note = Niemand liest oder sendet hier noch etwas, bis jemand es auf der Anmeldeseite mit der Passphrase entsperrt; der Rechner empfängt weiter. Am Rechner geht dasselbe mit:
lock-button = Das Lesen jetzt sperren
unlock-note = Das Lesen ist gesperrt. Wer die Passphrase dieses Rechners kennt, entsperrt es hier; danach melden sich alle neu an.
unlock-button = Das Lesen entsperren
unlock-here = Mit der Passphrase entsperren
settings-title = Einstellungen
settings-note = Wer diesen Rechner betreut, ändert sie in der Datei und startet dann das Programm neu.
settings-file = Die Datei
settings-version = Version dieses Programms
settings-updates = Dieses Programm sucht nicht von selbst nach neueren Versionen. Fragen Sie, von wem Sie es haben, und lesen Sie die Liste der Änderungen, die mit jeder Version kommt.
settings-name = Einstellung
settings-value = Jetzt
settings-means = Was sie bedeutet
settings-by-itself = von selbst gefunden
setting-relay = Adresse des Relais. Nur setzen, wo die eingetragene Adresse von hier aus nicht geht.
setting-receipt-delay = Längste zufällige Verzögerung einer Empfangsbestätigung, in Sekunden. Sie verbirgt, wann jemand arbeitet.
setting-settle-tick = Wie oft Bestätigungen hinausgehen, in Tausendstelsekunden. Das verbirgt, was mit einer Nachricht getan wurde.
setting-cover = Ob zu zufälligen Zeiten Nachrichten hinausgehen, die nichts sagen. Dass etwas gesendet wurde, ist dann kein Zeichen einer Verweisung.
setting-auto-lock = Minuten ohne Benutzung, nach denen das Lesen gesperrt wird; 0 für nie.
setting-api-port = Zugang für andere Programme dieser Stelle auf diesem Rechner; 0 für keinen.
setting-page-port = Zugang zu dieser Seite auf diesem Rechner; 0 für keine Seite.
setting-page-lock = Minuten ohne Benutzung, nach denen Sie auf dieser Seite abgemeldet werden; 1 bis 15.
setting-log = Wie viel das Programm in sein Protokoll schreibt. Auf keiner Stufe steht ein Name, eine Adresse oder ein Text darin.

second-title = Eine zweite Person muss bestätigen
second-note = Hierfür braucht es zwei Personen Ihrer Stelle. Jemand aus Fallarbeit oder Fachaufsicht liest es und bestätigt hier mit eigenem Namen und Passwort. Dann wird es sofort gesendet.
second-to = Es geht an:
second-name = Name der zweiten Person
second-secret = Passwort der zweiten Person
second-button = Bestätigen und senden
second-back = Nicht senden
second-wrong = Name oder Passwort stimmt nicht. Nichts wurde gesendet: Geben Sie beides noch einmal ein.
second-same = Die zweite Person muss jemand anderes sein. Nichts wurde gesendet.
second-role = Dafür braucht es Fallarbeit oder Fachaufsicht. Nichts wurde gesendet.

person-roles-note = Wählen Sie alles, was diese Person ab jetzt darf. Jede Seite, die sie offen hat, endet sofort. Wer es geändert hat, wird festgehalten.
person-roles-own = Eigene Rollen können Sie abgeben. Solange es eine zweite Person der Systemverwaltung gibt, gibt sie Ihnen weitere.
person-roles-button = Rollen ändern
person-roles-changed = Was geändert wurde
person-roles-was = Vorher
person-roles-became = Nachher
people-roles-own = Niemand gibt sich selbst mehr Rollen, solange hier eine zweite Person der Systemverwaltung arbeitet. Bitten Sie diese darum.
notice-roles = { $count ->
   *[other] Die Rollen sind geändert.
}
