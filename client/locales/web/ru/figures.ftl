# Figures: how many persons, never who.

tab-figures = Цифры
figures-views = Какие цифры
figures-own = Наши цифры
figures-country = Цифры страны
figures-country-title = Цифры страны
figures-intro = Сколько людей перенаправлено, скольким помогли и скольким отказали. По этим цифрам никого нельзя узнать: малые числа скрыты.
figures-period = Период
figures-table = Что считается
figures-every = Всё
figures-side = Перенаправления
figures-show = Показать
figures-is-released = опубликован
figures-is-open = ещё не закончен
figures-released = Опубликован { $time } и с тех пор заморожен: в нём больше ничего не меняется.
figures-open = Этот период ещё не закончен. Это числа на сегодня.
figures-not-released = Не опубликован: эти цифры видит только эта организация.
figures-hiding = Числа людей, округлённые до { $base }; итоги округлены отдельно. Число меньше { $k } не показывается никогда.
figures-none = За этот период здесь никто не посчитан.
figures-more = Ещё цифры
figures-group = Группа
figures-persons = Люди
figures-hours = Часы
figures-all = Всего
figures-hidden = скрыто
figures-at-least = не менее { $number }
figures-too-few = слишком мало
figures-withheld = Малое число скрыто, чтобы по нему никого нельзя было узнать. «Скрыто» не даёт вычислить его по остальным.
figures-withheld-all = Показан только итог: группы так малы, что кого-то можно было бы узнать.
figures-withheld-hours = «Слишком мало» стоит там, где для медианы было слишком мало перенаправлений.
figures-take = Взять цифры с собой
figures-take-note = Что скрыто здесь, скрыто и в файлах.
figures-csv = Таблицей (CSV)
figures-json = Отчётом (JSON)
figures-release-title = Опубликовать этот период
figures-release-note = Сначала посмотрите на цифры. После публикации они заморожены и могут быть переданы координатору. Ошибку можно исправить только в следующем периоде.
figures-release = Опубликовать сейчас
figures-schedule-title = Публикация сама собой
figures-scheduled = С { $time } каждый период публикуется сам, когда закончится. До этого на него никто не смотрит.
figures-not-scheduled = Человек смотрит каждый период и публикует его.
figures-schedule-on = Публиковать отныне каждый период сам собой
figures-schedule-off = Пусть сначала каждый период смотрит человек
figures-uncounted = Что не считается и почему
notice-released = { $count ->
   *[other] Опубликовано. Период теперь заморожен.
}
notice-scheduled = { $count ->
   *[other] Начиная со следующего периода цифры публикуются сами.
}
notice-not-scheduled = { $count ->
   *[other] Отныне каждый период публикует человек.
}
notice-country = { $count ->
   *[other] Показано впервые. Отныне цифры остаются такими.
}
notice-country-none = { $count ->
   *[other] Пока ничего показать нельзя: из суммы вышли бы числа одной организации. Покажите её снова, когда свои числа дадут больше организаций.
}
figures-country-intro = Сумма того, что опубликовали организации. Ни одна организация в ней не названа.
figures-country-none = Ни одна организация ещё не дала своих цифр.
figures-reports = { $count ->
    [one] { $count } отчёт
    [few] { $count } отчёта
    [many] { $count } отчётов
   *[other] { $count } отчёта
}
figures-country-of = { $count ->
    [one] Сумма { $count } отчёта.
    [few] Сумма { $count } отчётов.
    [many] Сумма { $count } отчётов.
   *[other] Сумма { $count } отчёта.
}
figures-country-since = Впервые показана { $time } и с тех пор не менялась.
figures-country-late = { $count ->
    [one] { $count } отчёт пришёл позже, и его в ней нет.
    [few] { $count } отчёта пришли позже, и их в ней нет.
    [many] { $count } отчётов пришли позже, и их в ней нет.
   *[other] { $count } отчёта пришли позже, и их в ней нет.
}
figures-country-aside = { $count ->
    [one] { $count } отчёт в ней с тех пор отложен или заменён.
    [few] { $count } отчёта в ней с тех пор отложены или заменены.
    [many] { $count } отчётов в ней с тех пор отложены или заменены.
   *[other] { $count } отчёта в ней с тех пор отложены или заменены.
}
figures-country-hiding = «Не менее» стоит там, где организация скрывает часть. «Скрыто» стоит там, где одна организация даёт большую часть числа или где такое число можно было бы вычислить.
figures-country-waits = { $count ->
    [one] Здесь { $count } отчёт за этот период, и он учитывается.
    [few] Здесь { $count } отчёта за этот период, и они учитываются.
    [many] Здесь { $count } отчётов за этот период, и они учитываются.
   *[other] Здесь { $count } отчёта за этот период, и они учитываются.
}
figures-country-note = Показанная сумма остаётся такой: отчёт, который придёт позже, в неё не войдёт. Подождите, пока придут все.
figures-country-show = Показать сумму сейчас

