span-days = { $count ->
    [one] { $count } día
   *[other] { $count } días
}
span-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
}
span-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minutos
}
note-another-country = otro país

note-clock-behind = El reloj de este equipo va { $span } atrasado. Mientras tanto se usa una hora que la autoridad ha firmado. Pida que pongan el reloj en hora.
note-registry-old = La lista de entidades se confirmó por última vez hace { $span }. Una entidad que desde entonces haya perdido su inscripción puede verse aquí aún activa. Si este equipo está conectado y sigue así, llame a su autoridad.
note-registry-older = La lista de entidades se confirmó por última vez hace { $span }. No se envía nada a entidades nuevas o cambiadas desde entonces. Si este equipo está conectado y sigue así, llame a su autoridad.
note-registry-over = La lista de entidades se confirmó por última vez hace { $span }. Ya no se envía nada. Llame por teléfono y pida que conecten este equipo; si está conectado, llame a su autoridad.
note-registry-undated = La lista de entidades no tiene fecha firmada, por eso no se envía nada. Llame por teléfono y pida que conecten este equipo; si está conectado, llame a su autoridad.
note-waits-suspended = La inscripción de { $agency } está suspendida. Mensajes que la esperan aquí: { $count }. Salen solos cuando vuelva a estar activa. Si alguien necesita ayuda ahora, llame a otra entidad.
note-drafts-end = Borradores que se borran dentro de una semana si nadie los cambia: { $count }. Vea «Borradores».
note-held = Mensajes que llegaron y se retienen, porque la inscripción de quien los envió está suspendida o aún no consta en la lista: { $count }. Se muestran en cuanto esté activa.
note-place-waits = Este equipo ocupa el lugar de otro a partir de { $time }. Antes el relé no lo deja entrar. Déjelo en marcha.
note-key-made = La clave nueva de este equipo está hecha. Se pide en cuanto el equipo esté conectado.
note-key-waits = La clave de identidad nueva espera a su autoridad. Léale por teléfono las ocho palabras: están en la página de las claves.
note-key-unpublished = La clave de conexión nueva espera a que su autoridad publique de nuevo la lista de entidades. No hay nada que hacer.
note-key-done = La clave nueva vale y se usará cuando la lista de entidades haya llegado aquí. No hay nada que hacer.
note-key-not-taken = La clave nueva no se aceptó. Llame a su autoridad y renuncie después al cambio como dice la página de las claves.
note-renew-tls = La clave de conexión debería renovarse en { $days } y aún no se ha hecho. Deje este equipo en marcha y conectado. Nada se detiene si es más tarde.
note-renew-identity = La clave de identidad debería renovarse en { $days }. Lo hace alguien de administración en la página de las claves. Nada se detiene si es más tarde.
note-keys-end = Dentro de { $days } nadie podrá escribir a esta entidad, porque este equipo no se conecta desde hace semanas. Pida que lo conecten.
note-own-suspended = La inscripción de esta entidad está suspendida, por eso el relé no la deja entrar. Mensajes que esperan aquí: { $count }. Salen solos cuando vuelva a estar activa. Si alguien necesita ayuda ahora, llame por teléfono.
note-own-revoked = La inscripción de este equipo fue revocada. Mensajes que ya no saldrán de él: { $count }. Llame a las entidades y envíelos de nuevo desde el equipo que su entidad tiene ahora.

