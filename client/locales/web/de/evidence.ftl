# Evidence: what proves what happened to a referral, and a file that somebody brings.

evidence-link = Nachweise: was das beweist
evidence-title = Nachweise
evidence-back = Zurück zur Verweisung
evidence-intro = Was beide Stellen und das Relais zu dieser Verweisung signiert haben. Niemand kann es nachträglich ändern. Es enthält keine Namen und nichts vom Inhalt der Verweisung.
evidence-holds = Soeben geprüft: Es stimmt.
evidence-holds-count = { $count ->
    [one] { $count } Aussage ist auch für jemanden bewiesen, der keiner der beiden Stellen vertraut.
   *[other] { $count } Aussagen sind auch für jemanden bewiesen, der keiner der beiden Stellen vertraut.
}
evidence-fails = Soeben geprüft: Etwas stimmt nicht. Verlassen Sie sich nicht darauf, und sagen Sie es der Person, die sich um diesen Rechner kümmert.
evidence-none = Es gibt noch keine Nachweisdatei.
evidence-look-first = Bitte sehen Sie sich das zuerst an
evidence-way = Wie weit sie gekommen ist
evidence-no-proof = Kein Nachweis:
evidence-take-title = Zum Mitnehmen
evidence-take-none = Wenn die Verweisung gesendet ist, können Sie ihre Nachweise hier mitnehmen.
evidence-take-note = Die Datei beweist allen, was hier steht. Sie enthält keine Namen, keinen Inhalt und kein Aktenzeichen, nur Stellen, Zeiten und Signaturen.
evidence-take = Nachweise als Datei speichern
evidence-take-content = Mit der Verweisung selbst speichern
evidence-content-note = Die Datei sagt dann jedem, der sie lesen kann, wer die Person ist. Geben Sie sie nur einem Gericht oder einer Behörde, die sie haben darf, und verwahren Sie sie wie die Fallakte. Es wird vermerkt, dass Sie sie erstellt haben.
evidence-verify-note = Jeder prüft die Datei ohne Netz mit dieser einen Zeile oder auf einer Seite wie dieser:
evidence-each = Jeder einzelne Nachweis
evidence-each-note = Jede Signatur wurde soeben geprüft, mit den Schlüsseln, die das Register nennt. Die Zeiten sind die der Stelle, die signiert hat.
evidence-verified = Jetzt geprüft
evidence-proves = Was es beweist
evidence-proves-not = Was es nicht beweist
evidence-person = eine Person dort, { $person }
evidence-confirmed = eine zweite Person hat es bestätigt
proof-by-relay = Das Relais

bring-title = Nachweisdatei prüfen
check-link = Hier eine Datei prüfen
check-intro = Jemand bringt Ihnen eine Datei, die beweisen soll, was mit einer Verweisung geschehen ist. Sie wird auf diesem Rechner geprüft. Nichts davon wird aufbewahrt, und niemand erfährt es.
check-file = Die Datei
check-button = Prüfen
check-no-file = Es kam keine Datei. Wählen Sie die Datei, dann prüfen Sie.
check-too-long = Diese Datei ist zu lang für Nachweise. Wählen Sie die richtige.
check-not-evidence = Das ist keine Nachweisdatei von Safeconduct.
check-fails = Sie stimmt nicht. Verlassen Sie sich nicht auf diese Datei: Sie wurde verändert oder falsch zusammengestellt. Verlangen Sie sie noch einmal von ihrer Quelle.
check-holds = Alles darin stimmt. Unten steht, was es beweist und was nicht.

stage-signed = { $agency } hat sie signiert und gesendet.
stage-relay = Das Relais hat sie für { $agency } übernommen.
stage-delivered = Sie ist bei { $agency } angekommen: Der Rechner dort hat sie geöffnet, geprüft und aufbewahrt.
stage-opened = Eine Person bei { $agency } hat sie geöffnet.
stage-decided = { $agency } hat geantwortet: angenommen oder abgelehnt.
missing-signed = { $agency } hat sie noch nicht signiert. Vielleicht wartet sie auf diesem Rechner: sehen Sie nach ihrem Stand.
missing-relay = Kein Relais hat signiert, dass es sie für { $agency } übernommen hat. Vielleicht ist sie noch unterwegs; wenn es eilt, rufen Sie an.
missing-delivered = Nichts zeigt, dass sie bei { $agency } angekommen ist. Verlassen Sie sich nicht darauf: rufen Sie an.
missing-opened = Nichts zeigt, dass eine Person bei { $agency } sie angesehen hat. Angekommen heißt nicht gelesen: rufen Sie an, wenn es spät ist.
missing-decided = { $agency } hat noch nicht geantwortet. Niemand hat Hilfe zugesagt.

proof-revision = hat sie für diese eine Empfängerin signiert
proof-unsealed = hat sie geschrieben; signiert wurde sie nicht
proof-relay-accepted = hat den versiegelten Brief übernommen
proof-relay-expired = hat ihn aufgegeben: niemand hatte ihn rechtzeitig abgeholt
proof-delivered = hat sie erhalten: der Rechner dort hat sie geöffnet, geprüft und aufbewahrt
proof-nack = konnte den Brief nicht öffnen
proof-rule = hat sie nach einer Regel abgewiesen, bevor jemand sie sah

