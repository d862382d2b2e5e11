documents-title = الوثائق
document-untitled = وثيقة انتهت الموافقة عليها
document-received = وردت منهم
document-sent = أُرسلت إليهم
document-save = حفظ
document-save-note = ما تحفظه يبقى على هذا الجهاز في متناول كل من يستخدمه. احذفه بعد قراءته.
document-again = المحاولة مرة أخرى
document-wanted = لم تُرسل بعد: { $title }
document-send = إرسال هذه الوثيقة
document-kib = { $size } ك.ب
document-mib = { $size } م.ب
notice-document-again = { $count ->
   *[other] تجري المحاولة مرة أخرى.
}
notice-document-sent = { $count ->
   *[other] الوثيقة في طريقها.
}
notice-document-none = { $count ->
   *[other] اختر ملفاً أولاً. لم يُرسل شيء.
}

document-kind-pdf = PDF
document-kind-jpg = صورة
document-kind-png = صورة
document-kind-txt = نص
document-kind-ogg = تسجيل صوتي
document-kind-odt = مستند مكتوب

document-state-waiting = تُنقل إلى المُرحِّل
document-state-stored = هي عند المُرحِّل
document-state-wanted = يجري جلبها
document-state-held = هنا، وكاملة
document-state-broken = ليست ما وقّعه مرسلها
document-state-gone = لم تعد عند المُرحِّل
document-state-failed = تعذّر نقلها
document-state-erased = مُحيت

document-why-consent-over = انتهت موافقة الشخص عليها أو سُحبت
document-why-withdrawn = لا تذكرها أي نسخة سارية من الإحالة
document-why-document-gone = لم تعد عند المُرحِّل
document-why-document-quota = لا يقبل المُرحِّل حالياً مزيداً من وثائق هذه الجهة
document-why-relay-full = المُرحِّل ممتلئ
document-why-relay-silent = لم يُجب المُرحِّل في الوقت المحدد
document-why-connection-lost = انقطع الاتصال
document-why-document-broken = ما وصل ليس ما وقّعه المرسل
document-why-document-not-here = لم يعد ملفها على هذا الجهاز
document-why-disk-full = قرص هذا الجهاز ممتلئ
document-why-other = اسأل من يتولى أمر هذا الجهاز

papers-title = الوثائق المرافقة
papers-intro = تُختم لـ { $agency } وحدها، وتُرسل فور إرسال الإحالة. ويُسأل الشخص عنها أولاً.
papers-none = لم تُضف أي وثيقة بعد.
papers-section = الموضوع: { $section }
papers-ready = جاهزة للإرسال
papers-lost = لم تعد في المتناول: أضف الملف نفسه مرة أخرى، أو أرسله لاحقاً من الإحالة
papers-remove = إزالة
papers-add = إضافة وثيقة
papers-file = الملف
papers-limits = PDF أو صورة (JPEG، PNG) أو نص أو صوت Ogg أو نص OpenDocument؛ 25 م.ب على الأكثر لكل ملف.
papers-name = الاسم الذي تظهر به لهم
papers-name-hint = مثلاً: تقرير طبي من شهر مايو. اسم الملف نفسه لا يُرسل.
papers-about = موضوع الوثيقة
papers-about-hint = لا يقرأ الوثيقة هناك إلا من يحق له قراءة هذا الجزء.
papers-keep = أبقِ في الصورة ما تذكره عن المكان والوقت والكاميرا
papers-add-button = إضافة هذه الوثيقة
papers-without = المتابعة دون وثائق
papers-link = الوثائق: إضافة أو إزالة
papers-later-note = تُضاف الوثيقة بإخبارهم بالمزيد عن الشخص: ما لا تشمله الموافقة بعد يُسأل عنه الشخص أولاً.
papers-not-now = يمكن إضافة وثيقة منذ أن يفتحوا الإحالة وحتى نهايتها. قبل ذلك أو بعده، أنشئ إحالة جديدة.
notice-papers-added = { $count ->
   *[other] أُضيفت الوثيقة. لم تُرسل بعد.
}
notice-papers-incomplete = { $count ->
   *[other] اختر ملفاً، واذكر ماذا يُسمى وما موضوعه. لم يُضف شيء.
}
notice-papers-level = { $count ->
   *[other] تُرسل الوثائق مع المستوى 3 فقط. اختر المستوى 3، ثم «الوثائق» من أجزاء ملف الحالة.
}
notice-papers-left = { $count ->
    [zero] لم تبق أي وثيقة.
    [one] لم تُرسل وثيقة واحدة: اختر ملفها مرة أخرى في الإحالة، تحت «الوثائق».
    [two] لم تُرسل وثيقتان: اختر ملفيهما مرة أخرى في الإحالة، تحت «الوثائق».
    [few] لم تُرسل { $count } وثائق: اختر ملفاتها مرة أخرى في الإحالة، تحت «الوثائق».
    [many] لم تُرسل { $count } وثيقة: اختر ملفاتها مرة أخرى في الإحالة، تحت «الوثائق».
   *[other] لم تُرسل { $count } وثيقة: اختر ملفاتها مرة أخرى في الإحالة، تحت «الوثائق».
}
