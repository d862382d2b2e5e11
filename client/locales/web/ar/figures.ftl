# Figures: how many persons, never who.

tab-figures = الأرقام
figures-views = أي أرقام
figures-own = أرقامنا
figures-country = أرقام البلد
figures-country-title = أرقام البلد
figures-intro = كم شخصاً أُحيل وسوعد ورُفض هنا. لا يمكن التعرف على أحد من هذه الأرقام: الأعداد الصغيرة مخفية.
figures-period = الفترة
figures-table = ما الذي يُعدّ
figures-every = كل شيء
figures-side = الإحالات
figures-show = اعرض
figures-is-released = منشورة
figures-is-open = لم تنتهِ بعد
figures-released = نُشرت في { $time } وجُمّدت منذئذ: لا يتغير فيها شيء بعد.
figures-open = لم تنتهِ هذه الفترة بعد. هذه أعداد اليوم.
figures-not-released = غير منشورة: لا يرى هذه الأرقام إلا هذه الجهة.
figures-hiding = أعداد أشخاص مقرّبة إلى { $base }؛ والمجاميع مقرّبة على حدة. لا يُعرض أبداً عدد أقل من { $k }.
figures-none = لم يُعدّ أحد هنا في هذه الفترة.
figures-more = أرقام أخرى
figures-group = المجموعة
figures-persons = الأشخاص
figures-hours = الساعات
figures-all = المجموع
figures-hidden = مخفي
figures-at-least = { $number } على الأقل
figures-too-few = قليلة جداً
figures-withheld = عدد صغير مخفي كي لا يُعرف به أحد. كلمة «مخفي» تمنع حسابه من الأعداد الأخرى.
figures-withheld-all = يُعرض المجموع وحده: المجموعات صغيرة إلى حد أن أحداً قد يُعرف.
figures-withheld-hours = تُكتب «قليلة جداً» حيث كانت الإحالات أقل من أن يُحسب لها وسيط.
figures-take = خذ الأرقام معك
figures-take-note = ما هو مخفي هنا مخفي في الملفات أيضاً.
figures-csv = جدول (CSV)
figures-json = تقرير (JSON)
figures-release-title = نشر هذه الفترة
figures-release-note = انظر في الأرقام أولاً. حين تنشرها تُجمَّد ويمكن أن تُعطى للمنسّق. ما كان خطأ لا يمكن تصحيحه إلا في الفترة التالية.
figures-release = انشر الآن
figures-schedule-title = النشر التلقائي
figures-scheduled = منذ { $time } تُنشر كل فترة من تلقاء نفسها حين تنتهي. لا ينظر فيها أحد قبل ذلك.
figures-not-scheduled = ينظر شخص في كل فترة وينشرها.
figures-schedule-on = انشر كل فترة تلقائياً من الآن
figures-schedule-off = لينظر شخص في كل فترة أولاً
figures-uncounted = ما الذي لا يُعدّ، ولماذا
notice-released = { $count ->
   *[other] نُشرت. الفترة الآن مجمَّدة.
}
notice-scheduled = { $count ->
   *[other] ابتداءً من الفترة التالية تُنشر الأرقام من تلقاء نفسها.
}
notice-not-scheduled = { $count ->
   *[other] من الآن ينشر شخص كل فترة.
}
notice-country = { $count ->
   *[other] عُرضت لأول مرة. تبقى الأرقام كما هي من الآن.
}
notice-country-none = { $count ->
   *[other] لا يمكن عرض شيء بعد: فمن المجموع تُستنتج أعداد جهة واحدة. اعرضه مرة أخرى حين تعطي جهات أكثر أعدادها.
}
figures-country-intro = مجموع ما نشرته الجهات. لا تُسمّى فيه أي جهة.
figures-country-none = لم تعطِ أي جهة أرقامها بعد.
figures-reports = { $count ->
    [zero] لا تقارير
    [one] تقرير واحد
    [two] تقريران
    [few] { $count } تقارير
    [many] { $count } تقريراً
   *[other] { $count } تقرير
}
figures-country-of = { $count ->
    [zero] لا تقارير في المجموع.
    [one] مجموع تقرير واحد.
    [two] مجموع تقريرين.
    [few] مجموع { $count } تقارير.
    [many] مجموع { $count } تقريراً.
   *[other] مجموع { $count } تقرير.
}
figures-country-since = عُرض أول مرة في { $time } ولم يتغير منذئذ.
figures-country-late = { $count ->
    [zero] لم يأتِ تقرير بعد ذلك.
    [one] جاء تقرير واحد بعد ذلك وليس فيه.
    [two] جاء تقريران بعد ذلك وليسا فيه.
    [few] جاءت { $count } تقارير بعد ذلك وليست فيه.
    [many] جاء { $count } تقريراً بعد ذلك وليست فيه.
   *[other] جاء { $count } تقرير بعد ذلك وليست فيه.
}
figures-country-aside = { $count ->
    [zero] لم يُنحَّ أي تقرير منذئذ.
    [one] نُحّي أو استُبدل منذئذ تقرير واحد فيه.
    [two] نُحّي أو استُبدل منذئذ تقريران فيه.
    [few] نُحّيت أو استُبدلت منذئذ { $count } تقارير فيه.
    [many] نُحّي أو استُبدل منذئذ { $count } تقريراً فيه.
   *[other] نُحّي أو استُبدل منذئذ { $count } تقرير فيه.
}
figures-country-hiding = تُكتب «على الأقل» حيث تخفي جهة جزءاً. وتُكتب «مخفي» حيث تعطي جهة واحدة معظم العدد، أو حيث يمكن حساب عدد كهذا.
figures-country-waits = { $count ->
    [zero] لا تقارير لهذه الفترة هنا.
    [one] هنا تقرير واحد لهذه الفترة، وهو محتسب.
    [two] هنا تقريران لهذه الفترة، وهما محتسبان.
    [few] هنا { $count } تقارير لهذه الفترة، وهي محتسبة.
    [many] هنا { $count } تقريراً لهذه الفترة، وهي محتسبة.
   *[other] هنا { $count } تقرير لهذه الفترة، وهي محتسبة.
}
figures-country-note = متى عُرض المجموع بقي كما هو: تقرير يأتي بعد ذلك لا يدخل فيه أبداً. انتظر حتى تأتي كلها.
figures-country-show = اعرض المجموع الآن

