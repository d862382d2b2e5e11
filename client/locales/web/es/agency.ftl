# Esta entidad: sus personas, quién miró qué, sus claves, sus copias y su estado; y la segunda persona que confirma.

tab-agency = Esta entidad
agency-pages = Páginas sobre esta entidad
agency-overview = Resumen
agency-people = Personas
agency-person = Una persona
agency-password = Mi contraseña
agency-looks = Quién miró qué
agency-proof = Qué se hizo y qué lo prueba
agency-keys = Claves y palabras de seguridad
agency-backup = Copia de seguridad
agency-health = Estado y ajustes
agency-you-may = Sus funciones
agency-nobody = Aún no hay nadie registrado
agency-count = { $count ->
    [one] Aquí trabaja { $count } persona
   *[other] Aquí trabajan { $count } personas
}
agency-last-backup = Última copia
agency-no-backup = Nunca se ha hecho ninguna
agency-open = { $count ->
    [0] Todo está bien
    [one] { $count } cosa que mirar
   *[other] { $count } cosas que mirar
}
agency-alone-note = Quien conoce la frase de paso de este equipo hace aquí todo, y nadie puede decir quién hizo qué. Registre quién trabaja aquí, y cada persona entrará con su nombre y su propia contraseña.
agency-add-first = Registrar a la primera persona

may-caseworker = Trabajo de casos
may-intake = Recepción
may-may-accept = Recepción, puede aceptar
may-supervisor = Supervisión
may-auditor = Auditoría
may-admin = Administración
does-caseworker = trabaja con personas y envía derivaciones
does-intake = mira lo que llega, pregunta y rechaza
does-may-accept = mira lo que llega, y además acepta
does-supervisor = hace todo lo que hacen trabajo de casos y recepción, y ve quién miró qué
does-auditor = ve qué se hizo y quién miró, y ningún contenido
does-admin = dice quién trabaja aquí, se ocupa de claves y copias, y no ve ningún contenido

sign-in-wrong-name = El nombre o la contraseña no son correctos. Escriba ambos de nuevo. Tras cinco contraseñas erróneas seguidas, un nombre no se prueba durante un cuarto de hora, se escriba lo que se escriba; su administrador puede darle una contraseña nueva.
people-first-title = Esto cambia cómo entran todas las personas
people-first-sign-in = Desde entonces cada persona entra con su nombre y su propia contraseña. Con la frase de paso de este equipo sola ya no entra nadie.
people-first-you = Usted entra enseguida como esta persona; otras ventanas abiertas aquí terminan.
people-first-admin = La primera persona tiene la administración, para que alguien pueda registrar a las demás.
people-first-passphrase = La frase de paso sigue haciendo falta cuando arranca el equipo y para copias y claves. Guárdela.
people-one-admin = Solo una persona tiene la administración. Si olvida su contraseña, nadie podrá ya registrar ni cambiar a nadie. Registre pronto a una segunda.
people-name = Nombre
people-may = Funciones
people-since = Desde
people-until = hasta el { $time }
people-change = Contraseña nueva, o ya no trabaja aquí
people-add = Registrar a alguien del equipo
people-add-first = Registrar a la primera persona: usted
people-roles = ¿Qué puede hacer aquí esta persona?
people-your-password = Su nueva contraseña
people-first-password = Nueva contraseña para esta persona
people-strength = Al menos 8 caracteres. Lo mejor son varias palabras sin relación entre sí.
people-again = La misma contraseña otra vez
people-own = Su propia contraseña, para confirmar
people-first-button = Registrarme y entrar como esta persona
people-add-button = Registrar a esta persona
people-admins-do = La administración registra a las personas, las da de baja y da contraseñas nuevas.
people-name-taken = Aquí ya trabaja alguien con ese nombre. Añada lo que distingue a las dos personas.
people-name-unusable = Esto no puede ser un nombre aquí: está vacío, es demasiado largo o tiene caracteres ocultos. Escríbalo como lo escribe la persona.
people-role-missing = Marque al menos una cosa que esta persona puede hacer.
people-secret-short = La nueva contraseña es demasiado corta: al menos 8 caracteres.
people-secret-differs = Las dos contraseñas nuevas son distintas. Escríbalas de nuevo.
people-own-wrong = Su propia contraseña no es correcta. No se ha cambiado nada: escríbala de nuevo.
people-held = Ha sido errónea demasiadas veces. No se ha cambiado nada: espere un cuarto de hora.
people-passphrase-wrong = La frase de paso de este equipo no es correcta. No se ha hecho nada: escríbala de nuevo.
people-last-admin = No quedaría nadie que diga quién trabaja aquí. Registre antes a otra persona para la administración.
person-password = Nueva contraseña
person-password-note = Quien olvidó su contraseña recibe de usted una nueva. Todas las páginas que esa persona tiene abiertas terminan enseguida.
person-password-button = Poner esta contraseña
person-end = Ya no trabaja aquí
person-end-open = Esta persona se ha ido
person-end-note = Se cierra su sesión enseguida y ya no puede hacer nada aquí. Lo que hizo se conserva. Quien vuelve se registra de nuevo.
person-end-button = Dar de baja a esta persona ahora
person-back = Volver a las personas
password-alone = Aquí no hay nadie registrado, así que nadie tiene aún contraseña.
password-note = Cuando la cambia, termina cualquier otra página que tenga abierta. Esta continúa.
password-now = Su contraseña actual
password-new = Su nueva contraseña
password-button = Cambiar mi contraseña
notice-first = { $count ->
   *[other] Queda registrada su persona, y ha entrado con su nombre. Registre ahora a su equipo.
}
notice-added = { $count ->
   *[other] Registrada. Esta persona ya puede entrar.
}
notice-ended = { $count ->
   *[other] Dada de baja. Su sesión está cerrada.
}
notice-secret = { $count ->
   *[other] La nueva contraseña ya vale. Lo que esta persona tenía abierto ha terminado.
}
notice-password = { $count ->
   *[other] Su nueva contraseña ya vale. Sus otras páginas abiertas han terminado.
}