note-message-waits = Algo que usted retira en { $agency } espera aquí, porque su autoridad no está reconocida en este momento. Llame y dígaselo.
note-message-late = No ha llegado a tiempo ningún acuse de { $agency }. Llame, y no cuente con que lo tengan.
note-message-expired = Un mensaje a { $agency } no llegó: nadie lo recogió a tiempo. Llame y, si aún hace falta, envíelo de nuevo.
note-message-failed = Un mensaje a { $agency } no llegó y ya no se intenta más. Llame o elija otra entidad; si aún hace falta, envíelo de nuevo.
note-key-refused = Una clave de { $agency } que sirvió el relé no debe usarse. No se sella nada con ella. Llame a la entidad y a su autoridad.
note-case-damaged = Algo de lo que se guarda de la derivación { $digits } no se puede leer, y sus plazos no se vigilan. Vigílela usted y avise a quien se ocupa de este equipo.
note-chain-forked = Puede que un segundo equipo use la identidad de { $agency }. Llame al número que usted conoce antes de enviar nada.
note-chain-back = El equipo de { $agency } ha vuelto a un día anterior sin decirlo, o un segundo usa su identidad. Llame al número que usted conoce.
note-chain-longer = { $agency } ha visto más mensajes de esta entidad de los que este equipo recuerda. Si se restauró de una copia de seguridad, avise a quien se ocupa de él; si no, puede que un segundo equipo use su identidad: llame a su autoridad.
note-restored = El equipo de { $agency } se restauró de una copia de seguridad y perdió mensajes de usted: { $count }. Quien se ocupa de este equipo puede enviarlos otra vez (safeconduct resend).
note-restored-erased = El equipo de { $agency } se restauró de una copia de seguridad y perdió mensajes de usted: { $count }, y { $gone } cuyo contenido está borrado aquí. Quien se ocupa de este equipo puede enviar los otros otra vez (safeconduct resend).
note-place-taken = La autoridad pone otro equipo en el lugar de este. Este queda fuera a partir de { $time }. Si nadie de su entidad lo pidió, llame antes a su autoridad.
note-own-key-newer = Este equipo tiene una clave de identidad antigua y nadie puede escribirle: se restauró de una copia antigua, o alguien más renovó la clave. Pida que restauren una copia más nueva. Si nadie de su entidad la renovó, llame ahora a su autoridad.
note-place-given = Se puso otro equipo en el lugar de este y nadie puede escribir a este. Use el otro. Si nadie de su entidad lo pidió, llame ahora a su autoridad.
note-own-key-other = La lista de entidades nombra otra clave de identidad para este equipo y nadie puede escribirle. Si nadie de su entidad lo pidió, llame ahora a su autoridad.
note-fork-before = Alguien ha firmado una lista de entidades falsa con una clave que su autoridad ya sustituyó. Este equipo sigue con la clave nueva. Llame a su autoridad y entregue el archivo.
note-fork = Su autoridad ha firmado dos listas de entidades distintas. Este equipo ya no acepta cambios de ella. Llame a la autoridad y a las entidades con las que trabaja, guarde la carpeta de datos y entregue el archivo.
note-registry-withheld = Otras entidades han visto desde hace más de un día una lista de entidades más nueva, y el relé no se la da a este equipo. Llame a su autoridad.
note-nameless = Entidades de las que el directorio no muestra nada aquí: { $count }. El relé no da sus datos a este equipo. Llame a su autoridad.
note-messages-withheld = En un día llegaron { $count } mensajes de { $senders } entidades de un modo poco habitual. Puede que el relé retenga mensajes. Llame a su autoridad.
note-fork-abroad = La autoridad de { $country } ha firmado dos listas de entidades distintas. No envíe nada allí, guarde la carpeta de datos y llame a su autoridad.
note-nameless-abroad = Entidades de { $country } de las que el directorio no muestra nada aquí: { $count }. El relé no da sus datos a este equipo. Llame a su autoridad.
note-time-ahead = La autoridad ha firmado la hora { $time }, que va { $days } por delante del reloj de este equipo. Mire otro reloj. Si el de este equipo está mal, pida que lo pongan en hora; si está bien, llame a su autoridad.
note-time-ahead-abroad = La autoridad de { $country } ha firmado la hora { $time }, que va { $days } por delante del reloj de este equipo. Mire otro reloj. Si el de este equipo está mal, pida que lo pongan en hora; si está bien, llame a su autoridad.
note-alarms-locked = Alarmas: { $count }. Desbloquee la lectura para verlas.