period-quarter = الربع { $number } من { $year }
period-half = النصف { $number } من { $year }

counts-sent = أشخاص أحلناهم
counts-received = أشخاص أُحيلوا إلينا
counts-looked = أشخاص أُحيلوا إلينا، بحسب ما إذا اطّلع أحد هنا في الوقت المحدد
counts-answered = أشخاص أحلناهم، بحسب ما إذا أجاب أحد
counts-basis = على أي أساس ذهبت بيانات أشخاص إلى آخرين
counts-served = أشخاص بدأت مساعدتهم هنا
counts-declined = أشخاص رفضناهم
counts-unmet = أشخاص رُفضوا لأن لا مكان مناسباً
counts-ended = أشخاص انتهت إحالتهم هنا
counts-not-reached = أشخاص لم يمكن الوصول إليهم
counts-taken-back = أشخاص سحبنا إحالتهم
counts-escalated = أشخاص أُحيلوا إلى غيرنا لأن أحداً لم يطّلع في الوقت المحدد
counts-recalled = أشخاص سحب المرسل إحالتهم، بحسب ما إذا مُحيت خلال 72 ساعة
counts-to-erase = أشخاص وجب محو بياناتهم، بحسب ما إذا مُحيت خلال يوم
counts-hours-opening = الساعات من الوصول حتى أول اطّلاع (الوسيط)
counts-hours-deciding = الساعات من أول اطّلاع حتى القرار (الوسيط)
counts-hours-serving = الساعات من القبول حتى بدء المساعدة (الوسيط)

split-kind = بحسب النوع
split-urgency = بحسب الاستعجال
split-role = بحسب نوع الجهة
split-border = داخل البلد أو عبر الحدود
split-answer = بحسب الجواب
split-age = بحسب العمر
split-basis = بحسب الأساس
split-exploitation = بحسب نوع الاستغلال
split-gender = بحسب الجنس
split-sector = بحسب قطاع العمل
split-control = بحسب وسيلة السيطرة
split-recruitment = بحسب بداية الاستقطاب
split-citizenship = بحسب الجنسية
split-justice = بحسب ما إذا جاز للشرطة والمحاكم أن تعرف
split-need = بحسب ما إذا بقيت الحاجة بلا تلبية
split-reason = بحسب السبب
split-service = بحسب الخدمة
split-region = بحسب المنطقة
split-countries = بحسب البلدان
split-outcome = بحسب النتيجة
split-erasure = بحسب المحو

