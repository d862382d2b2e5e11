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
