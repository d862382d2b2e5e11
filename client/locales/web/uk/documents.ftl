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

papers-title = Документи, що додаються
papers-intro = Їх запечатують лише для { $agency }, і вони йдуть одразу після надсилання. Спершу запитують саму людину.
papers-none = Поки нічого не додано.
papers-section = Про що: { $section }
papers-ready = готовий до надсилання
papers-lost = більше не під рукою: додайте той самий файл ще раз або надішліть його пізніше з перенаправлення
papers-remove = Прибрати
papers-add = Додати документ
papers-file = Файл
papers-limits = PDF, зображення (JPEG, PNG), текст, звук Ogg або текст OpenDocument; не більше 25 МБ кожен.
papers-name = Як він називатиметься в них
papers-name-hint = Наприклад: медичний висновок за травень. Ім'я самого файлу не надсилається.
papers-about = Про що він
papers-about-hint = Там документ зможе прочитати лише той, кому можна читати цю частину.
papers-keep = Залишити в зображенні відомості про місце, час і камеру
papers-add-button = Додати цей документ
papers-without = Продовжити без документів
papers-link = Документи: додати або прибрати
papers-later-note = Документ додають, повідомляючи про людину більше: про те, чого згода ще не охоплює, спершу запитують саму людину.
papers-not-now = Документ можна додати відтоді, як перенаправлення там відкрили, і до його завершення. До цього або після зробіть нове перенаправлення.
notice-papers-added = { $count ->
   *[other] Документ додано. Його ще не надіслано.
}
notice-papers-incomplete = { $count ->
   *[other] Виберіть файл, зазначте, як він називається і про що він. Нічого не додано.
}
notice-papers-level = { $count ->
   *[other] Документи йдуть лише з рівнем 3. Виберіть рівень 3 і «Документи» серед частин справи.
}
notice-papers-left = { $count ->
    [one] Не пішов { $count } документ: виберіть файл ще раз у перенаправленні, у розділі «Документи».
    [few] Не пішли { $count } документи: виберіть файли ще раз у перенаправленні, у розділі «Документи».
   *[many] Не пішли { $count } документів: виберіть файли ще раз у перенаправленні, у розділі «Документи».
}
