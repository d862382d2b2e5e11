# Refer somebody without their consent: life in danger, or a duty of law. One text a key; every language has the same keys and arguments.

without-title = Ohne Einwilligung der Person
without-open = Die Person kann nicht gefragt werden, oder ein Gesetz verpflichtet uns
without-intro = Das ist die Ausnahme. Wann immer die Person gefragt werden kann, fragen Sie sie.
without-ask = Die Person doch fragen
without-danger = Die Person kann nicht gefragt werden, und es besteht Lebensgefahr
without-danger-means = Leben oder Gesundheit eines Menschen sind jetzt in Gefahr, die Person kann nicht antworten oder ist nicht rechtzeitig zu erreichen, und diese Stelle kann retten. Teilen Sie nur mit, was die Gefahr abwendet.
without-told-within = { $count ->
    [one] Die Person muss innerhalb von { $count } Stunde davon erfahren.
   *[other] Die Person muss innerhalb von { $count } Stunden davon erfahren.
}
without-reviewed-within = { $count ->
    [one] Eine Kollegin oder ein Kollege muss es danach prüfen, innerhalb von { $count } Stunde.
   *[other] Eine Kollegin oder ein Kollege muss es danach prüfen, innerhalb von { $count } Stunden.
}
without-only = Dieser Stelle wird höchstens Stufe { $level } mitgeteilt, und sie wird nur um dies gebeten: { $services }. Eine zweite Person bestätigt, bevor es gesendet wird.
without-why = Was ist die Gefahr, und warum kann die Person nicht gefragt werden?
without-why-note = In ein, zwei Sätzen, ohne Namen. Die andere Stelle liest es, und die Person liest es vielleicht später.
without-giver = Wer das entscheidet
without-decided = Entschieden
without-told = Wann die Person davon erfährt
without-hours = Bis { $time } ({ $hours } Stunden)
without-knows = Die Person weiß es schon
without-danger-button = Weiter ohne Einwilligung: Lebensgefahr
without-duty = Ein Gesetz verpflichtet uns, es dieser Stelle mitzuteilen
without-duty-means = Das Gesetz verlangt, dass diese Stelle benachrichtigt wird, was immer die Person wünscht. Sagen Sie es der Person vorher, wenn das niemanden gefährdet. Mitgeteilt wird nur, was das Gesetz verlangt.
without-law = Welches Gesetz
without-law-within = { $count ->
    [one] Es muss innerhalb von { $count } Stunde geschehen.
   *[other] Es muss innerhalb von { $count } Stunden geschehen.
}
without-law-level = Es erlaubt höchstens Stufe { $level }: Was dieser Entwurf darüber hinaus sagt, wird daraus gelöscht.
without-law-before = Die Person erfährt es vorher.
without-law-why = Warum es hier gilt
without-duty-button = Weiter ohne Einwilligung: Das Gesetz verlangt es
without-none = Ohne Einwilligung der Person kann das nicht an diese Stelle gehen. Fragen Sie die Person, oder bitten Sie ohne Namen um Hilfe.
without-rescuers = Bei Lebensgefahr dürfen ohne Einwilligung informiert werden: Gesundheitsdienste, soziale Dienste, der Kinderschutz, Schutzunterkünfte und die Polizei. Diese Stelle gehört nicht dazu.

who-police = Lebensgefahr, und nur die Polizei kann helfen
who-police-note = Rufen Sie zuerst dort an. Die Polizei erfährt ohne Einwilligung nur etwas, um eine Lebensgefahr abzuwenden. Benötigt werden darf nur Hilfe im Notfall: ein sicherer Platz für heute Nacht, ärztliche Hilfe, Beförderung, ein Sicherheitsplan oder eine Anzeige.
who-police-button = An die Polizei (es wird noch nichts gesendet)

consent-no-discard = Die Antwort ist Nein, und es soll nichts gesendet werden
check-unasked = Das geht ohne Einwilligung der Person.
check-unasked-told = Die Person muss bis { $time } davon erfahren.
check-send-unasked = Ohne Einwilligung an { $agency } senden

unasked-danger = Die Person wurde nicht gefragt: Lebensgefahr
unasked-duty = Die Person wurde nicht gefragt: Ein Gesetz verlangt es
unasked-sent-danger = Das wurde anstelle der Person entschieden. Sagen Sie ihr, sobald sie zu erreichen ist, was wem mitgeteilt wurde und warum. Von da an entscheidet sie.
unasked-sent-duty = Ihre Stelle war verpflichtet, das mitzuteilen. Die Person soll von Ihnen hören, was wem mitgeteilt wurde und nach welchem Gesetz.
unasked-here-danger = Die Person hat dem nicht zugestimmt, und vielleicht weiß sie nicht, dass Sie das haben. Verwenden Sie es nur, um die Gefahr abzuwenden, sagen Sie es niemandem weiter, und fragen Sie die Person selbst, sobald sie antworten kann.
unasked-here-duty = Die Person hat dem nicht zugestimmt; ein Gesetz verlangt, dass Sie es erfahren. Verwenden Sie es nur für das, was dieses Gesetz vorsieht, und sagen Sie das der Person.
unasked-until = Die Person muss bis { $time } davon erfahren.
unasked-told = Die Person hat es am { $date } erfahren.
unasked-told-once = Die Person hat es erfahren.
unasked-knew = Die Person wusste es, bevor es gesendet wurde.
unasked-told-day = An welchem Tag hat die Person es erfahren?
unasked-told-button = Die Person hat es erfahren
unasked-review = Jemand, der es nicht gesendet hat, muss es bis { $time } prüfen.
unasked-review-who = Jemand aus der Fachaufsicht, der es nicht gesendet hat, prüft es hier.
unasked-review-legend = War es richtig, das ohne Einwilligung zu senden?
unasked-review-why = Warum
unasked-review-button = Festhalten, was ich gefunden habe
unasked-owed = Die Person muss es erfahren, oder es muss geprüft werden
decides-CaseworkerOverride = Ich entscheide es, als Fachkraft
decides-CompetentBody = Die dafür zuständige Stelle hat entschieden
finds-upheld = Ja, es war richtig
finds-not-upheld = Nein. Ziehen Sie dann die Verweisung zurück, und sagen Sie es der Person
verdict-upheld = Jemand anderes hat es geprüft: Es war richtig.
verdict-not-upheld = Jemand anderes hat es geprüft: Es war nicht richtig. Die Verweisung ist zurückzuziehen, und die Person muss es erfahren.

gone-title = Dieser Entwurf kann nirgends mehr hin
gone-note = Sie hatten begonnen, in dieser Verweisung mehr mitzuteilen; inzwischen wurde sie zurückgezogen oder gelöscht. Aus diesem Entwurf wurde nichts gesendet. Verwerfen Sie ihn, oder beginnen Sie eine neue Verweisung.
