# The caseworker's page. One text a key; every language has the same keys and arguments.

product = Safeconduct
live-news = هناك جديد. افتح هذه الصفحة من جديد لتراه. سيضيع ما كتبته عندئذ، فأرسله أولاً.
exit = مغادرة هذه الصفحة
skip = الانتقال إلى المحتوى
languages = اللغة
tasks = ما يمكنك فعله
exercise = تدريب
exercise-banner = تدريب: الأشخاص هنا ليسوا حقيقيين، ولا يصل شيء إلى جهة حقيقية.
signed-as = تم الدخول باسم: { $name }
signed-alone = تم الدخول بعبارة مرور خزنة هذا الجهاز.
sign-out = تسجيل الخروج
yes = نعم
no = لا
choose = اختر
any = أي خيار
not-said = غير مذكور
time = { $day } { $month } { $year }، { $clock }
month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = مايو
month-6 = يونيو
month-7 = يوليو
month-8 = أغسطس
month-9 = سبتمبر
month-10 = أكتوبر
month-11 = نوفمبر
month-12 = ديسمبر

sign-in-title = تسجيل الدخول
sign-in-name = اسمك
sign-in-secret = كلمة مرورك
sign-in-passphrase = عبارة مرور خزنة هذا الجهاز
sign-in-alone-note = لم يُسجَّل أحد على هذا الجهاز بعد. من يعرف عبارة المرور يمكنه أن يفعل هنا كل شيء.
sign-in-button = دخول
sign-in-wrong = الاسم أو كلمة المرور غير صحيحة. اكتبهما من جديد.
sign-in-held = أُدخلت كلمة مرور غير صحيحة مرات كثيرة. انتظر ربع ساعة، أو اطلب كلمة مرور أخرى من مدير النظام.
sign-in-locked = القراءة مقفلة على هذا الجهاز. يفتحها من يتولى أمر الجهاز بعبارة مروره.
sign-in-failed = تعذّر تسجيل دخولك. اطلب ممن يتولى أمر هذا الجهاز أن ينظر في سجله.
sign-in-again = تسجيل الدخول
turned-title = هذه الصفحة مغلقة
turned-session = انتهت جلستك، لأن الصفحة لم تُستعمل مدة أو لأنك غادرتها. المسودات محفوظة.
turned-origin = جاء هذا الطلب من موقع آخر، فلم يُفعل شيء.
turned-form = عُرض هذا النموذج في جلسة أخرى. لم يُفعل شيء: افتح الصفحة من جديد.
turned-lost = لا شيء في هذا العنوان.
told-title = لم يتم ذلك
told-kept = لم يُرسل شيء ولم يتغير شيء.
told-back = العودة إلى الإحالات

banner-connecting = جارٍ الاتصال بالمُرحِّل. ما ترسله ينتظر على هذا الجهاز حتى ذلك الحين.
banner-offline = لا اتصال بالمُرحِّل. ما ترسله ينتظر على هذا الجهاز ثم يُرسل من تلقاء نفسه. إن كان الأمر عاجلاً فاتصل بالهاتف أيضاً.
banner-stale = لم تُؤكَّد قائمة الجهات منذ مدة. الإرسال مستمر.
banner-expired = قائمة الجهات أقدم من أن يُوثق بها. اتصل بالجهة هاتفياً قبل أن ترسل.

notice-done = { $count ->
   *[other] تم. ستراه الجهة الأخرى.
}
notice-said = { $count ->
   *[other] أُرسلت إلى الجهة الأخرى.
}
notice-sent = { $count ->
    [zero] لم تُرسل إلى أي جهة.
    [one] أُرسلت إلى جهة واحدة. سترى أدناه متى تصل ومتى يفتحها أحد.
    [two] أُرسلت إلى جهتين. سترى أدناه متى تصل ومتى يفتحها أحد.
    [few] أُرسلت إلى { $count } جهات. سترى أدناه متى تصل ومتى يفتحها أحد.
    [many] أُرسلت إلى { $count } جهة. سترى أدناه متى تصل ومتى يفتحها أحد.
   *[other] أُرسلت إلى { $count } جهة. سترى أدناه متى تصل ومتى يفتحها أحد.
}
notice-nobody = { $count ->
   *[other] اختر جهة واحدة على الأقل. لم يُرسل شيء.
}
notice-discarded = { $count ->
   *[other] حُذفت المسودة.
}

