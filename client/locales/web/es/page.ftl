product = Safeconduct
live-news = Hay novedades. Vuelva a abrir esta página para verlas: lo que ha escrito se perdería, así que envíelo antes.
exit = Salir de esta página
skip = Ir al contenido
languages = Idioma
tasks = Lo que puede hacer
exercise = Ejercicio
exercise-banner = EJERCICIO: aquí nadie es real y nada llega a una entidad real.
signed-as = Sesión de: { $name }
signed-alone = Sesión abierta con la frase de paso de la caja fuerte de este equipo.
sign-out = Cerrar sesión
yes = sí
no = no
choose = Elija
any = Cualquiera
not-said = Sin indicar
comma = ,
time = { $day } de { $month } de { $year }, { $clock }
month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre

sign-in-title = Iniciar sesión
sign-in-name = Su nombre
sign-in-secret = Su contraseña
sign-in-passphrase = Frase de paso de la caja fuerte de este equipo
sign-in-alone-note = Aún no hay personas registradas en este equipo. Quien conoce la frase de paso hace aquí todo.
sign-in-button = Entrar
sign-in-wrong = El nombre o la contraseña no son correctos. Escríbalos de nuevo.
sign-in-held = La contraseña ha sido errónea demasiadas veces. Espere un cuarto de hora o pida otra a su administrador.
sign-in-locked = La lectura está bloqueada en este equipo. Quien se ocupa de él la desbloquea con su frase de paso.
sign-in-failed = No se ha podido iniciar la sesión. Pida a quien se ocupa de este equipo que mire su registro.
sign-in-again = Iniciar sesión
turned-title = Esta página está cerrada
turned-session = Su sesión ha terminado porque la página no se usó durante un tiempo o se abandonó. Los borradores se conservan.
turned-origin = Lo pidió otro sitio web, así que no se hizo nada.
turned-form = Este formulario se mostró en otra sesión. No se hizo nada: abra la página de nuevo.
turned-lost = No hay nada en esta dirección.
told-title = Esto no se ha hecho
told-kept = No se ha enviado ni cambiado nada.
told-back = Volver a las derivaciones
told-back-one = Volver a la derivación
told-typed = Lo que había escrito, para copiarlo desde aquí

banner-connecting = Conectando con el relé. Lo que envíe espera en este equipo hasta entonces.
banner-offline = Sin conexión con el relé. Lo que envíe espera en este equipo y sale solo. Si es urgente, llame también por teléfono.
banner-stale = La lista de entidades no se confirma desde hace un tiempo. El envío continúa.
banner-expired = La lista de entidades es demasiado antigua para fiarse. Llame a la entidad antes de enviar.

notice-done = { $count ->
   *[other] Hecho. La otra entidad lo verá.
}
notice-said = { $count ->
   *[other] Enviado a la otra entidad.
}
notice-sent = { $count ->
    [one] Enviada a una entidad. Abajo verá cuándo llega y cuándo alguien la abre.
   *[other] Enviada a { $count } entidades. Abajo verá cuándo llega y cuándo alguien la abre.
}
notice-nobody = { $count ->
   *[other] Elija al menos una entidad. No se ha enviado nada.
}
notice-discarded = { $count ->
   *[other] El borrador se ha eliminado.
}

tab-referrals = Derivaciones
tab-refer = Derivar a alguien
tab-directory = Quién puede ayudar
refer-now = Derivar a alguien ahora
views = Qué derivaciones
view-all = Todas
view-ours = Nos toca a nosotros
view-theirs = Les toca a ellos
view-late = Con retraso
view-drafts = Borradores
find-referral = Buscar una derivación: una entidad, un código, un nombre
find-button = Buscar
referrals-none = No hay derivaciones aquí.
referrals-not-found = No se ha encontrado nada.
drafts-none = Ningún borrador espera.
draft = Borrador
older = Derivaciones anteriores
column-agency = Entidad
column-state = Estado
column-turn = A quién le toca
column-urgency = Urgencia
column-kind = Tipo
column-changed = Cambiado
column-ends = Se borra el
side-sent = enviada por nosotros
side-received = recibida
turn-ours = a nosotros
turn-theirs = a ellos
turn-nobody = a nadie
late = Con retraso
until = hasta el { $time }