note-refused = { $why }
note-look-locked = Alguien debería mirar esto. Desbloquee la lectura para verlo.
note-disk-unwritable = No se puede escribir nada en la carpeta de datos. Libere espacio, o pida a quien se ocupa de este equipo que permita escribir en ella.
note-disk-unread = No se pudo leer cuánto espacio queda. Pida a quien se ocupa de este equipo que lo mire.
note-disk-full = Solo quedan { $count } MB. Libere espacio ahora: pronto no se podrá enviar ni recibir.
note-disk-low = Quedan { $count } MB. Libere espacio pronto.
note-network-unnamed = No hay ningún relé configurado, por eso no se probó nada. Quien se ocupa de este equipo lo indica en los ajustes.
note-network-untried = No se probó ninguna conexión. Vea lo que dice junto al relé.
note-network-unresolved = El nombre { $address } no se encuentra en la red. Pida que revisen la dirección y el servicio de nombres de este equipo.
note-network-unanswered = Nada responde en { $address }. Puede que un cortafuegos no deje salir UDP, o que el relé esté parado. Pida que revisen la red.
note-relay-unheard = Todavía no hay respuesta. Espere un momento y abra de nuevo esta página.
note-clock-slow = El reloj de este equipo va { $count } segundos por detrás del relé. Pida que lo pongan en hora; si está bien, avise a quien opera el relé.
note-clock-fast = El reloj de este equipo va { $count } segundos por delante del relé. Pida que lo pongan en hora; si está bien, avise a quien opera el relé.
note-clock-alone = No se pudo comparar el reloj con el del relé. Se hará en cuanto este equipo esté conectado.
note-registry-none = Este equipo aún no tiene lista de entidades. Termine su inscripción y pida que lo conecten una vez.
note-witnesses-unknown = No se sabe, porque aquí aún no hay lista de entidades. Termine la inscripción de este equipo.
note-witnesses-none = Ningún testigo firma la lista de entidades. Quien tenga la clave de la autoridad podría mostrar a otros otra lista. Pida a su autoridad que nombre testigos, mejor la autoridad de otro país.
note-witnesses-one = Solo un testigo firma la lista de entidades. Quien tenga ambas claves podría mostrar a otros otra lista. Pida a su autoridad que nombre más, mejor la autoridad de otro país.
note-suspended = La inscripción de esta entidad está suspendida. Llame a su autoridad.
note-revoked = La inscripción de este equipo fue revocada. Llame a su autoridad.
note-not-known-to-relay = Este equipo está activo en la lista de entidades, pero el relé no lo conoce. Pida que revisen la dirección del relé y llame después a su autoridad.
note-not-listed = Este equipo aún no está en la lista de entidades que hay aquí. Pida que lo conecten una vez.
note-not-enrolled = Este equipo aún no está inscrito. Lo hace quien se ocupa de él con el código de su autoridad (safeconduct enrol).
note-own-keys-to-change = La autoridad sola está a punto de cambiar las claves de este equipo. Si nadie de su entidad lo pidió, llame ahora a su autoridad.
note-own-keys-changed = La autoridad sola ha cambiado las claves de este equipo. Si nadie de su entidad lo pidió, llame ahora a su autoridad.
note-keys-of-others = La autoridad sola ha cambiado las claves de: { $agencies }. Llame antes de enviarles nada.
note-prekeys-lost = Claves para recibir que tiene el relé y este equipo ya no puede usar: { $count }. Déjelo conectado: quien use una tomará otra. Si sigue así, llame a su autoridad.
note-prekeys-gone = Las claves para recibir se han agotado, por eso nadie puede escribir a esta entidad. Pida que conecten este equipo: hace otras nuevas.
note-prekeys-none = Aún no hay claves para recibir, por eso nadie puede escribir a esta entidad. Pida que conecten este equipo una vez.
note-prekey-ends = La clave para recibir más nueva termina en { $days }. Deje este equipo conectado: hace una nueva cada día.
note-outbox-given-up = Mensajes que no llegaron y que nadie ha mirado aún: { $count }. Vea las derivaciones y llame.
note-outbox-waits = Mensajes que esperan aquí desde hace más de una hora: { $count }. Llame si es urgente.
note-outbox-late = Mensajes en el relé cuyo acuse se retrasa: { $count }. Llame a las entidades.
note-backup-never = Nunca se hizo una copia de seguridad: lo que hay en este equipo no está en ningún otro sitio. Haga una y guárdela en otro equipo.
note-backup-old = La última copia de seguridad es de hace { $days }. Haga una nueva y guárdela en otro equipo.
note-aside = Cartas que no pasaron una comprobación y se apartaron: { $count }. Una o dos significan poco; muchas significan que alguien intenta algo: llame a su autoridad.

fault-refused = Esto no es posible tal como están las cosas ahora. Mírelo de nuevo; si no ve por qué, enseñe esta página a su responsable.
fault-usage = Algo de lo que se introdujo no encaja. Vuelva atrás, revíselo e inténtelo de nuevo.
fault-not-ready = Primero hay que arreglar algo en este equipo. Enseñe esta página a quien se ocupa de él.
fault-unreachable = No se ha podido llegar hasta allí ahora. Espere un momento e inténtelo de nuevo; si es urgente, llame.
fault-tampering = Algo no encaja como debería. No siga. Enseñe enseguida esta página a quien se ocupa de este equipo y llame a su autoridad.
away-title = Página vacía
away-text = Esta página está vacía.