tab-referrals = الإحالات
tab-refer = إحالة شخص
tab-directory = من يستطيع المساعدة
refer-now = أحِل شخصاً الآن
views = أي الإحالات
view-all = الكل
view-ours = تنتظرنا
view-theirs = تنتظرهم
view-late = متأخرة
view-drafts = المسودات
find-referral = البحث عن إحالة: جهة أو رمز ملف أو اسم
find-button = بحث
referrals-none = لا توجد إحالات هنا.
referrals-not-found = لم يُعثر على شيء.
drafts-none = لا توجد مسودات.
draft = مسودة
older = إحالات أقدم
column-agency = الجهة
column-state = الحالة
column-turn = الدور على من
column-urgency = الاستعجال
column-kind = النوع
column-changed = تغيّرت
column-ends = تُمحى في
side-sent = أرسلناها
side-received = واردة
turn-ours = علينا
turn-theirs = عليهم
turn-nobody = لا أحد
late = متأخرة
until = حتى { $time }

referral-title = إحالة
since = منذ { $time }
stands-draft = مسودة. لم تصل إلى أحد بعد.
stands-queued = تنتظر الإرسال على هذا الجهاز.
stands-failed = تعذّر إرسالها.
stands-submitted = هي عند المُرحِّل. لم تستلمها { $agency } بعد.
stands-delivered = وصلت إلى { $agency }. لم يفتحها أحد هناك بعد.
stands-opened = فتحها أحد الموظفين. لم يقرر أحد بعد.
stands-info-requested = طُلبت معلومات أخرى.
stands-accepted = قُبلت.
stands-in-service = بدأت المساعدة.
stands-closed = أُغلقت.
stands-declined = رُفضت.
stands-withdrawn = سُحبت.
stands-expired = لم يقرر أحد في الوقت المحدد.
stands-transferred = نُقلت إلى جهة أخرى.
stands-erased = مُحيت.
next-ours = الدور عليك حتى { $time }. { $agency } تنتظر.
next-theirs = لدى { $agency } مهلة حتى { $time }. إن لم تسمع شيئاً فاتصل بالهاتف.
erased-on = يُمحى محتواها هنا في { $time }.
told-too = جهات أخرى سُئلت أيضاً:
cautions = لا تفعل ما يلي
open-note = وصلت إلى هنا. حين تفتحها يُبلَّغ المرسل بأن أحداً فتحها.
open-button = فتح
do-title = ماذا الآن
do-accept = قبول
do-start = بدأت المساعدة
do-ask = طلب معلومات
do-answer = إجابة
do-decline = رفض
do-close = إغلاق
do-withdraw = سحب
do-ask-level = طلب المزيد من بيانات الشخص
ask-text = ماذا تحتاج أن تعرف؟
answer-text = إجابتك
decline-why = لماذا؟
close-outcome = كيف انتهت؟
withdraw-note = يُطلب من الجهة الأخرى أن تمحوها وأن تشهد بأنها محتها.
withdraw-why = لماذا؟
ask-level = حتى أي مستوى؟
level = المستوى { $level }
level-1 = 1: الوضع، بلا اسم
level-2 = 2: من هو الشخص وكيف يُتصل به
level-3 = 3: أجزاء مختارة من ملف الشخص
no-names-here = لا أسماء ولا أرقام ولا عناوين هنا.
content-title = ما جاء فيها
show-names = إظهار الأسماء
show-names-note = يُسجَّل أنك اطلعت عليها.
folded = يوجد أيضاً:
consent-ended = لا يُعرض، لأن الموافقة عليه انتهت:
said-title = الرسائل
say-text = اكتب إلى الجهة الأخرى
say-note = إرسال
say-question = إرسالها سؤالاً
post-empty = لا شيء لعرضه
post-contradicts = قالت عقدتهم من قبل شيئاً مختلفاً
log-title = ما حدث
log-when = متى
log-who = من
log-by-person = شخص
log-by-node = عقدتها
log-note = ما فعلته جهة أخرى موقَّع منها، ويمكن عرضه على الآخرين دليلاً.
log-what = ماذا
log-no-change = لم يتغيّر به شيء