period-quarter = { $number }-й квартал { $year } года
period-half = { $number }-е полугодие { $year } года

counts-sent = Люди, которых мы перенаправили
counts-received = Люди, которых перенаправили к нам
counts-looked = Люди, перенаправленные к нам: посмотрел ли здесь кто-нибудь вовремя
counts-answered = Люди, которых мы перенаправили: ответил ли кто-нибудь
counts-basis = На каком основании данные людей переданы другим
counts-served = Люди, помощь которым началась здесь
counts-declined = Люди, которым мы отказали
counts-unmet = Люди, которым отказано, так как не нашлось подходящего места
counts-ended = Люди, чьё перенаправление закончилось здесь
counts-not-reached = Люди, с которыми не удалось связаться
counts-taken-back = Люди, чьё перенаправление мы отозвали
counts-escalated = Люди, перенаправленные дальше, так как никто не посмотрел вовремя
counts-recalled = Люди, чьё перенаправление отозвал отправитель: стёрто ли оно за 72 часа
counts-to-erase = Люди, чьи данные надо было стереть: стёрты ли они за день
counts-hours-opening = Часы от прихода до первого просмотра (медиана)
counts-hours-deciding = Часы от первого просмотра до решения (медиана)
counts-hours-serving = Часы от принятия до начала помощи (медиана)

split-kind = по виду
split-urgency = по срочности
split-role = по виду организации
split-border = внутри страны или через границу
split-answer = по ответу
split-age = по возрасту
split-basis = по основанию
split-exploitation = по виду эксплуатации
split-gender = по полу
split-sector = по отрасли
split-control = по способу контроля
split-recruitment = по началу вербовки
split-citizenship = по гражданству
split-justice = можно ли знать полиции и судам
split-need = осталась ли потребность без помощи
split-reason = по причине
split-service = по услуге
split-region = по региону
split-countries = по странам
split-outcome = по итогу
split-erasure = по стиранию

