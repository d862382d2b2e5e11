# The auditor's report.

audit-link = Informe de auditoría
audit-title = Informe de auditoría
audit-heading = Informe de auditoría
audit-intro = Qué se hizo en un tiempo y si puede demostrarse. Los ejercicios no se incluyen. Imprímalo con su navegador: lo que no forma parte del informe no se imprime.
audit-wrong-days = No son días, o el último es anterior al primero. En su lugar se muestran los tres últimos meses.
audit-since = Primer día
audit-until = Último día
audit-days = Días
audit-made = Hecho el
audit-by = Por, como seudónimo
audit-count = Derivaciones
audit-received = Recibidas, según lo pronto que alguien miró aquí
audit-looked = Una persona miró
audit-sent = Enviadas, según lo que hizo la otra entidad
audit-answer = La otra entidad
audit-looks = Quién miró
audit-looks-none = Nadie miró una derivación en este tiempo.
audit-person = Persona
audit-roles = Funciones
audit-content = Miradas al contenido
audit-acts = Miradas sin contenido
audit-outside = De ellas, fuera del horario
audit-nobody = Nadie nombrado
audit-left = ya no trabaja aquí
audit-no-hours = Las miradas fuera del horario no se cuentan: esta entidad no ha dicho en el registro cuándo está abierta.
audit-with-reason = { $count ->
    [one] Para { $count } mirada, quien supervisa tuvo que dar un motivo. Consta en el historial de esa derivación.
   *[other] Para { $count } miradas, quien supervisa tuvo que dar un motivo. Consta en el historial de esas derivaciones.
}
audit-overrides = Actos sin consentimiento
audit-overrides-none = Nada se envió sin el consentimiento de la persona.
audit-overrides-used = Enviados sin consentimiento
audit-overrides-told = De ellos, se informó a la persona
audit-overrides-reviewed = De ellos, revisados por otra persona
audit-overrides-open = no todos están revisados
audit-erasures = Borrado
audit-erased = Borradas aquí
audit-certified = Certificadas a otros
audit-certified-to-us = Certificadas a nosotros
audit-overdue = Con retraso ahora
audit-held = Conservadas ahora porque la ley lo exige
audit-integrity = Verificado ahora
audit-integrity-holds = Toda firma y toda cadena de pruebas que puede verificarse es válida.
audit-integrity-fails = Algo no es válido. Avise a quien cuida de este equipo y déjelo como está.
audit-signatures = Firmas válidas
audit-signatures-fail = Firmas no válidas
audit-signatures-no-key = Firmas cuya clave no se conoce aquí
audit-chains = Cadenas de pruebas
audit-chains-count = { $count ->
    [one] { $count } cadena, recalculada desde su primera entrada
   *[other] { $count } cadenas, recalculadas desde su primera entrada
}
audit-chain-damaged = La cadena con { $agency } no es válida: falta una entrada o fue cambiada.
audit-cut = Hay más derivaciones de las que verifica una página. Elija menos días.
audit-integrity-note = Las cadenas y las firmas muestran si lo intercambiado se cambió después. Quién miró consta en el historial propio de este equipo, que ninguna cadena protege: quien tenga la frase de paso de su caja fuerte podría cambiarlo.
audit-files = Archivos creados
audit-released = Periodos cuyas cifras se publicaron
audit-take = Llevarse el historial
audit-take-note = Cada acto de estos días con su prueba, en inglés: entidades, seudónimos y códigos, sin nombres ni contenido. En cada derivación queda anotado que usted se lo llevó.
audit-html = Para leer e imprimir (HTML)

taken-export = Derivaciones exportadas a otra gestión de casos
taken-evidence = Pruebas exportadas, por derivación
taken-audit = Historiales de auditoría leídos o exportados, por derivación

staff-caseworker = Atención de casos
staff-intake = Admisión
staff-may-accept = Admisión que puede aceptar
staff-supervisor = Supervisión
staff-auditor = Auditoría
staff-admin = Administración