refer-title = إحالة شخص
refer-intro = أولاً بلا اسم: اذكر ما يلزم، ثم اختر من تسأل.
errors-title = صحّح هذا أولاً من فضلك
need-services = ما يلزم
need-more-services = خدمات أخرى
need-urgency = درجة الاستعجال
need-urgency-note = في خطر الآن؟ اتصل بالهاتف أولاً، ثم أرسل.
need-age = العمر
need-gender = النوع الاجتماعي
need-language = اللغة
need-language-too = لغة أخرى
need-by = يلزم في موعد أقصاه
need-group = عدد الأشخاص
need-children = أطفال مرافقون
need-note = ملاحظة
need-note-note = لا أسماء ولا أرقام ولا عناوين. اذكر ما يجب أن يعرفه المأوى ليجيب بنعم أو لا.
note-tells = في الملاحظة رقم أو عنوان. احذفه، لأنه يكشف من هو الشخص.
refer-on = ابحث عمّن يستطيع المساعدة
who-title = من يستطيع المساعدة
who-not-said = غير مذكور: { $what }
who-legend = اختر من تسأل
who-none = لا توجد جهة مناسبة في الدليل. غيّر ما يلزم، أو اتصل بخط المساعدة الوطني.
who-found = { $count ->
    [0] لا توجد جهة مناسبة.
    [zero] لا توجد جهة مناسبة.
    [one] جهة واحدة مناسبة.
    [two] جهتان مناسبتان.
    [few] { $count } جهات مناسبة.
    [many] { $count } جهة مناسبة.
   *[other] { $count } جهة مناسبة.
}
warnings-title = انظر في هذا من فضلك
they-see = سيرون
they-do-not-see = لن يروا
kept-name = اسم الشخص وتاريخ ميلاده
kept-contact = كيف وأين يُتصل بالشخص
kept-documents = الوثائق
kept-story = قصة الشخص وملفه
they-know-each-other = كل جهة تسألها ترى أي جهات أخرى سُئلت. أول جهة تقبل هي التي تتولى المساعدة.
send-button = إرسال
change-button = تغيير
discard = حذف هذه المسودة
discard-button = احذفها الآن
phone-always = على مدار الساعة:
reason-offers = تقدّم { $what }
reason-speaks = تتكلم { $what }
reason-no-language = لا تتكلم { $what }: يلزم مترجم شفوي
reason-in = تعمل في { $what }
reason-takes = تستقبل { $what }
reason-called = الاسم مطابق

directory-role = نوع الجهة
directory-text = اسم أو مكان
directory-open = مفتوحة الآن
directory-search = بحث
directory-empty = الدليل فارغ. يأتي من المُرحِّل بعد تسجيل هذه الجهة.
directory-more = المزيد عنها
directory-languages = اللغات
directory-name = الاسم في السجل
phone-first = اتصل بالهاتف قبل أن ترسل: مفاتيحها وضعتها السلطة وحدها
quiet-since = غير متصلة منذ { $time }
open-always = مفتوحة على مدار الساعة
open-now = مفتوحة الآن
open-closed = مغلقة الآن
open-zone-unknown = ساعات العمل بتوقيت منطقة غير معروفة
open-not-said = ساعات العمل غير مذكورة

service-EmergencyShelter = سرير لهذه الليلة
service-Shelter = مأوى
service-ChildCarePlacement = وضع طفل في رعاية بديلة
service-BasicNeeds = طعام وملابس واحتياجات أساسية
service-SafetyPlanning = وضع خطة أمان
service-MedicalEmergency = طوارئ طبية
service-MedicalGeneral = رعاية طبية
service-SexualReproductiveHealth = الصحة الجنسية والإنجابية
service-Psychological = دعم نفسي
service-Psychiatric = رعاية نفسية طبية
service-SubstanceUse = مساعدة في مشكلات تعاطي المواد
service-LegalAdvice = مشورة قانونية
service-LegalRepresentation = محامٍ
service-Compensation = تعويض
service-LabourClaim = أجور غير مدفوعة ومطالبات العمل
service-Interpretation = ترجمة شفوية
service-IdentityDocuments = وثائق هوية
service-ConsularAssistance = مساعدة قنصلية
service-ResidenceRegularisation = وضع الإقامة
service-AsylumAdvice = مشورة في اللجوء
service-FormalIdentification = التعرف الرسمي على الضحية
service-VoluntaryReturn = عودة طوعية
service-Resettlement = إعادة توطين
service-ReceptionOnArrival = استقبال عند الوصول
service-Transport = نقل
service-FamilyTracing = البحث عن الأسرة
service-FamilyReunification = لمّ شمل الأسرة
service-Guardianship = وصيّ
service-BestInterestProcedure = إجراء المصالح الفضلى للطفل
service-Education = مدرسة
service-VocationalTraining = تدريب مهني
service-Livelihood = العمل وكسب الرزق
service-FinancialAssistance = مساعدة مالية
service-CaseManagement = إدارة الحالة
service-PoliceReport = بلاغ إلى الشرطة
service-WitnessProtection = حماية الشهود