holds-yes = stimmt
holds-no = stimmt nicht
holds-no-key = Schlüssel hier nicht bekannt
holds-not-signed = nicht signiert

clock-sender = Uhr der sendenden Stelle
clock-recipient = Uhr der empfangenden Stelle
clock-relay = Uhr des Relais
clock-here = Uhr dieses Rechners

proves-act = Der Rechner dort hat signiert, dass das getan wurde, mit dem Schlüssel, den das Register für ihn nennt, zu genau dieser Verweisung.
proves-revision = Die sendende Stelle hat genau diese Verweisung signiert, für diese Empfängerin und keine andere.
proves-unsealed = Für andere nichts: Es wurde hier geschrieben und nie signiert.
proves-relay-accepted = Von da an hatte das Relais den versiegelten Brief.
proves-relay-expired = Der Rechner der empfangenden Stelle hat ihn in der ganzen Zeit nicht abgeholt.
proves-delivered = Der Rechner der empfangenden Stelle hat sie geöffnet, geprüft, nach seinen Regeln angenommen und aufbewahrt.
proves-nack = Der Brief kam an, und der Rechner der empfangenden Stelle konnte ihn mit seinem Schlüssel nicht öffnen.
proves-rule = Der Rechner der empfangenden Stelle hat sie von selbst abgewiesen, und niemand dort hat sie gesehen.
proves-local = Für andere nichts: Dieser Rechner hat es nach seiner eigenen Uhr vermerkt.
proves-broken = Nichts: Die Signatur stimmt nicht.
proves-no-key = Noch nichts: Das Register auf diesem Rechner nennt den Schlüssel nicht, mit dem signiert wurde.

limits-act = Dass es wahr ist: Es beweist, dass sie es gesagt haben.
limits-revision = Dass sie angekommen ist, und wer sie geschrieben hat.
limits-unsealed = Dass jemand anderes sie je hatte.
limits-relay-accepted = Dass er bei der Empfängerin ankam, oder was darin war.
limits-relay-expired = Warum niemand ihn abgeholt hat.
limits-delivered = Dass eine Person dort sie gesehen hat.
limits-nack = Wann das war, oder dass etwas davon gelesen wurde.
limits-rule = Dass die Regel richtig entschied, oder welche Regel es war.
limits-local = Dass es bei der anderen Stelle ebenso geschah.
limits-broken = Irgendetwas von dem, was in dieser Zeile steht.
limits-no-key = Irgendetwas, bis das Register den Schlüssel nennt.
limits-Opened = Was diese Person gelesen hat.
limits-InfoRequested = Was gefragt wurde: Das können nur beide Stellen lesen.
limits-InfoProvided = Was geantwortet wurde, oder dass es genügte.
limits-Accepted = Dass geholfen wurde.
limits-Declined = Dass der Grund stimmt.
limits-DisclosureRaised = Dass die Person zugestimmt hat: Die Einwilligung steht in der Verweisung.
limits-ServiceStarted = Dass die Person da war, oder an welchem Tag.
limits-Closed = Dass das Ergebnis stimmt.
limits-Withdrawn = Dass sie gelöscht wurde: siehe die Bescheinigung der Löschung.
limits-ConsentChanged = Welche Einwilligung, und was die Person gesagt hat.
limits-OverrideReviewed = Was die Nachprüfung ergab.
limits-ErasureCertified = Dass vorher keine weitere Kopie gemacht wurde.

alert-override = Sie wurde ohne Einwilligung der Person gesendet.
alert-late = Etwas kam zu spät, oder eine Uhr geht falsch.
alert-gap = Eine signierte Handlung fehlt: Was auf sie folgt, zählt noch nicht.
alert-equivocation = Unter einer Nummer wurden zwei verschiedene Handlungen signiert: Keine zählt.
alert-broken = Handlungen widersprechen der Kette, in der sie stehen.
alert-unverified = Eine Signatur stimmt nicht.

verified-authority = Die Behörde ist die, die Sie kennen
verified-registry = Die Behörde hat das Register signiert
verified-time = Das Register war zu einer signierten Zeit so
verified-their-authority = Die Behörde der empfangenden Stelle ist die, die Sie kennen
verified-their-registry = Die Behörde der empfangenden Stelle hat ihr Register signiert
verified-signed = Die sendende Stelle hat dies für diese Empfängerin signiert
verified-before = Der Schlüssel der sendenden Stelle stand in dem Register, das die Nachricht nennt
verified-after = Ein signiertes Register, nicht älter als die Quittungen der Nachricht, nennt den Schlüssel der sendenden Stelle
verified-content = Das ist der Inhalt, der signiert wurde
verified-charged = Ein Relais hat einen versiegelten Brief übernommen
verified-stored = Der Rechner der empfangenden Stelle hat ihn geöffnet, geprüft und aufbewahrt
verified-seen = Eine Person hat ihn gesehen
verified-given-up = Ein Relais hat einen Brief aufgegeben: niemand hatte ihn abgeholt
verified-act = Eine Stelle hat diese Handlung signiert
verified-twice = Eine Stelle hat zwei Handlungen unter einer Nummer signiert: keine zählt
verified-details = Das sind die Einzelheiten, die signiert wurden
verified-end = Am Ende wurde nichts weggelassen
