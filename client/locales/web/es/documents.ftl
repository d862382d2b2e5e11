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