urgency-Immediate = فوري: الحياة في خطر
urgency-Emergency = طارئ: اليوم
urgency-Urgent = عاجل: خلال يوم
urgency-Normal = عادي

age-child = أطفال
age-adult = بالغون
age-0-5 = من 0 إلى 5
age-6-11 = من 6 إلى 11
age-12-14 = من 12 إلى 14
age-15-17 = من 15 إلى 17
age-18-24 = من 18 إلى 24
age-25-34 = من 25 إلى 34
age-35-49 = من 35 إلى 49
age-50-64 = من 50 إلى 64
age-65 = 65 أو أكثر
age-UnknownPresumedChild = غير معروف، طفل على الأرجح
age-UnknownPresumedAdult = غير معروف، بالغ على الأرجح

gender-Feminine = امرأة أو فتاة
gender-Masculine = رجل أو فتى
gender-TransgenderFeminine = امرأة عابرة للنوع الاجتماعي
gender-TransgenderMasculine = رجل عابر للنوع الاجتماعي
gender-NonConforming = نوع اجتماعي آخر
gender-NonSpecifiedUnknown = غير مذكور أو غير معروف

kind-Enquiry = استفسار بلا اسم
kind-Referral = إحالة
kind-Transfer = نقل
kind-MandatoryNotification = إبلاغ يفرضه القانون

role-NgoShelter = مأوى
role-NgoSupport = منظمة دعم
role-Helpline = خط مساعدة
role-HealthService = خدمة صحية
role-SocialService = خدمة اجتماعية
role-ChildProtection = حماية الطفل
role-Guardianship = مكتب الوصاية
role-LegalAid = مساعدة قانونية
role-LabourInspectorate = مفتشية العمل
role-Police = الشرطة
role-BorderGuard = حرس الحدود
role-Prosecution = النيابة العامة
role-WitnessProtection = حماية الشهود
role-ImmigrationAuthority = سلطة الهجرة
role-AsylumAuthority = سلطة اللجوء
role-CompetentAuthority = السلطة المختصة
role-Embassy = سفارة
role-IomMission = بعثة المنظمة الدولية للهجرة
role-UnhcrMission = بعثة مفوضية الأمم المتحدة لشؤون اللاجئين
role-RedCrossCrescent = الصليب الأحمر أو الهلال الأحمر
role-InternationalOrganisation = منظمة دولية
role-EducationTraining = تعليم وتدريب
role-NrmCoordinator = منسّق آلية الإحالة الوطنية
role-NationalRapporteur = المقرر الوطني

section-Enquiry = ما يلزم
section-Summary = ملخص
section-Identity = الهوية
section-Narrative = القصة
section-Medical = الحالة الصحية
section-Psychosocial = الجانب النفسي والاجتماعي
section-Immigration = الهجرة
section-Justice = العدالة
section-Return = العودة
section-SupportPlan = خطة الدعم
section-Events = الأحداث
section-Attachments = الوثائق

state-draft = مسودة
state-queued = تنتظر الإرسال
state-failed = تعذّر إرسالها
state-submitted = عند المُرحِّل
state-delivered = وصلت
state-opened = فتحها موظف
state-info-requested = طُلبت معلومات
state-accepted = مقبولة
state-in-service = المساعدة جارية
state-closed = مغلقة
state-declined = مرفوضة
state-withdrawn = مسحوبة
state-expired = انتهت مهلتها
state-transferred = منقولة
state-erased = ممحوّة

