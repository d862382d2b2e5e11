# Evidence: what proves what happened to a referral, and a file that somebody brings.

evidence-link = الأدلة: ما الذي يثبت ذلك
evidence-title = الأدلة
evidence-back = العودة إلى الإحالة
evidence-intro = ما وقّعته الجهتان والمُرحِّل عن هذه الإحالة. لا يستطيع أحد تغييره بعد ذلك. ليس فيه أسماء ولا شيء مما تقوله الإحالة.
evidence-holds = تم التحقق الآن: كل شيء صحيح.
evidence-holds-count = { $count ->
    [zero] لم يثبت أي قول بعد.
    [one] قول واحد ثابت حتى لمن لا يثق بأي من الجهتين.
    [two] قولان ثابتان حتى لمن لا يثق بأي من الجهتين.
    [few] { $count } أقوال ثابتة حتى لمن لا يثق بأي من الجهتين.
    [many] { $count } قولاً ثابتاً حتى لمن لا يثق بأي من الجهتين.
   *[other] { $count } قول ثابت حتى لمن لا يثق بأي من الجهتين.
}
evidence-fails = تم التحقق الآن: شيء ما غير صحيح. لا تعتمد عليه، وأخبر من يعتني بهذا الجهاز.
evidence-none = لا يوجد ملف أدلة بعد.
evidence-look-first = انظر في هذا أولاً
evidence-way = إلى أين وصلت
evidence-no-proof = لا دليل:
evidence-take-title = لتأخذها معك
evidence-take-none = حين تُرسل الإحالة يمكنك أن تأخذ أدلتها من هنا.
evidence-take-note = يثبت الملف لأي شخص ما هو مكتوب هنا. ليس فيه أسماء ولا محتوى ولا رمز الحالة، بل جهات وأوقات وتوقيعات فقط.
evidence-take = احفظ الأدلة في ملف
evidence-take-content = احفظه مع الإحالة نفسها
evidence-content-note = يقول الملف عندئذ من هو الشخص لكل من يستطيع قراءته. لا تعطه إلا لمحكمة أو سلطة يحق لها ذلك، واحفظه كما تحفظ ملف الحالة. يُسجَّل أنك أنشأته.
evidence-verify-note = يتحقق أي شخص من الملف بلا شبكة بهذا السطر وحده، أو على صفحة كهذه:
evidence-each = كل دليل
evidence-each-note = تم التحقق الآن من كل توقيع بالمفاتيح التي يذكرها السجل. الأوقات بحسب ساعة من وقّع.
evidence-verified = تم التحقق الآن
evidence-proves = ما الذي يثبته
evidence-proves-not = ما الذي لا يثبته
evidence-person = شخص هناك، { $person }
evidence-confirmed = أكّده شخص ثانٍ
proof-by-relay = المُرحِّل

bring-title = التحقق من ملف أدلة
check-link = تحقق من ملف هنا
check-intro = يأتيك أحد بملف يُقال إنه يثبت ما جرى لإحالة. يُتحقق منه على هذا الجهاز. لا يُحفظ منه شيء ولا يُبلَّغ أحد.
check-file = الملف
check-button = تحقق
check-no-file = لم يصل أي ملف. اختر الملف ثم تحقق.
check-too-long = هذا الملف أطول من أن يكون دليلاً. اختر الملف الصحيح.
check-not-evidence = هذا ليس ملف أدلة من Safeconduct.
check-fails = غير صحيح. لا تعتمد على هذا الملف: فقد غُيِّر أو جُمع خطأ. اطلبه من مصدره مرة أخرى.
check-holds = كل جزء فيه صحيح. أدناه ما الذي يثبته وما الذي لا يثبته.

stage-signed = وقّعتها { $agency } وأرسلتها.
stage-relay = تسلّمها المُرحِّل من أجل { $agency }.
stage-delivered = وصلت إلى { $agency }: فتحها جهازهم وتحقق منها ويحفظها.
stage-opened = فتحها شخص في { $agency }.
stage-decided = أجابت { $agency }: بالقبول أو الرفض.
missing-signed = لم توقّعها { $agency } بعد. ربما تنتظر على هذا الجهاز: انظر حالتها.
missing-relay = لم يوقّع أي مُرحِّل أنه تسلّمها من أجل { $agency }. ربما ما زالت في الطريق؛ إن كان الأمر عاجلاً فاتصل بالهاتف.
missing-delivered = لا شيء يدل على أنها وصلت إلى { $agency }. لا تعوّل على ذلك: اتصل بالهاتف.
missing-opened = لا شيء يدل على أن شخصاً في { $agency } اطّلع عليها. الوصول لا يعني القراءة: اتصل بالهاتف إن تأخر الوقت.
missing-decided = لم تجب { $agency } بعد. لم يعد أحد بالمساعدة.

proof-revision = وقّعتها لهذا المتلقي وحده
proof-unsealed = كتبتها؛ ولم تُوقَّع
proof-relay-accepted = تسلّم الرسالة المختومة
proof-relay-expired = تخلّى عنها: لم يأخذها أحد في الوقت المحدد
proof-delivered = تسلّمتها: فتحها جهازها وتحقق منها ويحفظها
proof-nack = لم تستطع فتح الرسالة
proof-rule = رفضتها بقاعدة قبل أن يراها أحد