referral-title = Derivación
since = Desde el { $time }
next-ours = Le toca a usted, hasta el { $time }. { $agency } espera.
next-theirs = { $agency } tiene hasta el { $time }. Si no hay noticias, llame.
erased-on = Su contenido se borra aquí el { $time }.
told-too = También se preguntó a:
cautions = Por la seguridad de la persona
open-note = Ha llegado aquí. Cuando la abra, quien la envió sabrá que alguien lo hizo.
open-button = Abrir
do-title = Qué hacer ahora
do-accept = Aceptar
accept-note = Promete ayudar a esta persona. La otra entidad lo sabe enseguida.
do-start = La ayuda ha empezado
do-ask = Pedir más
do-answer = Responder
do-decline = Rechazar
do-close = Cerrar esta derivación
do-withdraw = Retirar toda la derivación
do-ask-level = Pedir más datos de la persona
ask-text = ¿Qué necesita saber?
answer-text = Su respuesta
decline-why = ¿Por qué?
close-outcome = ¿Cómo terminó?
withdraw-note = Se pide a la otra entidad que la borre, y certifica que lo hizo.
withdraw-why = ¿Por qué?
ask-level = ¿Hasta qué nivel?
level = nivel { $level }
level-1 = 1: la situación, sin nombre
level-2 = 2: quién es la persona y cómo contactarla
level-3 = 3: partes elegidas del expediente
no-names-here = Aquí sin nombres, números ni direcciones.
content-title = Lo que dice
show-names = Mostrar nombres
show-names-note = Queda anotado que los ha visto.
folded = También hay:
consent-ended = No se muestra, porque el consentimiento ha terminado:
said-title = Mensajes
say-text = Escribir a la otra entidad
say-note = Enviar
say-question = Hacer como pregunta
post-empty = Nada que mostrar
post-contradicts = su nodo dijo antes otra cosa
log-title = Lo que ha pasado
log-when = Cuándo
log-who = Quién
log-by-person = una persona
log-by-node = su equipo
log-note = Lo que hizo otra entidad está firmado por ella y puede mostrarse como prueba.
log-what = Qué
log-no-change = no cambió nada

refer-title = Derivar a alguien
refer-intro = Primero sin nombre: diga qué hace falta y elija después a quién preguntar.
errors-title = Corrija antes esto
need-services = Qué hace falta
need-more-services = Más servicios
need-urgency = Con qué urgencia
need-urgency-note = ¿En peligro ahora, o sin cama para esta noche? Llame primero, envíe después.
need-age = Edad
need-gender = Género
need-language = Idioma
need-language-too = Otro idioma
need-by = Necesario a más tardar el
need-group = Cuántas personas
need-children = Menores que las acompañan
need-note = Nota
need-note-note = Sin nombres, números ni direcciones. Diga lo que una casa debe saber para responder sí o no.
note-tells = La nota contiene un número o una dirección. Quítelo: diría quién es la persona.
refer-on = Buscar quién puede ayudar
who-title = Quién puede ayudar
who-not-said = sin indicar: { $what }
who-not-sure = Donde dice «no indicado», llame primero.
who-legend = Elija a quién preguntar
who-none = Nadie en el directorio encaja. Cambie lo que hace falta o llame a su línea nacional de ayuda.
who-found = { $count ->
    [0] Ninguna entidad encaja.
    [one] { $count } entidad encaja.
   *[other] { $count } entidades encajan.
}
warnings-title = Revise esto, por favor
they-see = Verán
they-do-not-see = No verán
kept-name = El nombre y la fecha de nacimiento de la persona, salvo que los haya escrito en la nota
kept-contact = Cómo y dónde contactar con la persona
kept-documents = Documentos
kept-story = La historia y el expediente de la persona
they-know-each-other = Cada entidad preguntada ve a quién más se preguntó. La primera que acepta es la elegida.
send-button = Enviar sin nombre a todas las marcadas
change-button = Cambiar
discard = Eliminar este borrador
discard-button = Eliminarlo ahora
phone-always = 24 horas:
reason-offers = ofrece { $what }
reason-speaks = habla { $what }
reason-no-language = no habla { $what }: hace falta intérprete
reason-in = trabaja en { $what }
reason-takes = acoge a { $what }
reason-called = el nombre coincide

directory-role = Tipo de entidad
directory-text = Nombre o lugar
directory-open = Abierta ahora
directory-search = Buscar
directory-empty = El directorio está vacío. Llega del relé cuando esta entidad está inscrita.
directory-more = Más sobre ella
directory-languages = Idiomas
directory-name = Nombre en el registro
phone-first = Llame antes de enviar: sus claves las puso solo la autoridad
quiet-since = sin conexión desde el { $time }