cell-not-told = لم يُذكر
cell-several = أكثر من واحد
cell-Other = غير ذلك
cell-ForcedLabour = العمل القسري
cell-SexualExploitation = الاستغلال الجنسي
cell-ChildLabour = عمل الأطفال
cell-ForcedMarriage = الزواج القسري
cell-Servitude = الاستعباد المنزلي
cell-ForcedMilitaryByNonStateActors = الإجبار على الانضمام إلى جماعة مسلحة
cell-OrganRemoval = نزع الأعضاء
cell-ForcedBegging = التسول القسري
cell-ForcedAdoption = التبني القسري أو غير القانوني
cell-Surrogacy = استغلال تأجير الأرحام
cell-x_ForcedCriminality = الإجبار على ارتكاب الجرائم
cell-A_AgricultureForestryAndFishing = الزراعة والغابات والصيد
cell-B_MiningAndQuarrying = التعدين والمحاجر
cell-C_Manufacturing = الصناعة
cell-D_ElectricityGasSteamAndAirConditioningSupply = الكهرباء والغاز
cell-E_WaterSupplySewerageWasteManagement = المياه والنفايات
cell-F_Construction = البناء
cell-G_WholesaleAndRetailTradeRepairOfMotorVehicles = التجارة وإصلاح المركبات
cell-H_TransportationAndStorage = النقل والتخزين
cell-I_AccommodationAndFoodServiceActivities = الفنادق والمطاعم
cell-J_InformationAndCommunication = المعلومات والاتصالات
cell-K_FinancialAndInsuranceActivities = المال والتأمين
cell-L_RealEstateActivities = العقارات
cell-M_ProfessionalScientificAndTechnicalActivities = العمل المهني والتقني
cell-N_AdministrativeAndSupportServiceActivities = المكاتب والتنظيف وخدمات أخرى
cell-O_PublicAdministrationAndDefence = الإدارة العامة
cell-P_Education = المدارس والتعليم
cell-Q_HumanHealthAndSocialWorkActivities = الصحة والعمل الاجتماعي
cell-R_ArtsEntertainmentAndRecreation = الفنون والترفيه
cell-S_OtherServiceActivities = خدمات أخرى
cell-T_ActivitiesOfHouseholdsAsEmployers = المنازل الخاصة
cell-U_ActivitiesOfExtraterritorialOrganizations = المنظمات الدولية
cell-PhysicalThreats = التهديد بالعنف
cell-ThreatsLawEnforcement = التهديد بالشرطة أو السلطات
cell-ThreatensChildrenFamily = تهديد الأطفال أو الأسرة
cell-DebtBondage = الديون
cell-FalsePromises = الوعود الكاذبة
cell-PhysicalAbuse = العنف الجسدي
cell-SexualAbuse = العنف الجنسي
cell-TakesEarnings = أخذ الأجر
cell-RestrictsFinancialAccess = لا وصول إلى ماله
cell-RestrictsMedicalCare = لا وصول إلى العلاج
cell-WithholdsNecessities = الحرمان من الطعام والحاجات
cell-PsychologicalAbuse = العنف النفسي
cell-PsychoactiveSubstance = المخدرات أو الكحول
cell-ExcessiveWorkingHours = ساعات عمل مفرطة
cell-WithholdsDocuments = أخذ الأوراق
cell-x_RestrictsMovement = لا حرية في التنقل
cell-x_UsesChildren = استعمال الأطفال وسيلة
cell-AtAPlaceOfBusiness = في مكان تجاري
cell-AtAnEducationalInstitution = في مدرسة
cell-AtWork = في العمل
cell-ThroughOnlineSocialNetworks = عبر شبكات التواصل
cell-ThroughAnOnlineAdvertisement = عبر إعلان على الإنترنت
cell-ThroughATelevisionAdvert = عبر إعلان في التلفزيون
cell-ThroughANewspaperAdvert = عبر إعلان في جريدة
cell-ThroughFamilyOrFamilyEvents = عبر الأسرة
cell-ThroughFriendsOrSocialEvents = عبر الأصدقاء
cell-InformedConsent = موافقة الشخص
cell-AssentAndGuardianConsent = قبول الطفل وموافقة الوصي
cell-GuardianConsent = موافقة الوصي
cell-BestInterestDetermination = مصالح الطفل الفضلى
cell-VitalInterest = خطر على الحياة
cell-LegalObligation = واجب قانوني
cell-answered = أُجيب عنها
cell-opened-only = فُتحت ولم يُجب عنها
cell-no-answer = لا جواب
cell-waiting = ما زالت تنتظر
cell-taken-back = سُحبت
cell-in-time = في الوقت المحدد
cell-late = متأخراً
cell-within = داخل البلد
cell-across = عبر الحدود
cell-without-justice-consent = لا يجوز للشرطة والمحاكم أن تعرف
cell-with-justice-consent = يجوز للشرطة والمحاكم أن تعرف
cell-unmet-need = بقيت الحاجة بلا تلبية: لا مكان مناسباً
cell-other-reason = سبب آخر
cell-own-country = هذا البلد
cell-Africa = أفريقيا
cell-Americas = الأمريكتان
cell-Asia = آسيا
cell-Europe = أوروبا
cell-Oceania = أوقيانوسيا
cell-elsewhere = أماكن أخرى

uncounted-M07 = هل رُوجع فعل بلا موافقة في الوقت المحدد: ذلك في سجل كل حالة.
uncounted-M08 = الأوصياء وقرارات مصالح الأطفال الفضلى: هي في نص الإحالة.
uncounted-M09 = فترات التفكير: هي في سجل كل حالة.
uncounted-M12 = تقدير الخطر واستقبال العائدين: هما في ملف الحالة.
uncounted-M14 = الجهات والخدمات بحسب المنطقة: تُعدّ من السجل.
uncounted-M15 = المفترضون والمحددون من الضحايا كلٌّ على حدة: هذه الصفة لا تُعدّ.
