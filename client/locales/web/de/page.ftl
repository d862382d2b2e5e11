product = Safeconduct
live-news = Es gibt Neues. Öffnen Sie diese Seite neu, um es zu sehen. Was Sie geschrieben haben, ginge dabei verloren: senden Sie es zuerst.
exit = Diese Seite verlassen
skip = Zum Inhalt
languages = Sprache
tasks = Was Sie tun können
exercise = Übung
exercise-banner = ÜBUNG: niemand hier ist echt, und nichts erreicht eine echte Stelle.
signed-as = Angemeldet: { $name }
signed-alone = Angemeldet mit der Passphrase des Tresors dieses Rechners.
sign-out = Abmelden
yes = ja
no = nein
choose = Bitte wählen
any = Beliebig
not-said = Nicht angegeben
comma = ,
time = { $day }. { $month } { $year }, { $clock }
month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember

sign-in-title = Anmelden
sign-in-name = Ihr Name
sign-in-secret = Ihr Passwort
sign-in-passphrase = Passphrase des Tresors dieses Rechners
sign-in-alone-note = Auf diesem Rechner ist noch niemand eingetragen. Wer die Passphrase kennt, kann hier alles tun.
sign-in-button = Anmelden
sign-in-wrong = Name oder Passwort ist falsch. Geben Sie beides noch einmal ein.
sign-in-held = Das Passwort war zu oft falsch. Warten Sie eine Viertelstunde, oder lassen Sie sich von der Systemverwaltung ein anderes geben.
sign-in-locked = Das Lesen ist auf diesem Rechner gesperrt. Wer den Rechner betreut, entsperrt es mit seiner Passphrase.
sign-in-failed = Die Anmeldung war nicht möglich. Bitten Sie die Person, die diesen Rechner betreut, in sein Protokoll zu sehen.
sign-in-again = Anmelden
turned-title = Diese Seite ist geschlossen
turned-session = Ihre Sitzung ist beendet, weil die Seite eine Weile nicht benutzt oder verlassen wurde. Entwürfe bleiben erhalten.
turned-origin = Das wurde von einer anderen Website verlangt, deshalb wurde nichts getan.
turned-form = Dieses Formular wurde in einer anderen Sitzung gezeigt. Nichts wurde getan: öffnen Sie die Seite neu.
turned-lost = Unter dieser Adresse ist nichts.
told-title = Das wurde nicht getan
told-kept = Dabei wurde nichts gesendet oder geändert.
told-back = Zurück zu den Verweisungen
told-back-one = Zurück zur Verweisung
told-typed = Was Sie geschrieben hatten, um es von hier zu kopieren

banner-connecting = Verbindung zum Relais wird aufgebaut. Was Sie senden, wartet bis dahin auf diesem Rechner.
banner-offline = Keine Verbindung zum Relais. Was Sie senden, wartet auf diesem Rechner und wird dann von selbst gesendet. Wenn es eilt, rufen Sie zusätzlich an.
banner-stale = Das Verzeichnis der Stellen wurde seit einer Weile nicht bestätigt. Sie können weiter senden.
banner-expired = Das Verzeichnis der Stellen ist zu alt, um sich darauf zu verlassen. Rufen Sie die Stelle an, bevor Sie senden.

notice-done = { $count ->
   *[other] Erledigt. Die andere Stelle wird es sehen.
}
notice-said = { $count ->
   *[other] An die andere Stelle gesendet.
}
notice-sent = { $count ->
    [one] An eine Stelle gesendet. Unten sehen Sie, wann es ankommt und wann es jemand öffnet.
   *[other] An { $count } Stellen gesendet. Unten sehen Sie, wann es ankommt und wann es jemand öffnet.
}
notice-nobody = { $count ->
   *[other] Wählen Sie mindestens eine Stelle. Nichts wurde gesendet.
}
notice-discarded = { $count ->
   *[other] Der Entwurf ist verworfen.
}

tab-referrals = Verweisungen
tab-refer = Jemanden weiterverweisen
tab-directory = Wer helfen kann
refer-now = Jetzt jemanden weiterverweisen
views = Welche Verweisungen
view-all = Alle
view-ours = Warten auf uns
view-theirs = Warten auf andere
view-late = Verspätet
view-drafts = Entwürfe
find-referral = Verweisung suchen: eine Stelle, ein Fallcode, ein Name
find-button = Suchen
referrals-none = Hier ist keine Verweisung.
referrals-not-found = Nichts gefunden.
drafts-none = Es gibt keine Entwürfe.
draft = Entwurf
older = Ältere Verweisungen
column-agency = Stelle
column-state = Stand
column-turn = Wer am Zug ist
column-urgency = Dringlichkeit
column-kind = Art
column-changed = Geändert
column-ends = Wird gelöscht am
side-sent = von uns gesendet
side-received = bei uns eingegangen
turn-ours = wir
turn-theirs = die anderen
turn-nobody = niemand
late = Verspätet
until = bis { $time }

