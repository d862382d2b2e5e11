# Figures: how many persons, never who.

tab-figures = Цифри
figures-views = Які цифри
figures-own = Наші цифри
figures-country = Цифри країни
figures-country-title = Цифри країни
figures-intro = Скільки людей перенаправлено, скільком допомогли й скільком відмовили. За цими цифрами нікого не можна впізнати: малі числа приховано.
figures-period = Період
figures-table = Що рахується
figures-every = Усе
figures-side = Перенаправлення
figures-show = Показати
figures-is-released = оприлюднено
figures-is-open = ще не закінчився
figures-released = Оприлюднено { $time } і відтоді заморожено: у ньому більше нічого не змінюється.
figures-open = Цей період ще не закінчився. Це числа на сьогодні.
figures-not-released = Не оприлюднено: ці цифри бачить лише ця організація.
figures-hiding = Числа людей, заокруглені до { $base }; підсумки заокруглено окремо. Число менше { $k } не показується ніколи.
figures-none = За цей період тут нікого не пораховано.
figures-more = Ще цифри
figures-group = Група
figures-persons = Люди
figures-hours = Години
figures-all = Усього
figures-hidden = приховано
figures-at-least = щонайменше { $number }
figures-too-few = замало
figures-withheld = Мале число приховано, щоб за ним нікого не можна було впізнати. «Приховано» не дає обчислити його за іншими.
figures-withheld-all = Показано лише підсумок: групи такі малі, що когось можна було б упізнати.
figures-withheld-hours = «Замало» стоїть там, де для медіани було замало перенаправлень.
figures-take = Узяти цифри з собою
figures-take-note = Що приховано тут, приховано й у файлах.
figures-csv = Таблицею (CSV)
figures-json = Звітом (JSON)
figures-release-title = Оприлюднити цей період
figures-release-note = Спершу подивіться на цифри. Після оприлюднення вони заморожені, і їх можна передати координатору. Помилку можна виправити лише в наступному періоді.
figures-release = Оприлюднити зараз
figures-schedule-title = Оприлюднення само собою
figures-scheduled = З { $time } кожен період оприлюднюється сам, коли закінчиться. До того на нього ніхто не дивиться.
figures-not-scheduled = Людина дивиться кожен період і оприлюднює його.
figures-schedule-on = Відтепер оприлюднювати кожен період самого
figures-schedule-off = Нехай спершу кожен період дивиться людина
figures-uncounted = Що не рахується і чому
notice-released = { $count ->
   *[other] Оприлюднено. Період тепер заморожено.
}
notice-scheduled = { $count ->
   *[other] Від наступного періоду цифри оприлюднюються самі.
}
notice-not-scheduled = { $count ->
   *[other] Відтепер кожен період оприлюднює людина.
}
notice-country = { $count ->
   *[other] Показано вперше. Відтепер цифри лишаються такими.
}
notice-country-none = { $count ->
   *[other] Поки нічого показати не можна: із суми вийшли б числа однієї організації. Покажіть її знову, коли свої числа дасть більше організацій.
}
figures-country-intro = Сума того, що оприлюднили організації. Жодну організацію в ній не названо.
figures-country-none = Жодна організація ще не дала своїх цифр.
figures-reports = { $count ->
    [one] { $count } звіт
    [few] { $count } звіти
    [many] { $count } звітів
   *[other] { $count } звіту
}
figures-country-of = { $count ->
    [one] Сума { $count } звіту.
    [few] Сума { $count } звітів.
    [many] Сума { $count } звітів.
   *[other] Сума { $count } звіту.
}
figures-country-since = Уперше показано { $time }, відтоді не змінювалася.
figures-country-late = { $count ->
    [one] { $count } звіт надійшов пізніше, і його в ній немає.
    [few] { $count } звіти надійшли пізніше, і їх у ній немає.
    [many] { $count } звітів надійшли пізніше, і їх у ній немає.
   *[other] { $count } звіту надійшли пізніше, і їх у ній немає.
}
figures-country-aside = { $count ->
    [one] { $count } звіт у ній відтоді відкладено або замінено.
    [few] { $count } звіти в ній відтоді відкладено або замінено.
    [many] { $count } звітів у ній відтоді відкладено або замінено.
   *[other] { $count } звіту в ній відтоді відкладено або замінено.
}
figures-country-hiding = «Щонайменше» стоїть там, де організація приховує частину. «Приховано» стоїть там, де одна організація дає більшу частину числа або де таке число можна було б обчислити.
figures-country-waits = { $count ->
    [one] Тут { $count } звіт за цей період, і він ураховується.
    [few] Тут { $count } звіти за цей період, і вони враховуються.
    [many] Тут { $count } звітів за цей період, і вони враховуються.
   *[other] Тут { $count } звіту за цей період, і вони враховуються.
}
figures-country-note = Показана сума лишається такою: звіт, який надійде пізніше, до неї не ввійде. Зачекайте, доки надійдуть усі.
figures-country-show = Показати суму зараз