cell-not-told = Не сказано
cell-several = Несколько
cell-Other = Другое
cell-ForcedLabour = Принудительный труд
cell-SexualExploitation = Сексуальная эксплуатация
cell-ChildLabour = Детский труд
cell-ForcedMarriage = Принудительный брак
cell-Servitude = Домашнее рабство
cell-ForcedMilitaryByNonStateActors = Принуждение к участию в вооружённой группе
cell-OrganRemoval = Изъятие органов
cell-ForcedBegging = Принудительное попрошайничество
cell-ForcedAdoption = Принудительное или незаконное усыновление
cell-Surrogacy = Эксплуатация суррогатного материнства
cell-x_ForcedCriminality = Принуждение к преступлениям
cell-A_AgricultureForestryAndFishing = Сельское и лесное хозяйство, рыболовство
cell-B_MiningAndQuarrying = Добыча и карьеры
cell-C_Manufacturing = Промышленность
cell-D_ElectricityGasSteamAndAirConditioningSupply = Электричество и газ
cell-E_WaterSupplySewerageWasteManagement = Вода и отходы
cell-F_Construction = Строительство
cell-G_WholesaleAndRetailTradeRepairOfMotorVehicles = Торговля, ремонт машин
cell-H_TransportationAndStorage = Транспорт и склады
cell-I_AccommodationAndFoodServiceActivities = Гостиницы и рестораны
cell-J_InformationAndCommunication = Информация и связь
cell-K_FinancialAndInsuranceActivities = Финансы и страхование
cell-L_RealEstateActivities = Недвижимость
cell-M_ProfessionalScientificAndTechnicalActivities = Специальный и технический труд
cell-N_AdministrativeAndSupportServiceActivities = Офис, уборка и другие услуги
cell-O_PublicAdministrationAndDefence = Государственное управление
cell-P_Education = Школа и образование
cell-Q_HumanHealthAndSocialWorkActivities = Здоровье и социальная помощь
cell-R_ArtsEntertainmentAndRecreation = Искусство, развлечения, досуг
cell-S_OtherServiceActivities = Другие услуги
cell-T_ActivitiesOfHouseholdsAsEmployers = Частные дома
cell-U_ActivitiesOfExtraterritorialOrganizations = Международные организации
cell-PhysicalThreats = Угрозы насилием
cell-ThreatsLawEnforcement = Угрозы полицией или властями
cell-ThreatensChildrenFamily = Угрозы детям или семье
cell-DebtBondage = Долги
cell-FalsePromises = Ложные обещания
cell-PhysicalAbuse = Физическое насилие
cell-SexualAbuse = Сексуальное насилие
cell-TakesEarnings = Отнимают заработок
cell-RestrictsFinancialAccess = Нет доступа к своим деньгам
cell-RestrictsMedicalCare = Нет доступа к врачу
cell-WithholdsNecessities = Лишают еды и необходимого
cell-PsychologicalAbuse = Психологическое насилие
cell-PsychoactiveSubstance = Наркотики или алкоголь
cell-ExcessiveWorkingHours = Чрезмерные часы работы
cell-WithholdsDocuments = Отняты документы
cell-x_RestrictsMovement = Нет свободы передвижения
cell-x_UsesChildren = Дети как средство давления
cell-AtAPlaceOfBusiness = В фирме или магазине
cell-AtAnEducationalInstitution = В школе
cell-AtWork = На работе
cell-ThroughOnlineSocialNetworks = Через социальные сети
cell-ThroughAnOnlineAdvertisement = Через объявление в интернете
cell-ThroughATelevisionAdvert = Через объявление по телевидению
cell-ThroughANewspaperAdvert = Через объявление в газете
cell-ThroughFamilyOrFamilyEvents = Через семью
cell-ThroughFriendsOrSocialEvents = Через друзей
cell-InformedConsent = Согласие человека
cell-AssentAndGuardianConsent = Согласие ребёнка и опекуна
cell-GuardianConsent = Согласие опекуна
cell-BestInterestDetermination = Наилучшие интересы ребёнка
cell-VitalInterest = Опасность для жизни
cell-LegalObligation = Обязанность по закону
cell-answered = Ответили
cell-opened-only = Открыто, без ответа
cell-no-answer = Нет ответа
cell-waiting = Ещё ждёт
cell-taken-back = Отозвано
cell-in-time = Вовремя
cell-late = Поздно
cell-within = Внутри страны
cell-across = Через границу
cell-without-justice-consent = Полиции и судам знать нельзя
cell-with-justice-consent = Полиции и судам знать можно
cell-unmet-need = Потребность осталась без помощи: места не нашлось
cell-other-reason = Другая причина
cell-own-country = Эта страна
cell-Africa = Африка
cell-Americas = Америка
cell-Asia = Азия
cell-Europe = Европа
cell-Oceania = Океания
cell-elsewhere = Другие места

uncounted-M07 = Проверено ли вовремя действие без согласия: это стоит в журнале каждого дела.
uncounted-M08 = Опекуны и решения в наилучших интересах детей: они стоят в тексте перенаправления.
uncounted-M09 = Сроки на размышление: они стоят в журнале каждого дела.
uncounted-M12 = Оценка риска и приём возвращающихся: они стоят в деле.
uncounted-M14 = Организации и услуги по регионам: они считаются по реестру.
uncounted-M15 = Предполагаемые и установленные пострадавшие раздельно: этот статус не считается.