referral-title = Verweisung
since = Seit { $time }
next-ours = Sie sind am Zug, bis { $time }. { $agency } wartet.
next-theirs = { $agency } hat Zeit bis { $time }. Wenn Sie nichts hören, rufen Sie an.
erased-on = Ihr Inhalt wird hier am { $time } gelöscht.
told-too = Ebenfalls gefragt:
cautions = Zur Sicherheit der Person
open-note = Sie ist hier angekommen. Wenn Sie sie öffnen, erfährt die sendende Stelle, dass jemand sie geöffnet hat.
open-button = Öffnen
do-title = Was jetzt
do-accept = Annehmen
accept-note = Sie versprechen, dieser Person zu helfen. Die andere Stelle erfährt es sofort.
do-start = Die Hilfe hat begonnen
do-ask = Um Auskunft bitten
do-answer = Antworten
do-decline = Ablehnen
do-close = Diese Verweisung abschließen
do-withdraw = Die ganze Verweisung zurückziehen
do-ask-level = Um mehr Daten der Person bitten
ask-text = Was müssen Sie wissen?
answer-text = Ihre Antwort
decline-why = Warum?
close-outcome = Wie ist es ausgegangen?
withdraw-note = Die andere Stelle wird aufgefordert, sie zu löschen, und bescheinigt, dass sie es getan hat.
withdraw-why = Warum?
ask-level = Bis zu welcher Stufe?
level = Stufe { $level }
level-1 = 1: die Lage, ohne Namen
level-2 = 2: wer die Person ist und wie man sie erreicht
level-3 = 3: ausgewählte Teile der Fallakte
no-names-here = Hier keine Namen, Nummern oder Adressen.
content-title = Was darin steht
show-names = Namen zeigen
show-names-note = Es wird vermerkt, dass Sie sie gesehen haben.
folded = Außerdem vorhanden:
consent-ended = Nicht gezeigt, weil die Einwilligung dafür geendet hat:
said-title = Nachrichten
say-text = An die andere Stelle schreiben
say-note = Senden
say-question = Als Frage senden
post-empty = Nichts zu zeigen
post-contradicts = ihr Knoten hat zuvor etwas anderes gesagt
log-title = Was geschehen ist
log-when = Wann
log-who = Wer
log-by-person = eine Person
log-by-node = ihr Rechner
log-note = Was eine andere Stelle getan hat, ist von ihr signiert und kann anderen als Nachweis gezeigt werden.
log-what = Was
log-no-change = hat nichts geändert

refer-title = Jemanden weiterverweisen
refer-intro = Zuerst ohne Namen: sagen Sie, was gebraucht wird, dann wählen Sie, wen Sie fragen.
errors-title = Bitte zuerst berichtigen
need-services = Was gebraucht wird
need-more-services = Weitere Leistungen
need-urgency = Wie dringend
need-urgency-note = Jetzt in Gefahr, oder kein Bett für heute Nacht? Erst anrufen, dann senden.
need-age = Alter
need-gender = Geschlecht
need-language = Sprache
need-language-too = Weitere Sprache
need-by = Gebraucht bis spätestens
need-group = Wie viele Personen
need-children = Begleitende Kinder
need-note = Bemerkung
need-note-note = Keine Namen, Nummern oder Adressen. Sagen Sie, was ein Haus wissen muss, um Ja oder Nein zu sagen.
note-tells = In der Bemerkung steht eine Nummer oder Adresse. Lassen Sie sie weg: sie würde verraten, wer die Person ist.
refer-on = Suchen, wer helfen kann
who-title = Wer helfen kann
who-not-said = nicht angegeben: { $what }
who-not-sure = Wo „nicht angegeben“ steht, rufen Sie zuerst an.
who-legend = Wählen Sie, wen Sie fragen
who-none = Niemand im Verzeichnis passt. Ändern Sie, was gebraucht wird, oder rufen Sie das nationale Hilfetelefon an.
who-found = { $count ->
    [0] Niemand passt.
    [one] { $count } Stelle passt.
   *[other] { $count } Stellen passen.
}
warnings-title = Bitte prüfen Sie das
they-see = Das sehen die Stellen
they-do-not-see = Das sehen die Stellen nicht
kept-name = Name und Geburtsdatum der Person, außer wenn Sie sie in die Bemerkung geschrieben haben
kept-contact = Wie und wo die Person zu erreichen ist
kept-documents = Dokumente
kept-story = Geschichte und Fallakte der Person
they-know-each-other = Jede gefragte Stelle sieht, wer noch gefragt wurde. Die erste, die annimmt, übernimmt.
send-button = Ohne Namen an alle angekreuzten senden
change-button = Ändern
discard = Diesen Entwurf verwerfen
discard-button = Jetzt verwerfen
phone-always = Rund um die Uhr:
reason-offers = bietet { $what }
reason-speaks = spricht { $what }
reason-no-language = spricht kein { $what }: Dolmetschen nötig
reason-in = arbeitet in: { $what }
reason-takes = nimmt auf: { $what }
reason-called = der Name passt

directory-role = Art der Stelle
directory-text = Name oder Ort
directory-open = Jetzt offen
directory-search = Suchen
directory-empty = Das Verzeichnis ist leer. Es kommt vom Relais, sobald diese Stelle eingetragen ist.
directory-more = Mehr dazu
directory-languages = Sprachen
directory-name = Name im Register
phone-first = Rufen Sie an, bevor Sie senden: die Schlüssel der Stelle hat allein die Behörde gesetzt
quiet-since = nicht online seit { $time }
