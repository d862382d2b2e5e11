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
comma = ،
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
told-back-one = عودة إلى الإحالة
told-typed = ما كنت قد كتبته، لتنسخه من هنا

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
next-ours = الدور عليك حتى { $time }. { $agency } تنتظر.
next-theirs = لدى { $agency } مهلة حتى { $time }. إن لم تسمع شيئاً فاتصل بالهاتف.
erased-on = يُمحى محتواها هنا في { $time }.
told-too = جهات أخرى سُئلت أيضاً:
cautions = من أجل سلامة الشخص
open-note = وصلت إلى هنا. حين تفتحها يُبلَّغ المرسل بأن أحداً فتحها.
open-button = فتح
do-title = ماذا الآن
do-accept = قبول
accept-note = أنت تَعِد بمساعدة هذا الشخص. وتعلم الجهة الأخرى بذلك على الفور.
do-start = بدأت المساعدة
do-ask = طلب معلومات
do-answer = إجابة
do-decline = رفض
do-close = إنهاء هذه الإحالة
do-withdraw = سحب الإحالة كلها
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
log-by-node = جهازها
log-note = ما فعلته جهة أخرى موقَّع منها، ويمكن عرضه على الآخرين دليلاً.
log-what = ماذا
log-no-change = لم يتغيّر به شيء

refer-title = إحالة شخص
refer-intro = أولاً بلا اسم: اذكر ما يلزم، ثم اختر من تسأل.
errors-title = صحّح هذا أولاً من فضلك
need-services = ما يلزم
need-more-services = خدمات أخرى
need-urgency = درجة الاستعجال
need-urgency-note = في خطر الآن، أو بلا سرير هذه الليلة؟ اتصل بالهاتف أولاً، ثم أرسل.
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
who-not-sure = حيث كُتب «غير مذكور» اتصل بالهاتف أولاً.
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
kept-name = اسم الشخص وتاريخ ميلاده، إلا إذا كتبتهما في الملاحظة
kept-contact = كيف وأين يُتصل بالشخص
kept-documents = الوثائق
kept-story = قصة الشخص وملفه
they-know-each-other = كل جهة تسألها ترى أي جهات أخرى سُئلت. أول جهة تقبل هي التي تتولى المساعدة.
send-button = إرسال بلا اسم إلى كل ما أُشِّر عليه
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
