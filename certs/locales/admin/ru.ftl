# Страница администратора. Один текст на ключ; во всех языках одни и те же ключи и аргументы.

product = Safeconduct, уполномоченный орган
skip = К содержанию
tab-overview = Обзор
tab-agencies = Организации
tab-requests = Заявки
tab-invite = Пригласить
tab-audit = Что было сделано
languages = Язык
lock-button = Закрыть страницу
lock-note = Пока эта страница открыта, другие команды этой программы находят каталог занятым. Она закрывается сама, если ею некоторое время не пользуются; тогда в памяти не остаётся ни одного ключа.
slow-note = Серверы-посредники узнают об этом сразу. Если один из них не отвечает, это занимает до минуты.
knock-warning = Адрес этой страницы открыли второй раз, и это было отклонено. Если это были не вы, кто-то на этом компьютере его видел: закройте страницу и запустите её снова.
cancel = Отмена
back = Назад
warning = Внимание

age-minutes = { $count ->
    [0] только что
    [one] { $count } минуту назад
    [few] { $count } минуты назад
   *[other] { $count } минут назад
}
age-hours = { $count ->
    [one] { $count } час назад
    [few] { $count } часа назад
   *[other] { $count } часов назад
}
age-days = { $count ->
    [one] { $count } день назад
    [few] { $count } дня назад
   *[other] { $count } дней назад
}

overview-title = Обзор
overview-authority = Уполномоченный орган
overview-country = Страна
overview-fingerprint = Отпечаток
overview-fingerprint-note = Сверяйте по телефону, группу за группой.
overview-entries = Записей в реестре
overview-timestamp = Последняя метка времени
overview-no-timestamp = ещё нет
overview-min-version = Наименьшая версия сеансов
overview-active = Действующие организации
overview-suspended = Приостановленные организации
overview-relays = Серверы-посредники
overview-no-relay = Ни один сервер-посредник не зарегистрирован. Зарегистрируйте его командой { $command }.
overview-agreements = Соглашения
overview-no-agreement = Нет: каждая организация может писать любой другой организации этого органа.
overview-recognised = Признанные органы
overview-no-recognised = Нет.
overview-root-keys = На этом компьютере лежат корневые ключи: { $names }. Перенесите их на три носителя вне сети, у трёх разных людей.
overview-stale = Последней метке времени больше 12 часов, и узлы скоро усомнятся в том, что знают. Сообщите серверам сейчас и проверьте таймер, который должен делать это каждые шесть часов.
overview-answers = { $count ->
    [one] { $count } ответ ещё не у своего сервера. Сообщите серверам сейчас.
    [few] { $count } ответа ещё не у своих серверов. Сообщите серверам сейчас.
   *[other] { $count } ответов ещё не у своих серверов. Сообщите серверам сейчас.
}
overview-waiting = { $count ->
    [one] { $count } заявка ждёт вас.
    [few] { $count } заявки ждут вас.
   *[other] { $count } заявок ждут вас.
}
overview-spoiled = { $count ->
    [one] { $count } приглашением воспользовался кто-то другой. Смотрите заявки.
    [few] { $count } приглашениями воспользовался кто-то другой. Смотрите заявки.
   *[other] { $count } приглашениями воспользовался кто-то другой. Смотрите заявки.
}
overview-publish = Опросить серверы и сообщить им сейчас
overview-publish-note = Забирает новые заявки и передаёт серверам свежую метку времени и всё, чего они ещё не знают.
agreement-number = №
agreement-from = От
agreement-to = Кому
agreement-what = Что
agreement-until = До
agreement-over = окончено
agreement-country = Страна
roles-every = все роли
country-any = любая страна
what-enquiries = запросы без имён
what-referrals = направления
what-both = запросы и направления

agencies-title = Организации
agencies-search = Поиск
agencies-search-note = Идентификатор, название, страна, роль или узел
agencies-search-button = Найти
agencies-all = Показать все
agencies-found = { $count ->
    [0] Ничего не найдено.
    [one] { $count } регистрация
    [few] { $count } регистрации
   *[other] { $count } регистраций
}
agencies-empty = Ни одна организация ещё не зарегистрирована. Пригласите первую.
column-agency = Организация
column-country = Страна
column-roles = Роли
column-status = Состояние
column-since = с { $time }
column-entry = Запись
column-relay = Сервер
column-address = Адрес
status-active = Действует
status-suspended = Приостановлена
status-revoked = Отозвана
mark-exercise = Только для учений
mark-relay = Сервер-посредник
mark-override = Ключ сменён одним лишь органом
mark-pending = Смена ключа ждёт до { $time }

