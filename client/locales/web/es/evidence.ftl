# Evidence: what proves what happened to a referral, and a file that somebody brings.

evidence-link = Pruebas: qué lo demuestra
evidence-title = Pruebas
evidence-back = Volver a la derivación
evidence-intro = Lo que ambas entidades y el relé firmaron sobre esta derivación. Nadie puede cambiarlo después. No contiene nombres ni nada de lo que dice la derivación.
evidence-holds = Verificado ahora mismo: es válido.
evidence-holds-count = { $count ->
    [one] { $count } afirmación queda demostrada incluso ante quien no confía en ninguna de las dos entidades.
   *[other] { $count } afirmaciones quedan demostradas incluso ante quien no confía en ninguna de las dos entidades.
}
evidence-fails = Verificado ahora mismo: algo no es válido. No se fíe de ello y avise a quien cuida de este equipo.
evidence-none = Todavía no hay archivo de pruebas.
evidence-look-first = Mire esto primero
evidence-way = Hasta dónde llegó
evidence-no-proof = Sin prueba:
evidence-take-title = Para llevar
evidence-take-none = Cuando se haya enviado la derivación, podrá llevarse sus pruebas desde aquí.
evidence-take-note = El archivo demuestra a cualquiera lo que consta aquí. No contiene nombres, contenido ni código del caso: solo entidades, horas y firmas.
evidence-take = Guardar las pruebas en un archivo
evidence-take-content = Guardarlo con la propia derivación
evidence-content-note = El archivo dice entonces quién es la persona a quien pueda leerlo. Entréguelo solo a un tribunal o a una autoridad que pueda tenerlo y guárdelo como el expediente. Queda anotado que usted lo hizo.
evidence-verify-note = Cualquiera verifica el archivo sin red con esta única línea o en una página como esta:
evidence-each = Cada prueba
evidence-each-note = Cada firma se acaba de verificar con las claves que nombra el registro. Las horas son las de quien firmó.
evidence-verified = Verificado ahora
evidence-proves = Qué demuestra
evidence-proves-not = Qué no demuestra
evidence-person = una persona de allí, { $person }
evidence-confirmed = lo confirmó una segunda persona
proof-by-relay = El relé

bring-title = Verificar un archivo de pruebas
check-link = Verificar un archivo aquí
check-intro = Alguien le trae un archivo que dice demostrar lo que ocurrió con una derivación. Se verifica en este equipo. No se guarda nada de él y nadie se entera.
check-file = El archivo
check-button = Verificar
check-no-file = No llegó ningún archivo. Elija el archivo y después verifique.
check-too-long = Este archivo es demasiado largo para ser una prueba. Elija el correcto.
check-not-evidence = Este no es un archivo de pruebas de Safeconduct.
check-fails = No es válido. No se fíe de este archivo: fue modificado o mal compuesto. Pídalo de nuevo a su origen.
check-holds = Todo en él es válido. Abajo consta qué demuestra y qué no.

stage-signed = { $agency } la firmó y la envió.
stage-relay = El relé se hizo cargo de ella para { $agency }.
stage-delivered = Llegó a { $agency }: su equipo la abrió, la verificó y la guarda.
stage-opened = Una persona de { $agency } la abrió.
stage-decided = { $agency } respondió: aceptada o rechazada.
missing-signed = { $agency } todavía no la firmó. Quizá espere en este equipo: mire su estado.
missing-relay = Ningún relé firmó que se hizo cargo de ella para { $agency }. Quizá siga en camino; si es urgente, llame.
missing-delivered = Nada muestra que llegara a { $agency }. No cuente con ello: llame.
missing-opened = Nada muestra que una persona de { $agency } la mirara. Llegada no significa leída: llame si se hace tarde.
missing-decided = { $agency } todavía no respondió. Nadie prometió ayudar.

proof-revision = la firmó para este único destinatario
proof-unsealed = la escribió; no se firmó
proof-relay-accepted = se hizo cargo de la carta sellada
proof-relay-expired = desistió de ella: nadie la recogió a tiempo
proof-delivered = la recibió: su equipo la abrió, la verificó y la guarda
proof-nack = no pudo abrir la carta
proof-rule = la rechazó por una regla, antes de que nadie la viera