looks-note = Cada vez que alguien mira aquí una derivación, o la saca, se guarda una línea. Las líneas no cambian nunca.
looks-person = Quién
looks-referral = Derivación, por sus primeras letras y cifras
looks-since = Desde
looks-until = Hasta
looks-none = Nadie ha mirado.
looks-what = Qué derivación
looks-saw = Qué se vio
looks-why = Por qué
looks-alone = quien tenía la frase de paso
looks-older = Líneas anteriores
looks-proves = Estas líneas son el registro propio de este equipo, para esta entidad. No están firmadas y no prueban nada a otros. Lo que se hizo con una derivación sí está firmado: elija una derivación para ver qué lo prueba.
look-whole = todo
look-nothing = ningún contenido
look-work = para trabajar con ella
look-export = sacada en un archivo
look-audit = para un informe de lo que se hizo
look-evidence = se sacaron pruebas
proof-note = Lo que ambas entidades hicieron con esta derivación, en el orden en que cuenta. Cada firma se acaba de comprobar. Queda anotado que usted lo ha leído.
proof-first = Mire primero esto
proof-proves = Qué prueba y qué no
proof-version = versión { $number }
proof-not = No prueba:
proof-back = Volver a las líneas

keys-own = Sus ocho palabras
keys-own-note = Lea estas palabras por teléfono a otra entidad cuando pregunte si de verdad es usted. Llame al número que conoce, no a uno que le hayan enviado.
keys-language = Hay listas de palabras en inglés, francés, alemán, italiano, ruso y español. Cambie el idioma de esta página para que ambos lean de la misma lista.
keys-node = Número de este nodo
keys-partner = Las palabras de otra entidad
keys-partner-note = Llame y pida que le lean sus ocho palabras. Compare cada una con lo que está escrito aquí.
keys-which = ¿Qué entidad? Su nombre o lugar
keys-show = Mostrar las palabras
keys-nobody = No hay ninguna entidad con ese nombre. Escriba una parte del nombre.
keys-phone = Teléfono:
keys-no-phone = No hay teléfono en el directorio. Use uno que conozca.
keys-differ = Si una sola palabra es distinta, no envíe nada a esa entidad y llame a su autoridad.
keys-age = Edad de las claves de este nodo
keys-identity = Clave de identidad
keys-identity-until = Renuévela antes del { $time }. Nada se detiene si es más tarde.
keys-tls = Clave de conexión
keys-tls-until = Se renueva sola el { $time }.
keys-read = Lea por teléfono a su autoridad estas ocho palabras de la clave nueva:
keys-forget = Para desistir de este cambio, llame primero a su autoridad y escriba después en el equipo:
keys-renew = Renovar ahora la clave de identidad
keys-renew-note = Se hace una clave nueva y se pide a su autoridad que la ponga en vigor. Después usted le lee ocho palabras por teléfono. El papel de la caja fuerte sigue valiendo. Haga luego una copia nueva.
keys-renew-button = Hacer la clave nueva y pedirla
keys-stolen = Si otra persona puede tener la clave de este nodo, no la renueve aquí. Tome el papel de la caja fuerte, llame a su autoridad y escriba en el equipo:
change-made = La clave nueva está hecha; se pide cuando el equipo está conectado.
change-waiting = Una clave nueva espera a su autoridad.
change-done = La clave nueva vale en cuanto llega aquí la lista de entidades.
change-refused = La clave nueva fue descartada. Llame a su autoridad.
change-rejected = Su autoridad ha rechazado la clave nueva. Llámela.
notice-renewed = { $count ->
   *[other] La clave nueva está hecha. Lea sus palabras por teléfono a su autoridad.
}