period-quarter = { $number }-й квартал { $year } року
period-half = { $number }-ге півріччя { $year } року

counts-sent = Люди, яких ми перенаправили
counts-received = Люди, яких перенаправили до нас
counts-looked = Люди, перенаправлені до нас: чи хтось тут подивився вчасно
counts-answered = Люди, яких ми перенаправили: чи хтось відповів
counts-basis = На якій підставі дані людей передано іншим
counts-served = Люди, яким почали допомагати тут
counts-declined = Люди, яким ми відмовили
counts-unmet = Люди, яким відмовлено, бо не знайшлося відповідного місця
counts-ended = Люди, чиє перенаправлення закінчилося тут
counts-not-reached = Люди, з якими не вдалося зв'язатися
counts-taken-back = Люди, чиє перенаправлення ми відкликали
counts-escalated = Люди, перенаправлені далі, бо ніхто не подивився вчасно
counts-recalled = Люди, чиє перенаправлення відкликав відправник: чи стерто його за 72 години
counts-to-erase = Люди, чиї дані треба було стерти: чи стерто їх за день
counts-hours-opening = Години від надходження до першого перегляду (медіана)
counts-hours-deciding = Години від першого перегляду до рішення (медіана)
counts-hours-serving = Години від прийняття до початку допомоги (медіана)

split-kind = за видом
split-urgency = за терміновістю
split-role = за видом організації
split-border = у межах країни або через кордон
split-answer = за відповіддю
split-age = за віком
split-basis = за підставою
split-exploitation = за видом експлуатації
split-gender = за статтю
split-sector = за галуззю
split-control = за способом контролю
split-recruitment = за початком вербування
split-citizenship = за громадянством
split-justice = чи можна знати поліції й судам
split-need = чи потреба лишилася без допомоги
split-reason = за причиною
split-service = за послугою
split-region = за регіоном
split-countries = за країнами
split-outcome = за підсумком
split-erasure = за стиранням

