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