agency-title = Организация
agency-id = Идентификатор
agency-names = Названия
agency-node = Узел
agency-home-relay = Домашний сервер
agency-first-entry = Первая запись
agency-newest-entry = Последняя запись
agency-former-keys = Прежние ключи
agency-acts = Что можно сделать
agency-suspend = Приостановить …
agency-resume = Возобновить …
agency-revoke = Отозвать …
agency-revoked-note = Отозванное остаётся отозванным. Если организации снова нужен узел, пригласите её заново.

suspend-title = Приостановить регистрацию
suspend-what = { $agency } не участвует, пока вы не возобновите регистрацию.
suspend-effects = Её соединения прерываются в течение секунды после того, как серверы узнают об этом. Никто не может ей писать, и то, что она отправляет, не принимается. То, что её ждёт, остаётся до своего срока.
suspend-button = Приостановить сейчас
resume-title = Возобновить регистрацию
resume-what = { $agency } снова может участвовать, с тем же узлом и теми же ключами.
resume-effects = Её узел подключается сам и забирает то, что его ждало.
resume-button = Возобновить сейчас
revoke-title = Отозвать регистрацию
revoke-what = Регистрация { $agency } прекращается навсегда.
revoke-effects = Её соединения прерываются, никто не может ей писать, и то, что её ждёт, не доставляется. Отменить это нельзя: организацию пришлось бы пригласить заново, с новыми ключами.
revoke-type = Для подтверждения введите идентификатор организации
revoke-mistyped = Это не тот идентификатор, который указан выше.
revoke-button = Отозвать навсегда

requests-title = Заявки и приглашения
requests-waiting = Ожидающие заявки
requests-none = Ни одна заявка не ждёт.
requests-ask = Спросить серверы о новых
requests-how = Позвоните оператору организации, которого вы знаете, по номеру, который вы знаете. Пусть вам прочтут восемь контрольных слов; вводите их так, как слышите. Никогда не читайте их сами.
requests-why = Здесь показано только первое слово, чтобы вы нашли заявку. Остальные семь можно узнать только от оператора: это и защищает вас от одобрения чужого ключа.
requests-words = Контрольные слова
requests-approve = Одобрить …
requests-reject = Отклонить …
requests-spoiled = Приглашения, которыми воспользовался кто-то другой
requests-spoiled-note = То, что пришло по этим приглашениям, не могло быть сделано организацией. Позвоните ей, выясните, у кого был код, и пригласите её заново.
requests-invitations = Открытые приглашения
requests-no-invitations = Открытых приглашений нет.
invitation-expires = Последний день
invitation-days-left = { $count ->
    [0] кончается сегодня
    [one] ещё { $count } день
    [few] ещё { $count } дня
   *[other] ещё { $count } дней
}
invitation-over = окончено

approve-title = Одобрить заявку
approve-node = Узел
approve-type = Восемь слов, как вы их слышите
approve-type-note = Регистр и пробелы не важны; достаточно первых четырёх букв каждого слова.
approve-check = Сравнить
approve-match-title = Это слова заявки
approve-heard = Эти слова прочёл вам оператор, которого вы знаете? Если они у вас откуда-то ещё, не одобряйте.
approve-what = { $agency } будет зарегистрирована.
approve-effects = Отныне другие организации могут отправлять ей то, что разрешают соглашения, под ключом, который обозначают эти слова. Её узел забирает ответ сам.
approve-button = Одобрить сейчас

reject-title = Отклонить заявку
reject-what = Заявка { $agency } будет отклонена.
reject-effects = Её оператор прочтёт вашу причину. Приглашение использовано; чтобы попробовать снова, пригласите организацию заново.
reject-reason = Причина, которую прочтёт оператор
reject-button = Отклонить сейчас

invite-title = Пригласить организацию
invite-agency = Идентификатор организации
invite-agency-note = Навсегда: две буквы страны, точка, имя строчными латинскими буквами, например { $example }
invite-names = Названия
invite-names-note = Не меньше одного, каждое с тремя буквами своего языка (ISO 639-3), например eng или rus.
invite-language = Язык
invite-name = Название
invite-roles = Чем занимается организация
invite-country = Страна
invite-country-note = Две заглавные буквы; без них — как начинается идентификатор.
invite-exercise = Только для обучения: настоящие направления туда не идут
invite-days = Сколько дней действует код
invite-days-note = от 1 до 30
invite-check = Дальше
invite-correct = Исправить
invite-confirm-title = Пригласить эту организацию?
invite-confirm-what = Для { $agency } создаётся код, который действует один раз, до { $day }.
invite-confirm-effects = Любой, у кого есть код, может один раз попросить стать узлом этой организации. Ничего не регистрируется, пока вы не сверили контрольные слова и не одобрили.
invite-confirm-replaces = Открытое для этой организации приглашение прекращается.
invite-button = Создать код
invite-error-agency = Идентификатор — это две строчные латинские буквы, точка и имя из строчных букв, цифр и дефисов.
invite-error-names = Дайте хотя бы одно название, каждое с тремя строчными буквами своего языка, и каждый язык один раз.
invite-error-roles = Выберите хотя бы одну роль.
invite-error-country = Страна — это две заглавные латинские буквы.
invite-error-days = Дайте от 1 до 30 дней.
invite-error-record = Названия вместе слишком длинны для записи справочника. Сократите их или дайте меньше.
errors-title = Пока это невозможно