cell-not-told = Не сказано
cell-several = Кілька
cell-Other = Інше
cell-ForcedLabour = Примусова праця
cell-SexualExploitation = Сексуальна експлуатація
cell-ChildLabour = Дитяча праця
cell-ForcedMarriage = Примусовий шлюб
cell-Servitude = Домашнє рабство
cell-ForcedMilitaryByNonStateActors = Примус до участі у збройній групі
cell-OrganRemoval = Вилучення органів
cell-ForcedBegging = Примусове жебракування
cell-ForcedAdoption = Примусове або незаконне усиновлення
cell-Surrogacy = Експлуатація сурогатного материнства
cell-x_ForcedCriminality = Примус до злочинів
cell-A_AgricultureForestryAndFishing = Сільське й лісове господарство, рибальство
cell-B_MiningAndQuarrying = Видобуток і кар'єри
cell-C_Manufacturing = Промисловість
cell-D_ElectricityGasSteamAndAirConditioningSupply = Електрика й газ
cell-E_WaterSupplySewerageWasteManagement = Вода й відходи
cell-F_Construction = Будівництво
cell-G_WholesaleAndRetailTradeRepairOfMotorVehicles = Торгівля, ремонт машин
cell-H_TransportationAndStorage = Транспорт і склади
cell-I_AccommodationAndFoodServiceActivities = Готелі й ресторани
cell-J_InformationAndCommunication = Інформація та зв'язок
cell-K_FinancialAndInsuranceActivities = Фінанси й страхування
cell-L_RealEstateActivities = Нерухомість
cell-M_ProfessionalScientificAndTechnicalActivities = Фахова й технічна праця
cell-N_AdministrativeAndSupportServiceActivities = Офіс, прибирання та інші послуги
cell-O_PublicAdministrationAndDefence = Державне управління
cell-P_Education = Школа й освіта
cell-Q_HumanHealthAndSocialWorkActivities = Здоров'я та соціальна допомога
cell-R_ArtsEntertainmentAndRecreation = Мистецтво, розваги, дозвілля
cell-S_OtherServiceActivities = Інші послуги
cell-T_ActivitiesOfHouseholdsAsEmployers = Приватні домівки
cell-U_ActivitiesOfExtraterritorialOrganizations = Міжнародні організації
cell-PhysicalThreats = Погрози насильством
cell-ThreatsLawEnforcement = Погрози поліцією чи владою
cell-ThreatensChildrenFamily = Погрози дітям чи родині
cell-DebtBondage = Борги
cell-FalsePromises = Неправдиві обіцянки
cell-PhysicalAbuse = Фізичне насильство
cell-SexualAbuse = Сексуальне насильство
cell-TakesEarnings = Відбирають заробіток
cell-RestrictsFinancialAccess = Немає доступу до своїх грошей
cell-RestrictsMedicalCare = Немає доступу до лікаря
cell-WithholdsNecessities = Позбавляють їжі й потрібного
cell-PsychologicalAbuse = Психологічне насильство
cell-PsychoactiveSubstance = Наркотики або алкоголь
cell-ExcessiveWorkingHours = Надмірні години роботи
cell-WithholdsDocuments = Відібрано документи
cell-x_RestrictsMovement = Немає свободи пересування
cell-x_UsesChildren = Діти як засіб тиску
cell-AtAPlaceOfBusiness = У фірмі чи крамниці
cell-AtAnEducationalInstitution = У школі
cell-AtWork = На роботі
cell-ThroughOnlineSocialNetworks = Через соціальні мережі
cell-ThroughAnOnlineAdvertisement = Через оголошення в інтернеті
cell-ThroughATelevisionAdvert = Через оголошення на телебаченні
cell-ThroughANewspaperAdvert = Через оголошення в газеті
cell-ThroughFamilyOrFamilyEvents = Через родину
cell-ThroughFriendsOrSocialEvents = Через друзів
cell-InformedConsent = Згода людини
cell-AssentAndGuardianConsent = Згода дитини й опікуна
cell-GuardianConsent = Згода опікуна
cell-BestInterestDetermination = Найкращі інтереси дитини
cell-VitalInterest = Небезпека для життя
cell-LegalObligation = Обов'язок за законом
cell-answered = Відповіли
cell-opened-only = Відкрито, без відповіді
cell-no-answer = Немає відповіді
cell-waiting = Ще чекає
cell-taken-back = Відкликано
cell-in-time = Вчасно
cell-late = Пізно
cell-within = У межах країни
cell-across = Через кордон
cell-without-justice-consent = Поліції й судам знати не можна
cell-with-justice-consent = Поліції й судам знати можна
cell-unmet-need = Потреба лишилася без допомоги: місця не знайшлося
cell-other-reason = Інша причина
cell-own-country = Ця країна
cell-Africa = Африка
cell-Americas = Америка
cell-Asia = Азія
cell-Europe = Європа
cell-Oceania = Океанія
cell-elsewhere = Інші місця

uncounted-M07 = Чи вчасно перевірено дію без згоди: це стоїть у журналі кожної справи.
uncounted-M08 = Опікуни й рішення в найкращих інтересах дітей: вони стоять у тексті перенаправлення.
uncounted-M09 = Строки на роздуми: вони стоять у журналі кожної справи.
uncounted-M12 = Оцінка ризику й прийом тих, хто повертається: вони стоять у справі.
uncounted-M14 = Організації та послуги за регіонами: їх рахують за реєстром.
uncounted-M15 = Імовірні та встановлені постраждалі окремо: цей статус не рахується.