did-Create = بدأتها
did-Send = أرسلتها
did-Submitted = سلّمتها إلى المُرحِّل
did-Delivered = استلمتها على عقدتها
did-Opened = اطّلعت عليها أول مرة
did-InfoRequested = طلبت معلومات
did-InfoProvided = أجابت
did-Accepted = قبلتها
did-Declined = رفضتها
did-DisclosureRaised = كشفت المزيد
did-DisclosureRequested = طلبت المزيد من بيانات الشخص
did-ServiceStarted = بدأت تقديم المساعدة
did-Escalated = سألت الجهة التالية، إذ لم يفتحها أحد في الوقت المحدد
did-TransferProposed = تريد نقل الشخص إلى جهة أخرى
did-TransferredOnward = نقلت الشخص إلى الجهة التالية
did-Closed = أغلقتها
did-Withdrawn = سحبتها
did-WithdrawalApplied = نفّذت السحب
did-ConsentChanged = ذكرت أن موافقة أُعطيت أو تغيّرت أو سُحبت
did-Expired = انتهت المهلة عندها
did-Reinstated = اعتمدت قبولاً تزامن مع انتهاء المهلة
did-OverrideNotice = أبلغت الشخص بإجراء اتُّخذ بلا موافقة
did-OverrideReviewed = راجعت إجراءً اتُّخذ بلا موافقة
did-ErasureCertified = محت ما يجب محوه وشهدت بذلك
did-ReflectionSet = سجّلت فترة تفكير وتعافٍ
did-Erased = محتها ولم يبقَ منها إلا أثر

declined-NoCapacity = لا مكان أو لا وقت
declined-OutsideMandate = ليس هذا من عمل هذه الجهة
declined-OutsideGeography = هذه الجهة لا تعمل هناك
declined-EligibilityAge = لا تُقدَّم المساعدة هنا لهذا العمر
declined-EligibilityGender = لا تُقدَّم المساعدة هنا لهذا النوع الاجتماعي
declined-LanguageNotAvailable = لا أحد يتكلم اللغة
declined-SecurityRiskForPerson = لن يكون الشخص آمناً هنا
declined-SecurityRiskForSite = لن يكون الآخرون آمنين هنا
declined-ConflictOfInterest = الجهة ليست محايدة هنا
declined-InsufficientInformation = المعلومات لا تكفي لاتخاذ قرار
declined-Duplicate = جاءت الإحالة نفسها مرتين
declined-ConsentInsufficient = الموافقة لا تسمح بذلك
declined-SuspectedInauthentic = لا تبدو إحالة حقيقية
declined-Other = سبب آخر

closed-ServiceDelivered = نال الشخص المساعدة المطلوبة
closed-PartlyDelivered = نال الشخص جزءاً من المساعدة
closed-PersonDeclined = لم يرد الشخص ذلك
closed-PersonNotReached = تعذّر الوصول إلى الشخص
closed-PersonLeft = غادر الشخص
closed-TransferredOnward = نُقل الشخص إلى جهة أخرى
closed-ReturnedVoluntarily = عاد الشخص بإرادته
closed-NoLongerNeeded = لم يعد ذلك لازماً
closed-NotServed = لم ينل الشخص مساعدة
closed-Deceased = توفي الشخص

withdrawn-Person = هذه رغبة الشخص
withdrawn-Error = أُرسلت بالخطأ
withdrawn-ServedElsewhere = جهة أخرى تقدّم المساعدة
withdrawn-Escalated = لم يفتحها أحد في الوقت المحدد


field-enquiry = ما يلزم
field-summary = ملخص
field-identity = من هو الشخص
field-consents = الموافقات
field-services = الخدمات
field-age_band = العمر
field-prs_Gender = النوع الاجتماعي
field-languages = اللغات
field-group_size = عدد الأشخاص
field-accompanying_children = أطفال مرافقون
field-vic_TypeOfExploitation = نوع الاستغلال
field-country_of_need = البلد
field-region_of_need = المنطقة
field-needed_by = يلزم في موعد أقصاه
field-access_needs = احتياجات الوصول إلى الخدمة
field-safety_needs = احتياجات الأمان
field-note = ملاحظة
field-case_code = رمز الملف
field-urgency = الاستعجال
field-text = شرح بالكلمات
field-risk = الخطر
field-level = المستوى
field-types = الأنواع
field-valid_until = سارية حتى
field-basis = الأساس
field-given_by = من أعطاها
field-recipient_roles = إلى
field-purposes = الأغراض
field-sections = تشمل
field-level_max = حتى المستوى
field-given_at = أُعطيت في
field-method = كيف
field-interpreter = بحضور مترجم شفوي
field-status = الحالة
field-informed = ما أُبلغ به الشخص
field-narrative = القصة
field-medical = الحالة الصحية
field-attachments = الوثائق
field-support_plan = خطة الدعم
field-events = الأحداث
