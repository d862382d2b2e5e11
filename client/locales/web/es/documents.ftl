documents-title = Documentos
document-untitled = Un documento cuyo consentimiento ha terminado
document-received = recibido de ellos
document-sent = enviado a ellos
document-save = Guardar
document-save-note = Lo que guarde queda en este equipo, al alcance de quienes lo usan. Bórrelo cuando lo haya leído.
document-again = Intentar de nuevo
document-wanted = Aún no enviado: { $title }
document-send = Enviar este documento
document-kib = { $size } kB
document-mib = { $size } MB
notice-document-again = { $count ->
   *[other] Se intenta de nuevo.
}
notice-document-sent = { $count ->
   *[other] El documento está en camino.
}
notice-document-none = { $count ->
   *[other] Elija primero un archivo. No se ha enviado nada.
}

document-kind-pdf = PDF
document-kind-jpg = Imagen
document-kind-png = Imagen
document-kind-txt = Texto
document-kind-ogg = Grabación de sonido
document-kind-odt = Documento escrito

document-state-waiting = se está llevando al relé
document-state-stored = lo tiene el relé
document-state-wanted = se está recogiendo
document-state-held = aquí, y completo
document-state-broken = no es lo que firmó su remitente
document-state-gone = el relé ya no lo tiene
document-state-failed = no se ha podido llevar
document-state-erased = borrado

document-why-consent-over = el consentimiento de la persona ha terminado o se ha retirado
document-why-withdrawn = ninguna versión vigente de la derivación lo menciona
document-why-document-gone = el relé ya no lo tiene
document-why-document-quota = el relé no admite por ahora más documentos de esta entidad
document-why-relay-full = el relé está lleno
document-why-relay-silent = el relé no ha respondido a tiempo
document-why-connection-lost = se ha perdido la conexión
document-why-document-broken = lo que llegó no es lo que firmó su remitente
document-why-document-not-here = su archivo ya no está en este equipo
document-why-disk-full = el disco de este equipo está lleno
document-why-other = pregunte a quien se ocupa de este equipo

papers-title = Documentos que la acompañan
papers-intro = Se sellan solo para { $agency } y salen justo después de enviar. Antes se pregunta a la persona.
papers-none = Aún no se ha añadido ninguno.
papers-section = Sobre: { $section }
papers-ready = listo para enviarse
papers-lost = ya no está disponible: añada de nuevo el mismo archivo o envíelo después desde la derivación
papers-remove = Quitar
papers-add = Añadir un documento
papers-file = El archivo
papers-limits = PDF, imagen (JPEG, PNG), texto, sonido Ogg o texto OpenDocument; 25 MB como máximo cada uno.
papers-name = Cómo se llamará para ellos
papers-name-hint = Por ejemplo: informe médico de mayo. El nombre del archivo no se envía.
papers-about = De qué trata
papers-about-hint = Allí solo puede leer el documento quien pueda leer esta parte.
papers-keep = Dejar en una imagen lo que dice del lugar, la hora y la cámara
papers-add-button = Añadir este documento
papers-without = Continuar sin documentos
papers-link = Documentos: añadir o quitar
papers-later-note = Un documento se añade contando más sobre la persona: si el consentimiento aún no lo abarca, antes se pregunta a la persona.
papers-not-now = Se puede añadir un documento desde que abran la derivación hasta que termine. Antes o después, haga una nueva derivación.
notice-papers-added = { $count ->
   *[other] El documento se ha añadido. Aún no se ha enviado.
}
notice-papers-incomplete = { $count ->
   *[other] Elija un archivo y diga cómo se llama y de qué trata. No se ha añadido nada.
}
notice-papers-level = { $count ->
   *[other] Los documentos solo van con el nivel 3. Elija el nivel 3 y «Documentos» entre las partes del expediente.
}
notice-papers-left = { $count ->
    [one] Un documento no ha salido: elija de nuevo su archivo en la derivación, en «Documentos».
   *[other] { $count } documentos no han salido: elija de nuevo sus archivos en la derivación, en «Documentos».
}
