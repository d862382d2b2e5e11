documents-title = Документи
document-untitled = Документ, згода на який закінчилася
document-received = отримано від них
document-sent = надіслано їм
document-save = Зберегти
document-save-note = Те, що ви збережете, залишиться на цьому комп'ютері й буде доступне всім, хто ним користується. Прочитавши, видаліть.
document-again = Спробувати ще раз
document-wanted = Ще не надіслано: { $title }
document-send = Надіслати цей документ
document-kib = { $size } кБ
document-mib = { $size } МБ
notice-document-again = { $count ->
   *[other] Робиться ще одна спроба.
}
notice-document-sent = { $count ->
   *[other] Документ у дорозі.
}
notice-document-none = { $count ->
   *[other] Спочатку виберіть файл. Нічого не надіслано.
}

document-kind-pdf = PDF
document-kind-jpg = Зображення
document-kind-png = Зображення
document-kind-txt = Текст
document-kind-ogg = Звукозапис
document-kind-odt = Текстовий документ

document-state-waiting = передається ретранслятору
document-state-stored = у ретранслятора
document-state-wanted = отримується
document-state-held = тут і цілий
document-state-broken = це не те, що підписав відправник
document-state-gone = у ретранслятора його більше немає
document-state-failed = передати не вдалося
document-state-erased = стерто

document-why-consent-over = згода людини на це закінчилася або відкликана
document-why-withdrawn = жодна чинна версія перенаправлення його не називає
document-why-document-gone = у ретранслятора його більше немає
document-why-document-quota = ретранслятор поки не приймає документів цієї організації
document-why-relay-full = ретранслятор переповнений
document-why-relay-silent = ретранслятор не відповів вчасно
document-why-connection-lost = зв'язок перервався
document-why-document-broken = надійшло не те, що підписав відправник
document-why-document-not-here = його файлу більше немає на цьому комп'ютері
document-why-disk-full = диск цього комп'ютера заповнений
document-why-other = запитайте того, хто дбає про цей комп'ютер
