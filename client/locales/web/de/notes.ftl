span-days = { $count ->
    [one] { $count } Tag
   *[other] { $count } Tagen
}
span-hours = { $count ->
    [one] { $count } Stunde
   *[other] { $count } Stunden
}
span-minutes = { $count ->
    [one] { $count } Minute
   *[other] { $count } Minuten
}
note-another-country = einem anderen Land

note-clock-behind = Die Uhr dieses Rechners geht nach, mit einem Rückstand von { $span }. Solange gilt eine Zeit, die die Behörde signiert hat. Lassen Sie die Uhr stellen.
note-registry-old = Das Verzeichnis der Stellen wurde zuletzt vor { $span } bestätigt. Eine Stelle, die seither ihren Eintrag verloren hat, kann hier noch als aktiv erscheinen. Wenn dieser Rechner verbunden ist und es so bleibt, rufen Sie Ihre Behörde an.
note-registry-older = Das Verzeichnis der Stellen wurde zuletzt vor { $span } bestätigt. An Stellen, die seither neu oder geändert sind, wird nichts gesendet. Wenn dieser Rechner verbunden ist und es so bleibt, rufen Sie Ihre Behörde an.
note-registry-over = Das Verzeichnis der Stellen wurde zuletzt vor { $span } bestätigt. Es wird nichts mehr gesendet. Rufen Sie an, und lassen Sie diesen Rechner verbinden; wenn er verbunden ist, rufen Sie Ihre Behörde an.
note-registry-undated = Das Verzeichnis der Stellen hat kein signiertes Datum, darum wird nichts gesendet. Rufen Sie an, und lassen Sie diesen Rechner verbinden; wenn er verbunden ist, rufen Sie Ihre Behörde an.
note-waits-suspended = Der Eintrag von { $agency } ruht. Nachrichten, die hier darauf warten: { $count }. Sie gehen von selbst weiter, wenn die Stelle wieder aktiv ist. Braucht jemand jetzt Hilfe, rufen Sie eine andere Stelle an.
note-drafts-end = Entwürfe, die binnen einer Woche gelöscht werden, wenn niemand sie ändert: { $count }. Siehe „Entwürfe“.
note-held = Nachrichten, die angekommen sind und zurückgehalten werden, weil der Eintrag des Absenders ruht oder noch nicht im Verzeichnis steht: { $count }. Sie werden gezeigt, sobald er aktiv ist.
note-place-waits = Dieser Rechner tritt ab { $time } an die Stelle eines anderen. Vorher lässt das Relais ihn nicht herein. Lassen Sie ihn laufen.
note-key-made = Ein neuer Schlüssel dieses Rechners ist gemacht. Er wird beantragt, sobald der Rechner verbunden ist.
note-key-waits = Der neue Identitätsschlüssel wartet auf Ihre Behörde. Lesen Sie ihr am Telefon die acht Wörter vor: Sie stehen auf der Seite mit den Schlüsseln.
note-key-unpublished = Der neue Verbindungsschlüssel wartet, bis Ihre Behörde das Verzeichnis der Stellen neu veröffentlicht. Sie müssen nichts tun.
note-key-done = Der neue Schlüssel gilt und wird übernommen, wenn das Verzeichnis der Stellen hier angekommen ist. Sie müssen nichts tun.
note-key-not-taken = Der neue Schlüssel wurde nicht angenommen. Rufen Sie Ihre Behörde an, und geben Sie die Änderung dann auf, wie es auf der Seite mit den Schlüsseln steht.
note-renew-tls = Der Verbindungsschlüssel sollte in { $days } erneuert sein und ist es noch nicht. Lassen Sie diesen Rechner laufen und verbunden. Es hört nichts auf, wenn es später wird.
note-renew-identity = Der Identitätsschlüssel sollte in { $days } erneuert sein. Das tut jemand aus der Verwaltung auf der Seite mit den Schlüsseln. Es hört nichts auf, wenn es später wird.
note-keys-end = In { $days } kann niemand mehr an diese Stelle schreiben, weil dieser Rechner seit Wochen nicht verbunden war. Lassen Sie ihn verbinden.
note-own-suspended = Der Eintrag dieser Stelle ruht, darum lässt das Relais sie nicht herein. Nachrichten, die hier warten: { $count }. Sie gehen von selbst weiter, wenn die Stelle wieder aktiv ist. Braucht jemand jetzt Hilfe, rufen Sie an.
note-own-revoked = Der Eintrag dieses Rechners wurde widerrufen. Nachrichten, die ihn nicht mehr verlassen: { $count }. Rufen Sie die Stellen an, und senden Sie sie neu von dem Rechner, den Ihre Stelle jetzt hat.

