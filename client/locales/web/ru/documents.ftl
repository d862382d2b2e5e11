documents-title = Документы
document-untitled = Документ, согласие на который закончилось
document-received = получен от них
document-sent = отправлен им
document-save = Сохранить
document-save-note = То, что вы сохраните, останется на этом компьютере и будет доступно всем, кто им пользуется. Прочитав, удалите.
document-again = Попробовать ещё раз
document-wanted = Ещё не отправлено: { $title }
document-send = Отправить этот документ
document-kib = { $size } кБ
document-mib = { $size } МБ
notice-document-again = { $count ->
   *[other] Делается ещё одна попытка.
}
notice-document-sent = { $count ->
   *[other] Документ в пути.
}
notice-document-none = { $count ->
   *[other] Сначала выберите файл. Ничего не отправлено.
}

document-kind-pdf = PDF
document-kind-jpg = Изображение
document-kind-png = Изображение
document-kind-txt = Текст
document-kind-ogg = Звукозапись
document-kind-odt = Текстовый документ

document-state-waiting = передаётся ретранслятору
document-state-stored = у ретранслятора
document-state-wanted = принимается
document-state-held = здесь и целиком
document-state-broken = это не то, что подписал отправитель
document-state-gone = у ретранслятора его больше нет
document-state-failed = передать не удалось
document-state-erased = стёрт

document-why-consent-over = согласие человека на это закончилось или отозвано
document-why-withdrawn = ни одна действующая версия перенаправления его не называет
document-why-document-gone = у ретранслятора его больше нет
document-why-document-quota = ретранслятор пока не принимает документы этой организации
document-why-relay-full = ретранслятор переполнен
document-why-relay-silent = ретранслятор не ответил вовремя
document-why-connection-lost = связь прервалась
document-why-document-broken = пришло не то, что подписал отправитель
document-why-document-not-here = его файла больше нет на этом компьютере
document-why-disk-full = диск этого компьютера заполнен
document-why-other = спросите того, кто следит за этим компьютером

papers-title = Документы, которые прилагаются
papers-intro = Их запечатывают только для { $agency }, и они уходят сразу после отправки. Сначала спрашивают самого человека.
papers-none = Пока ничего не добавлено.
papers-section = О чём: { $section }
papers-ready = готов к отправке
papers-lost = больше не под рукой: добавьте тот же файл ещё раз или отправьте его позже из перенаправления
papers-remove = Убрать
papers-add = Добавить документ
papers-file = Файл
papers-limits = PDF, изображение (JPEG, PNG), текст, звук Ogg или текст OpenDocument; не больше 25 МБ каждый.
papers-name = Как он будет называться у них
papers-name-hint = Например: медицинское заключение за май. Имя самого файла не отправляется.
papers-about = О чём он
papers-about-hint = Там документ сможет прочесть только тот, кому можно читать эту часть.
papers-keep = Оставить в изображении сведения о месте, времени и камере
papers-add-button = Добавить этот документ
papers-without = Продолжить без документов
papers-link = Документы: добавить или убрать
papers-later-note = Документ добавляют, сообщая о человеке больше: о том, чего согласие ещё не охватывает, сначала спрашивают самого человека.
papers-not-now = Документ можно добавить с того времени, как перенаправление там открыли, и до его завершения. До этого или после сделайте новое перенаправление.
notice-papers-added = { $count ->
   *[other] Документ добавлен. Он ещё не отправлен.
}
notice-papers-incomplete = { $count ->
   *[other] Выберите файл, укажите, как он называется и о чём он. Ничего не добавлено.
}
notice-papers-level = { $count ->
   *[other] Документы идут только с уровнем 3. Выберите уровень 3 и «Документы» среди частей дела.
}
notice-papers-left = { $count ->
    [one] Не ушёл { $count } документ: выберите файл ещё раз в перенаправлении, в разделе «Документы».
    [few] Не ушли { $count } документа: выберите файлы ещё раз в перенаправлении, в разделе «Документы».
   *[many] Не ушли { $count } документов: выберите файлы ещё раз в перенаправлении, в разделе «Документы».
}
