# Refer somebody without their consent: life in danger, or a duty of law. One text a key; every language has the same keys and arguments.

without-title = Sin el consentimiento de la persona
without-open = No se puede preguntar a la persona, o una ley nos obliga
without-intro = Esta es la excepción. Siempre que se pueda preguntar a la persona, pregúntele.
without-ask = Preguntar a la persona, después de todo
without-danger = No se puede preguntar a la persona, y hay una vida en peligro
without-danger-means = La vida o la salud de alguien está en peligro ahora, la persona no puede responder o no se la puede localizar a tiempo, y esta entidad puede salvarla. Diga solo lo que evita el peligro.
without-told-within = { $count ->
    [one] Hay que informar de ello a la persona en el plazo de { $count } hora.
   *[other] Hay que informar de ello a la persona en el plazo de { $count } horas.
}
without-reviewed-within = { $count ->
    [one] Después, otra persona de su entidad debe revisarlo, en el plazo de { $count } hora.
   *[other] Después, otra persona de su entidad debe revisarlo, en el plazo de { $count } horas.
}
without-only = A esta entidad se le dice como máximo el nivel { $level }, y solo se le pide: { $services }. Una segunda persona lo confirma antes de enviarlo.
without-why = ¿Cuál es el peligro y por qué no se puede preguntar a la persona?
without-why-note = En una o dos frases, sin nombres. La otra entidad lo lee, y quizá la persona lo lea más adelante.
without-giver = Quién lo decide
without-decided = Decidido
without-told = Cuándo se informa a la persona
without-hours = Antes del { $time } ({ $hours } horas)
without-knows = La persona ya lo sabe
without-danger-button = Continuar sin consentimiento: vida en peligro
without-duty = Una ley nos obliga a decirlo a esta entidad
without-duty-means = La ley exige que se avise a esta entidad, quiera lo que quiera la persona. Dígaselo a la persona antes de hacerlo, si eso no pone a nadie en peligro. Solo se dice lo que la ley exige.
without-law = Qué ley
without-law-within = { $count ->
    [one] Debe hacerse en el plazo de { $count } hora.
   *[other] Debe hacerse en el plazo de { $count } horas.
}
without-law-level = Permite como máximo el nivel { $level }: lo que este borrador dice de más se elimina de él.
without-law-before = Se informa antes a la persona.
without-law-why = Por qué se aplica aquí
without-duty-button = Continuar sin consentimiento: la ley lo exige
without-none = Esto no puede ir a esta entidad sin el consentimiento de la persona. Pregunte a la persona, o pida ayuda sin dar un nombre.
without-rescuers = Cuando hay una vida en peligro, se puede informar sin consentimiento a los servicios de salud, sociales y de protección de la infancia, a las casas de acogida y a la policía. Esta entidad no es ninguna de ellas.

who-police = Vida en peligro, y solo la policía puede ayudar
who-police-note = Llame primero por teléfono. A la policía solo se la informa sin consentimiento para evitar un peligro para la vida. Lo que se necesita debe ser ayuda de emergencia: un lugar seguro para esta noche, un médico, transporte, un plan de seguridad o una denuncia.
who-police-button = A la policía (aún no se envía nada)

consent-no-discard = Ha dicho que no, y no debe enviarse nada
check-unasked = Esto va sin el consentimiento de la persona.
check-unasked-told = Hay que informar a la persona antes del { $time }.
check-send-unasked = Enviar sin consentimiento a { $agency }

unasked-danger = No se preguntó a la persona: vida en peligro
unasked-duty = No se preguntó a la persona: una ley lo exige
unasked-sent-danger = Esto se decidió en lugar de la persona. En cuanto se la pueda localizar, dígale qué se dijo, a quién y por qué. Desde entonces decide ella.
unasked-sent-duty = Su entidad estaba obligada por ley a decirlo. La persona debe saber por usted qué se dijo, a quién y por qué ley.
unasked-here-danger = La persona no lo ha consentido, y quizá no sepa que ustedes tienen esto. Úselo solo para evitar el peligro, no lo diga a nadie más y pregunte usted a la persona en cuanto pueda responder.
unasked-here-duty = La persona no lo ha consentido; una ley exige que se les informe. Úselo solo para lo que dice esa ley, y dígaselo a la persona.
unasked-until = Hay que informar a la persona antes del { $time }.
unasked-told = Se informó a la persona el { $date }.
unasked-told-once = Se informó a la persona.
unasked-knew = La persona lo sabía antes de que se enviara.
unasked-told-day = ¿Qué día se informó a la persona?
unasked-told-button = Se ha informado a la persona
unasked-review = Alguien que no lo envió debe revisarlo antes del { $time }.
unasked-review-who = Lo revisa aquí alguien de supervisión que no lo haya enviado.
unasked-review-legend = ¿Fue correcto enviar esto sin consentimiento?
unasked-review-why = Por qué
unasked-review-button = Anotar lo que he encontrado
unasked-owed = Hay que informar a la persona, o alguien debe revisarlo
decides-CaseworkerOverride = Lo decido yo, como profesional
decides-CompetentBody = Lo ha decidido el órgano competente
finds-upheld = Sí, fue correcto
finds-not-upheld = No. Retire entonces la derivación e informe a la persona
verdict-upheld = Otra persona lo ha revisado: fue correcto.
verdict-not-upheld = Otra persona lo ha revisado: no fue correcto. Hay que retirar la derivación e informar a la persona.

gone-title = Este borrador ya no puede ir a ninguna parte
gone-note = Había empezado a decir más en esta derivación, pero entretanto se retiró o se borró. No se envió nada de este borrador. Elimínelo o empiece una derivación nueva.