note-message-waits = Etwas, das Sie bei { $agency } zurücknehmen, wartet hier, weil die dortige Behörde zurzeit nicht anerkannt ist. Rufen Sie dort an, und sagen Sie es.
note-message-late = Von { $agency } ist keine Quittung rechtzeitig gekommen. Rufen Sie dort an, und verlassen Sie sich nicht darauf, dass es angekommen ist.
note-message-expired = Eine Nachricht an { $agency } ist nicht angekommen: Niemand hat sie rechtzeitig abgeholt. Rufen Sie dort an, und senden Sie sie neu, wenn sie noch gebraucht wird.
note-message-failed = Eine Nachricht an { $agency } ist nicht angekommen und wird nicht mehr versucht. Rufen Sie dort an, oder wählen Sie eine andere Stelle; senden Sie sie neu, wenn sie noch gebraucht wird.
note-key-refused = Ein Schlüssel von { $agency }, den das Relais geliefert hat, darf nicht benutzt werden. Es wird nichts damit versiegelt. Rufen Sie die Stelle und Ihre Behörde an.
note-case-damaged = Etwas, das zur Verweisung { $digits } aufbewahrt wird, lässt sich nicht lesen, und ihre Fristen laufen nicht. Achten Sie selbst darauf, und sagen Sie es der Person, die diesen Rechner betreut.
note-chain-forked = Vielleicht benutzt ein zweiter Rechner die Identität von { $agency }. Rufen Sie dort unter der Nummer an, die Sie kennen, bevor Sie etwas senden.
note-chain-back = Der Rechner von { $agency } ist auf einen früheren Tag zurückgegangen, ohne es zu sagen, oder ein zweiter benutzt seine Identität. Rufen Sie dort unter der Nummer an, die Sie kennen.
note-chain-longer = { $agency } hat mehr Nachrichten dieser Stelle gesehen, als dieser Rechner kennt. Wurde er aus einer Sicherung wiederhergestellt, sagen Sie es der Person, die ihn betreut; sonst benutzt vielleicht ein zweiter Rechner Ihre Identität: Rufen Sie Ihre Behörde an.
note-restored = Der Rechner von { $agency } wurde aus einer Sicherung wiederhergestellt und hat Nachrichten von Ihnen verloren: { $count }. Wer diesen Rechner betreut, kann sie noch einmal senden (safeconduct resend).
note-restored-erased = Der Rechner von { $agency } wurde aus einer Sicherung wiederhergestellt und hat Nachrichten von Ihnen verloren: { $count }, und { $gone }, deren Inhalt hier gelöscht ist. Wer diesen Rechner betreut, kann die anderen noch einmal senden (safeconduct resend).
note-place-taken = Die Behörde setzt einen anderen Rechner an die Stelle von diesem. Ab { $time } kommt dieser nicht mehr herein. Hat niemand an Ihrer Stelle darum gebeten, rufen Sie vorher Ihre Behörde an.
note-own-key-newer = Dieser Rechner hat einen alten Identitätsschlüssel, und niemand kann ihm schreiben: Er wurde aus einer alten Sicherung wiederhergestellt, oder jemand anders hat den Schlüssel erneuert. Lassen Sie eine neuere Sicherung einspielen. Hat niemand an Ihrer Stelle ihn erneuert, rufen Sie jetzt Ihre Behörde an.
note-place-given = Ein anderer Rechner wurde an die Stelle von diesem gesetzt, und niemand kann diesem schreiben. Benutzen Sie den anderen. Hat niemand an Ihrer Stelle darum gebeten, rufen Sie jetzt Ihre Behörde an.
note-own-key-other = Das Verzeichnis der Stellen nennt für diesen Rechner einen anderen Identitätsschlüssel, und niemand kann ihm schreiben. Hat niemand an Ihrer Stelle darum gebeten, rufen Sie jetzt Ihre Behörde an.
note-fork-before = Jemand hat mit einem Schlüssel, den Ihre Behörde ersetzt hat, ein falsches Verzeichnis der Stellen signiert. Dieser Rechner arbeitet mit dem neuen Schlüssel weiter. Rufen Sie Ihre Behörde an, und geben Sie die Datei weiter.
note-fork = Ihre Behörde hat zwei verschiedene Verzeichnisse der Stellen signiert. Dieser Rechner nimmt keine Änderungen mehr von ihr an. Rufen Sie die Behörde und Ihre Partner an, heben Sie den Datenordner auf, und geben Sie die Datei weiter.
note-registry-withheld = Ihre Partner haben seit über einem Tag ein neueres Verzeichnis der Stellen gesehen, und das Relais gibt es diesem Rechner nicht. Rufen Sie Ihre Behörde an.
note-nameless = Stellen, von denen hier nichts zu sehen ist: { $count }. Das Relais gibt ihre Einträge diesem Rechner nicht. Rufen Sie Ihre Behörde an.
note-messages-withheld = An einem Tag kamen { $count } Nachrichten von { $senders } Stellen auf ungewöhnlichem Weg. Vielleicht hält das Relais Nachrichten zurück. Rufen Sie Ihre Behörde an.
note-fork-abroad = Die Behörde von { $country } hat zwei verschiedene Verzeichnisse der Stellen signiert. Senden Sie nichts dorthin, heben Sie den Datenordner auf, und rufen Sie Ihre Behörde an.
note-nameless-abroad = Stellen aus { $country }, von denen hier nichts zu sehen ist: { $count }. Das Relais gibt ihre Einträge diesem Rechner nicht. Rufen Sie Ihre Behörde an.
note-time-ahead = Die Behörde hat die Zeit { $time } signiert. Die Uhr dieses Rechners liegt mit { $days } dahinter. Sehen Sie auf eine andere Uhr. Ist die Uhr dieses Rechners falsch, lassen Sie sie stellen; ist sie richtig, rufen Sie Ihre Behörde an.
note-time-ahead-abroad = Die Behörde von { $country } hat die Zeit { $time } signiert. Die Uhr dieses Rechners liegt mit { $days } dahinter. Sehen Sie auf eine andere Uhr. Ist die Uhr dieses Rechners falsch, lassen Sie sie stellen; ist sie richtig, rufen Sie Ihre Behörde an.
note-alarms-locked = Alarme: { $count }. Entsperren Sie das Lesen, um sie zu sehen.