holds-yes = صحيح
holds-no = غير صحيح
holds-no-key = المفتاح غير معروف هنا
holds-not-signed = غير موقَّع

clock-sender = ساعة المرسل
clock-recipient = ساعة المتلقي
clock-relay = ساعة المُرحِّل
clock-here = ساعة هذا الجهاز

proves-act = وقّع جهازهم أن هذا قد تم، بالمفتاح الذي يذكره السجل له، عن هذه الإحالة بعينها.
proves-revision = وقّع المرسل هذه الإحالة بعينها، لهذا المتلقي لا لغيره.
proves-unsealed = لا شيء أمام الآخرين: كُتبت هنا ولم تُوقَّع قط.
proves-relay-accepted = منذ تلك اللحظة كانت الرسالة المختومة عند المُرحِّل.
proves-relay-expired = لم يأخذها جهاز المتلقي طوال تلك المدة.
proves-delivered = فتحها جهاز المتلقي وتحقق منها وقبلها بحسب قواعده ويحفظها.
proves-nack = وصلت الرسالة ولم يستطع جهاز المتلقي فتحها بمفتاحه.
proves-rule = رفضها جهاز المتلقي من تلقاء نفسه، ولم يرها أحد هناك.
proves-local = لا شيء أمام الآخرين: سجّل هذا الجهاز ذلك بساعته.
proves-broken = لا شيء: التوقيع غير صحيح.
proves-no-key = لا شيء بعد: لا يذكر السجل على هذا الجهاز المفتاح الذي وقّع.

limits-act = أن ذلك صحيح: يثبت أنهم قالوه فقط.
limits-revision = أنها وصلت، ولا من الذي كتبها.
limits-unsealed = أن أحداً غيرهم حصل عليها يوماً.
limits-relay-accepted = أنها وصلت إلى المتلقي، ولا ما كان فيها.
limits-relay-expired = لماذا لم يأخذها أحد.
limits-delivered = أن شخصاً هناك قد رآها.
limits-nack = متى كان ذلك، ولا أن شيئاً منها قُرئ.
limits-rule = أن القاعدة أصابت، ولا أي قاعدة كانت.
limits-local = أن الأمر جرى كذلك عند الجهة الأخرى.
limits-broken = أي شيء مما في هذا السطر.
limits-no-key = أي شيء إلى أن يذكر السجل المفتاح.
limits-Opened = ما الذي قرأه ذلك الشخص.
limits-InfoRequested = عمّا سُئل: لا يستطيع قراءته إلا الجهتان.
limits-InfoProvided = بماذا أُجيب، ولا أن الجواب كان كافياً.
limits-Accepted = أن المساعدة قُدِّمت.
limits-Declined = أن السبب صحيح.
limits-DisclosureRaised = أن الشخص وافق: الموافقة مذكورة في الإحالة.
limits-ServiceStarted = أن الشخص كان هناك، ولا في أي يوم.
limits-Closed = أن النتيجة صحيحة.
limits-Withdrawn = أنها مُحيت: انظر شهادة المحو.
limits-ConsentChanged = أي موافقة، ولا ما قاله الشخص.
limits-OverrideReviewed = ما الذي وجدته المراجعة.
limits-ErasureCertified = أنه لم تُعمل قبل ذلك نسخة أخرى.

alert-override = أُرسلت دون موافقة الشخص.
alert-late = تأخر شيء ما، أو أن ساعة غير مضبوطة.
alert-gap = فعل موقَّع مفقود: ما يليه لا يُحتسب بعد.
alert-equivocation = وُقّع فعلان مختلفان بالرقم نفسه: لا يُحتسب أي منهما.
alert-broken = أفعال تناقض السلسلة التي هي فيها.
alert-unverified = توقيع غير صحيح.

verified-authority = السلطة هي التي تعرفها
verified-registry = وقّعت السلطة السجل
verified-time = كان السجل هكذا في وقت موقَّع
verified-their-authority = سلطة المتلقي هي التي تعرفها
verified-their-registry = وقّعت سلطة المتلقي سجلها
verified-signed = وقّع المرسل هذا لهذا المتلقي
verified-before = كان مفتاح المرسل سارياً في السجل الذي تسمّيه الرسالة
verified-after = سجل موقَّع ليس أقدم من إيصالات الرسالة يذكر مفتاح المرسل
verified-content = هذا هو المحتوى الذي وُقّع
verified-charged = تسلّم مُرحِّل رسالة مختومة
verified-stored = فتحها جهاز المتلقي وتحقق منها وحفظها
verified-seen = رآها شخص
verified-given-up = تخلّى مُرحِّل عن رسالة: لم يأخذها أحد
verified-act = وقّعت جهة هذا الفعل
verified-twice = وقّعت جهة فعلين بالرقم نفسه: لا يُحتسب أي منهما
verified-details = هذه هي التفاصيل التي وُقّعت
verified-end = لم يُترك شيء في النهاية
