# The auditor's report.

audit-link = تقرير المدقق
audit-title = تقرير المدقق
audit-heading = تقرير المدقق
audit-intro = ما الذي تم في مدة ما، وهل يمكن إثباته. التدريبات غير محسوبة. اطبعه بمتصفحك: ما ليس من التقرير لا يُطبع.
audit-wrong-days = هذه ليست أياماً، أو أن آخرها قبل أولها. تُعرض بدلاً منها الأشهر الثلاثة الأخيرة.
audit-since = أول يوم
audit-until = آخر يوم
audit-days = الأيام
audit-made = أُعدّ في
audit-by = بواسطة، باسم مستعار
audit-count = الإحالات
audit-received = الواردة، بحسب سرعة اطّلاع شخص هنا
audit-looked = اطّلع شخص
audit-sent = المرسلة، بحسب ما فعلته الجهة الأخرى
audit-answer = الجهة الأخرى
audit-looks = من الذي اطّلع
audit-looks-none = لم يطّلع أحد على إحالة في هذه المدة.
audit-person = الشخص
audit-roles = الأدوار
audit-content = اطّلاع على المحتوى
audit-acts = اطّلاع بلا محتوى
audit-outside = منها خارج ساعات العمل
audit-nobody = لم يُذكر أحد
audit-left = لم يعد يعمل هنا
audit-no-hours = لا يُعدّ الاطّلاع خارج ساعات العمل: لم تذكر هذه الجهة في السجل متى تفتح.
audit-with-reason = { $count ->
    [zero] لم يلزم ذكر سبب لأي اطّلاع.
    [one] لزم المشرف أن يذكر سبباً لاطّلاع واحد. هو في سجل تلك الإحالة.
    [two] لزم المشرف أن يذكر سبباً لاطّلاعين. هو في سجل تلك الإحالات.
    [few] لزم المشرف أن يذكر سبباً في { $count } مرات اطّلاع. هو في سجل تلك الإحالات.
    [many] لزم المشرف أن يذكر سبباً في { $count } مرة اطّلاع. هو في سجل تلك الإحالات.
   *[other] لزم المشرف أن يذكر سبباً في { $count } مرة اطّلاع. هو في سجل تلك الإحالات.
}
audit-overrides = أفعال بلا موافقة
audit-overrides-none = لم يُرسل شيء دون موافقة الشخص.
audit-overrides-used = أُرسلت بلا موافقة
audit-overrides-told = منها ما أُبلغ به الشخص
audit-overrides-reviewed = منها ما راجعه شخص آخر
audit-overrides-open = لم تُراجع كلها
audit-erasures = المحو
audit-erased = مُحيت هنا
audit-certified = شُهد بها للآخرين
audit-certified-to-us = شُهد بها لنا
audit-overdue = متأخرة الآن
audit-held = محفوظة الآن لأن القانون يطلب ذلك
audit-integrity = تم التحقق الآن
audit-integrity-holds = كل توقيع وكل سلسلة أدلة يمكن التحقق منها صحيحة.
audit-integrity-fails = شيء ما غير صحيح. أخبر من يعتني بهذا الجهاز واتركه كما هو.
audit-signatures = توقيعات صحيحة
audit-signatures-fail = توقيعات غير صحيحة
audit-signatures-no-key = توقيعات مفتاحها غير معروف هنا
audit-chains = سلاسل الأدلة
audit-chains-count = { $count ->
    [zero] لا سلاسل بعد
    [one] سلسلة واحدة حُسبت من أول قيد
    [two] سلسلتان حُسبتا من أول قيد
    [few] { $count } سلاسل حُسبت من أول قيد
    [many] { $count } سلسلة حُسبت من أول قيد
   *[other] { $count } سلسلة حُسبت من أول قيد
}
audit-chain-damaged = السلسلة مع { $agency } غير صحيحة: قيد مفقود أو مغيَّر.
audit-cut = الإحالات أكثر مما تتحقق منه صفحة واحدة. اختر أياماً أقل.
audit-integrity-note = تدل السلاسل والتوقيعات على ما إذا غُيّر بعد ذلك ما جرى تبادله. أما من اطّلع فمكتوب في سجل هذا الجهاز نفسه، ولا تحميه سلسلة: من لديه عبارة مرور خزنته يستطيع تغييره.
audit-files = ملفات أُنشئت
audit-released = فترات نُشرت أرقامها
audit-take = خذ السجل نفسه
audit-take-note = كل فعل في هذه الأيام مع دليله، بالإنجليزية: جهات وأسماء مستعارة ورموز، بلا أسماء ولا محتوى. يُسجَّل عند كل إحالة أنك أخذته.
audit-html = للقراءة والطباعة (HTML)

taken-export = إحالات صُدّرت إلى إدارة حالات أخرى
taken-evidence = أدلة صُدّرت، بحسب الإحالة
taken-audit = سجلات تدقيق قُرئت أو صُدّرت، بحسب الإحالة

staff-caseworker = عمل الحالات
staff-intake = الاستقبال
staff-may-accept = استقبال يجوز له القبول
staff-supervisor = مشرف
staff-auditor = مدقق
staff-admin = مسؤول النظام