holds-yes = válida
holds-no = no válida
holds-no-key = clave desconocida aquí
holds-not-signed = sin firma

clock-sender = reloj de quien envía
clock-recipient = reloj de quien recibe
clock-relay = reloj del relé
clock-here = reloj de este equipo

proves-act = Su equipo firmó que esto se hizo, con la clave que el registro nombra para él, sobre esta misma derivación.
proves-revision = Quien envía firmó exactamente esta derivación, para este destinatario y ningún otro.
proves-unsealed = Ante otros, nada: se escribió aquí y nunca se firmó.
proves-relay-accepted = Desde ese momento el relé tenía la carta sellada.
proves-relay-expired = El equipo de quien recibe no la recogió en todo ese tiempo.
proves-delivered = El equipo de quien recibe la abrió, la verificó, la aceptó según sus reglas y la guarda.
proves-nack = La carta llegó, y el equipo de quien recibe no pudo abrirla con su clave.
proves-rule = El equipo de quien recibe la rechazó por sí mismo, y nadie de allí la vio.
proves-local = Ante otros, nada: este equipo lo anotó según su propio reloj.
proves-broken = Nada: la firma no es válida.
proves-no-key = Nada todavía: el registro de este equipo no nombra la clave con la que se firmó.

limits-act = Que sea verdad: demuestra que lo dijeron.
limits-revision = Que llegara, ni quién la escribió.
limits-unsealed = Que nadie más la tuviera alguna vez.
limits-relay-accepted = Que llegara al destinatario, ni qué contenía.
limits-relay-expired = Por qué nadie la recogió.
limits-delivered = Que una persona de allí la viera.
limits-nack = Cuándo fue, ni que se leyera algo de ella.
limits-rule = Que la regla juzgara bien, ni qué regla fue.
limits-local = Que ocurriera así en la otra entidad.
limits-broken = Nada de lo que dice esta línea.
limits-no-key = Nada, hasta que el registro nombre la clave.
limits-Opened = Qué leyó esa persona.
limits-InfoRequested = Qué se preguntó: solo ambas entidades pueden leerlo.
limits-InfoProvided = Qué se respondió, ni que bastara.
limits-Accepted = Que se prestara ayuda.
limits-Declined = Que el motivo sea cierto.
limits-DisclosureRaised = Que la persona estuviera de acuerdo: el consentimiento consta en la derivación.
limits-ServiceStarted = Que la persona estuviera allí, ni qué día.
limits-Closed = Que el resultado sea cierto.
limits-Withdrawn = Que se borrara: vea el certificado de borrado.
limits-ConsentChanged = Qué consentimiento, ni qué dijo la persona.
limits-OverrideReviewed = Qué halló la revisión.
limits-ErasureCertified = Que antes no se hiciera otra copia.

alert-override = Se envió sin el consentimiento de la persona.
alert-late = Algo llegó tarde, o un reloj va mal.
alert-gap = Falta un acto firmado: lo que le sigue todavía no cuenta.
alert-equivocation = Se firmaron dos actos distintos con un mismo número: ninguno cuenta.
alert-broken = Hay actos que contradicen la cadena en la que están.
alert-unverified = Una firma no es válida.

verified-authority = La autoridad es la que usted conoce
verified-registry = La autoridad firmó el registro
verified-time = El registro estaba así a una hora firmada
verified-their-authority = La autoridad de quien recibe es la que usted conoce
verified-their-registry = La autoridad de quien recibe firmó su registro
verified-signed = Quien envía firmó esto para este destinatario
verified-before = La clave de quien envía estaba vigente en el registro que el mensaje nombra
verified-after = Un registro firmado, no anterior a los acuses de recibo del mensaje, nombra la clave de quien envía
verified-content = Este es el contenido que se firmó
verified-charged = Un relé se hizo cargo de una carta sellada
verified-stored = El equipo de quien recibe la abrió, la verificó y la guardó
verified-seen = Una persona la vio
verified-given-up = Un relé desistió de una carta: nadie la recogió
verified-act = Una entidad firmó este acto
verified-twice = Una entidad firmó dos actos con un mismo número: ninguno cuenta
verified-details = Estos son los detalles que se firmaron
verified-end = Nada se omitió al final