backup-last = La última copia se hizo el { $time }.
backup-never = Nunca se ha hecho una copia: lo que hay en este equipo no está en ningún otro sitio.
backup-old = La última copia tiene más de una semana. Haga una nueva.
backup-make = Hacer una copia ahora
backup-note = Todo lo que esta entidad guarda en este equipo va a un archivo sellado, salvo los archivos de los documentos. Los documentos (PDF, imágenes, grabaciones) no están en él: guárdelos también en otro lugar.
backup-why-passphrase = La copia se abre con esta frase de paso y con ninguna otra. Escríbala: así sabe que alguien aún la conoce.
backup-button = Hacer la copia
backup-folder = La carpeta de las copias en este equipo
backup-copy = Copie el archivo a otro equipo o a un disco guardado bajo llave: si este equipo se pierde, también su carpeta. Destruya las copias viejas, pues aún contienen lo que se borró después.
backup-admins-do = La administración hace las copias y las prueba.
backup-passphrase-then = No es la frase de paso que tenía este equipo cuando se hizo esa copia. Escríbala de nuevo.
drill-title = Probar una copia
drill-note = Una copia que nunca se probó es una esperanza. Esto la abre, la comprueba entera y dice qué volvería. No se cambia nada. Hágalo una vez al mes.
drill-no-file = Aún no hay ninguna copia en la carpeta. Haga una primero.
drill-which = Qué copia
drill-passphrase = Frase de paso que tenía este equipo entonces
drill-button = Probar esta copia
drill-elsewhere = Para probar un archivo que está en otro sitio, escriba en ese equipo:
drill-good = Esta copia se puede restaurar. Volvería:
drill-failed = Esta copia no se puede restaurar. Haga una nueva ahora.
drill-made = Hecha
drill-agency = Entidad
drill-newest = Mensaje más reciente
drill-no-message = ninguno
drill-received = Mensajes recibidos
drill-sent = Mensajes enviados
drill-waiting = De ellos, aún sin acuse de recibo
drill-evidence = Pruebas, cada una comprobada
drill-identity = Clave de identidad que contiene
drill-nothing-changed = No se ha cambiado nada. Si su clave de identidad es más nueva que la de esta copia, haga una copia nueva: a esta nadie podría escribirle.
notice-backup = { $count ->
   *[other] La copia está escrita. Cópiela a otro equipo y pruébela después aquí abajo.
}