note-refused = { $why }
note-look-locked = Das sollte jemand ansehen. Entsperren Sie das Lesen, um es zu sehen.
note-disk-unwritable = In den Datenordner lässt sich nichts schreiben. Schaffen Sie Platz, oder bitten Sie die Person, die diesen Rechner betreut, ihn beschreibbar zu machen.
note-disk-unread = Wie viel Platz noch frei ist, ließ sich nicht lesen. Bitten Sie die Person, die diesen Rechner betreut, nachzusehen.
note-disk-full = Nur noch { $count } MB sind frei. Schaffen Sie jetzt Platz: Bald geht kein Senden und Empfangen mehr.
note-disk-low = Noch { $count } MB sind frei. Schaffen Sie bald Platz.
note-network-unnamed = Es ist kein Relais eingestellt, darum wurde nichts versucht. Wer diesen Rechner betreut, trägt es in den Einstellungen ein.
note-network-untried = Es wurde keine Verbindung versucht. Sehen Sie, was beim Relais steht.
note-network-unresolved = Der Name { $address } ist im Netz nicht zu finden. Lassen Sie die Adresse und den Namensdienst dieses Rechners prüfen.
note-network-unanswered = Unter { $address } antwortet nichts. Vielleicht lässt eine Firewall UDP nicht hinaus, oder das Relais ist aus. Lassen Sie das Netz prüfen.
note-relay-unheard = Es gibt noch keine Antwort. Warten Sie einen Augenblick, und öffnen Sie dann diese Seite neu.
note-clock-slow = Die Uhr dieses Rechners geht gegenüber der des Relais um { $count } Sekunden nach. Lassen Sie sie stellen; ist sie richtig, sagen Sie es der Person, die das Relais betreibt.
note-clock-fast = Die Uhr dieses Rechners geht gegenüber der des Relais um { $count } Sekunden vor. Lassen Sie sie stellen; ist sie richtig, sagen Sie es der Person, die das Relais betreibt.
note-clock-alone = Die Uhr ließ sich nicht mit der des Relais vergleichen. Das geschieht, sobald dieser Rechner verbunden ist.
note-registry-none = Dieser Rechner hat noch kein Verzeichnis der Stellen. Schließen Sie seine Anmeldung ab, und lassen Sie ihn einmal verbinden.
note-witnesses-unknown = Nicht bekannt, weil es hier noch kein Verzeichnis der Stellen gibt. Schließen Sie die Anmeldung dieses Rechners ab.
note-witnesses-none = Kein Zeuge signiert das Verzeichnis der Stellen. Wer den Schlüssel der Behörde hat, könnte anderen ein anderes zeigen. Bitten Sie Ihre Behörde, Zeugen zu benennen, am besten die Behörde eines anderen Landes.
note-witnesses-one = Nur ein Zeuge signiert das Verzeichnis der Stellen. Wer beide Schlüssel hat, könnte anderen ein anderes zeigen. Bitten Sie Ihre Behörde, mehr zu benennen, am besten die Behörde eines anderen Landes.
note-suspended = Der Eintrag dieser Stelle ruht. Rufen Sie Ihre Behörde an.
note-revoked = Der Eintrag dieses Rechners wurde widerrufen. Rufen Sie Ihre Behörde an.
note-not-known-to-relay = Dieser Rechner ist im Verzeichnis der Stellen aktiv, aber das Relais kennt ihn nicht. Lassen Sie die Adresse des Relais prüfen, und rufen Sie dann Ihre Behörde an.
note-not-listed = Dieser Rechner steht noch nicht in dem Verzeichnis der Stellen, das hier ist. Lassen Sie ihn einmal verbinden.
note-not-enrolled = Dieser Rechner ist noch nicht angemeldet. Wer ihn betreut, tut das mit dem Code Ihrer Behörde (safeconduct enrol).
note-own-keys-to-change = Die Behörde allein ist dabei, die Schlüssel dieses Rechners zu ändern. Hat niemand an Ihrer Stelle darum gebeten, rufen Sie jetzt Ihre Behörde an.
note-own-keys-changed = Die Behörde allein hat die Schlüssel dieses Rechners geändert. Hat niemand an Ihrer Stelle darum gebeten, rufen Sie jetzt Ihre Behörde an.
note-keys-of-others = Die Behörde allein hat die Schlüssel geändert von: { $agencies }. Rufen Sie dort an, bevor Sie etwas senden.
note-prekeys-lost = Schlüssel für den Empfang, die das Relais hat und dieser Rechner nicht mehr benutzen kann: { $count }. Lassen Sie ihn verbunden: Wer einen benutzt, nimmt einen anderen. Bleibt es so, rufen Sie Ihre Behörde an.
note-prekeys-gone = Die Schlüssel für den Empfang sind verbraucht, darum kann niemand an diese Stelle schreiben. Lassen Sie diesen Rechner verbinden: Er macht neue.
note-prekeys-none = Es gibt noch keine Schlüssel für den Empfang, darum kann niemand an diese Stelle schreiben. Lassen Sie diesen Rechner einmal verbinden.
note-prekey-ends = Der neueste Schlüssel für den Empfang endet in { $days }. Lassen Sie diesen Rechner verbunden: Er macht jeden Tag einen neuen.
note-outbox-given-up = Nachrichten, die nicht angekommen sind und die noch niemand angesehen hat: { $count }. Sehen Sie in die Verweisungen, und rufen Sie an.
note-outbox-waits = Nachrichten, die hier seit über einer Stunde warten: { $count }. Rufen Sie an, wenn es eilt.
note-outbox-late = Nachrichten beim Relais, deren Quittung sich verspätet: { $count }. Rufen Sie die Stellen an.
note-backup-never = Es wurde noch nie eine Sicherung gemacht: Was auf diesem Rechner ist, ist sonst nirgends. Machen Sie eine, und bewahren Sie sie auf einem anderen Rechner auf.
note-backup-old = Die letzte Sicherung stammt von vor { $days }. Machen Sie eine neue, und bewahren Sie sie auf einem anderen Rechner auf.
note-aside = Briefe, die eine Prüfung nicht bestanden haben und beiseitegelegt sind: { $count }. Einer oder zwei bedeuten wenig; viele bedeuten, dass jemand etwas versucht: Rufen Sie Ihre Behörde an.

fault-refused = Das ist so, wie es jetzt steht, nicht möglich. Sehen Sie es noch einmal an; wenn Sie nicht erkennen, warum, zeigen Sie diese Seite Ihrer Leitung.
fault-usage = Etwas, das eingegeben wurde, passt nicht. Gehen Sie zurück, prüfen Sie es, und versuchen Sie es noch einmal.
fault-not-ready = Auf diesem Rechner muss erst etwas in Ordnung gebracht werden. Zeigen Sie diese Seite der Person, die ihn betreut.
fault-unreachable = Es war gerade nicht zu erreichen. Warten Sie einen Augenblick, und versuchen Sie es noch einmal; wenn es eilt, rufen Sie an.
fault-tampering = Etwas passt nicht so zusammen, wie es sollte. Machen Sie nicht weiter. Zeigen Sie diese Seite sofort der Person, die diesen Rechner betreut, und rufen Sie Ihre Behörde an.
away-title = Leere Seite
away-text = Diese Seite ist leer.