result-title = Результат
result-refused = Ничего не сделано
result-tampering = Остановитесь. Возможно, это подделка.
result-invited = { $agency }: приглашение создано
result-code-once = Код показан только здесь и только сейчас. Он не сохраняется.
result-code-shown = Код уже был показан и не сохраняется. Если он утерян, пригласите организацию снова: утерянный код тогда прекращается.
result-print = Напечатать это письмо
result-print-note = Чтобы отправить письмом, напечатайте эту страницу.
result-approved = { $agency } зарегистрирована; её узел — { $node }
result-rejected = Заявка { $agency } отклонена
result-suspended = { $agency }: регистрация приостановлена
result-resumed = { $agency } снова действует
result-revoked = { $agency }: регистрация отозвана
result-published = Серверы опрошены и извещены
result-relays = Серверы-посредники
result-told = извещён
result-not-told = не извещён
result-abroad = за границей, { $country }
result-abroad-note = Он примет наш реестр, когда его орган признает наш.
result-stands = Сделанное остаётся в силе и записано. Ничего не потеряно: известите серверы позже.
result-untold = Ни один сервер не удалось известить.
result-gone = Этого результата больше нет. Сделанное — в списке того, что было сделано.

letter-title = Приглашение в Safeconduct
letter-for = Оператору организации { $agency }
letter-from = От
letter-fingerprint = Отпечаток органа
letter-code = Ваш код
letter-expires = Он действует один раз, до { $day } (UTC). Держите его в тайне: любой, у кого он есть, может подать заявку от имени вашей организации.
letter-step-1 = На компьютере вашего узла запустите: { $command }
letter-step-2 = Программа покажет восемь контрольных слов. Позвоните администратору по номеру, который вы знаете, и прочтите их.
letter-step-3 = Когда администратор одобрит, ваш узел зарегистрируется сам.

audit-title = Что было сделано
audit-none = Здесь ещё ничего не сделано.
audit-time = Время
audit-act = Действие
audit-detail = Подробности
audit-page = Страница { $page } из { $pages }
audit-newer = Новее
audit-older = Старее

turned-title = Эта страница не для этого браузера
turned-cookie = Откройте адрес, который показан в терминале, на этом компьютере. Он действует один раз.
turned-used = Этот адрес уже открывали, а он действует один раз. Если это были не вы, сразу завершите программу в терминале (Ctrl-C) и запустите её снова.
turned-form = Эта форма больше не действует, и ничего не сделано. Вернитесь, загрузите страницу заново и попробуйте снова.
turned-origin = Это пришло не со страницы администратора, и ничего не сделано.
turned-lost = Такой страницы здесь нет.
turned-order = Страница неисправна. Завершите программу в терминале (Ctrl-C) и запустите её снова.
opened-title = Страница открыта
opened-go = Дальше
locked-title = Страница закрыта
locked-text = Ключей больше нет в памяти. Чтобы снова открыть страницу, запустите её в терминале.

role-NgoShelter = Приют (НПО)
role-NgoSupport = Поддержка (НПО)
role-Helpline = Горячая линия
role-HealthService = Здравоохранение
role-SocialService = Социальная служба
role-ChildProtection = Защита детей
role-Guardianship = Опека
role-LegalAid = Юридическая помощь
role-LabourInspectorate = Инспекция труда
role-Police = Полиция
role-BorderGuard = Пограничная служба
role-Prosecution = Прокуратура
role-WitnessProtection = Защита свидетелей
role-ImmigrationAuthority = Миграционная служба
role-AsylumAuthority = Служба по делам убежища
role-CompetentAuthority = Орган по установлению статуса
role-Embassy = Посольство или консульство
role-IomMission = Представительство МОМ
role-UnhcrMission = Представительство УВКБ
role-RedCrossCrescent = Красный Крест или Красный Полумесяц
role-InternationalOrganisation = Международная организация
role-EducationTraining = Образование и обучение
role-NrmCoordinator = Координация НМП
role-NationalRapporteur = Национальный докладчик