health-open = Lo que alguien debería mirar
health-all-well = Todo está bien.
health-fail = no funciona
health-warn = mire esto
health-well = Esto está bien
check-vault = La caja fuerte, donde se guarda todo
check-disk = El espacio en el disco
check-daemon = El programa en segundo plano
check-configuration = Los ajustes
check-network = La red
check-relay = La conexión con el relé
check-clock = El reloj de este equipo
check-registry = La lista de entidades
check-witnesses = Los testigos de la lista de entidades
check-registration = La inscripción de esta entidad
check-key-changes = Claves que cambió solo la autoridad
check-keys = Las claves para recibir
check-renewals = Las claves por renovar
check-outbox = Lo que hay que enviar
check-alarms = Las alarmas
check-backup = La copia de seguridad
lock-title = Bloquear la lectura
lock-note = Nadie lee ni envía aquí nada más hasta que alguien lo desbloquee con la frase de paso en la página para iniciar sesión; el equipo sigue recibiendo. En el equipo se hace lo mismo con:
lock-button = Bloquear la lectura ahora
unlock-note = La lectura está bloqueada. Quien conoce la frase de paso de este equipo la desbloquea aquí; después, cada persona entra de nuevo.
unlock-button = Desbloquear la lectura
unlock-here = Desbloquear con la frase de paso
settings-title = Ajustes
settings-note = Quien se ocupa de este equipo los cambia en su archivo y vuelve a arrancar el programa.
settings-file = El archivo
settings-version = Versión de este programa
settings-updates = Este programa no busca por sí mismo versiones más nuevas. Pregunte a quien se lo dio y lea la lista de cambios que acompaña a cada versión.
settings-name = Ajuste
settings-value = Ahora
settings-means = Qué significa
settings-by-itself = hallado por sí mismo
setting-relay = Dirección del relé. Póngala solo donde la dirección inscrita no funciona desde aquí.
setting-receipt-delay = Mayor retraso al azar de un acuse de recibo, en segundos. Oculta cuándo trabaja alguien.
setting-settle-tick = Cada cuánto salen las confirmaciones, en milésimas de segundo. Oculta qué se hizo con un mensaje.
setting-cover = Si salen mensajes que no dicen nada en momentos al azar. Que algo se haya enviado no es entonces señal de una derivación.
setting-auto-lock = Minutos sin uso tras los que se bloquea la lectura; 0 para nunca.
setting-api-port = Puerta para otros programas de esta entidad en este equipo; 0 para ninguna.
setting-page-port = Puerta de esta página en este equipo; 0 para ninguna página.
setting-page-lock = Minutos sin uso tras los que esta página cierra su sesión; de 1 a 15.
setting-log = Cuánto escribe el programa en su registro. Ningún nivel escribe un nombre, una dirección ni un texto.

second-title = Una segunda persona debe confirmar
second-note = Esto requiere dos personas de su entidad. Alguien de trabajo de casos o de supervisión lo lee y confirma aquí con su propio nombre y contraseña. Entonces se envía enseguida.
second-to = Va a:
second-name = Nombre de la segunda persona
second-secret = Contraseña de la segunda persona
second-button = Confirmar y enviar
second-back = No enviar
second-wrong = El nombre o la contraseña no son correctos. No se ha enviado nada: escriba ambos de nuevo.
second-same = La segunda persona debe ser otra. No se ha enviado nada.
second-role = Hace falta alguien de trabajo de casos o de supervisión. No se ha enviado nada.

person-roles-note = Elija todo lo que esta persona puede hacer desde ahora. Todas las páginas que tenga abiertas se cierran al instante. Queda constancia de quién lo cambió.
person-roles-own = Puede renunciar a funciones propias. Mientras haya otra persona que administre, ella le da más.
person-roles-button = Cambiar las funciones
person-roles-changed = Qué se cambió
person-roles-was = Antes
person-roles-became = Después
people-roles-own = Nadie se da más funciones mientras otra persona administre aquí. Pídaselo a ella.
notice-roles = { $count ->
   *[other] Las funciones se han cambiado.
}
