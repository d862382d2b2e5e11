# Refer somebody without their consent: life in danger, or a duty of law. One text a key; every language has the same keys and arguments.

without-title = Fără consimțământul persoanei
without-open = Persoana nu poate fi întrebată sau o lege ne obligă
without-intro = Aceasta este excepția. Ori de câte ori persoana poate fi întrebată, întrebați-o.
without-ask = Întrebați totuși persoana
without-danger = Persoana nu poate fi întrebată, iar o viață este în pericol
without-danger-means = Viața sau sănătatea cuiva este în pericol acum, persoana nu poate răspunde sau nu poate fi găsită la timp, iar această instituție o poate salva. Comunicați numai ce este necesar ca să fie înlăturat pericolul.
without-told-within = { $count ->
    [one] Persoana trebuie să afle despre aceasta în cel mult { $count } oră.
    [few] Persoana trebuie să afle despre aceasta în cel mult { $count } ore.
   *[other] Persoana trebuie să afle despre aceasta în cel mult { $count } de ore.
}
without-reviewed-within = { $count ->
    [one] După aceea, altcineva din instituția dumneavoastră trebuie să verifice, în cel mult { $count } oră.
    [few] După aceea, altcineva din instituția dumneavoastră trebuie să verifice, în cel mult { $count } ore.
   *[other] După aceea, altcineva din instituția dumneavoastră trebuie să verifice, în cel mult { $count } de ore.
}
without-only = Acestei instituții i se comunică cel mult nivelul { $level } și i se cere numai: { $services }. O a doua persoană confirmă înainte de trimitere.
without-why = Care este pericolul și de ce nu poate fi întrebată persoana?
without-why-note = În una sau două fraze, fără nume. Cealaltă instituție citește, iar persoana poate citi mai târziu.
without-giver = Cine decide
without-decided = Decis
without-told = Când află persoana
without-hours = Până la { $time } ({ $hours } ore)
without-knows = Persoana știe deja
without-danger-button = Continuați fără consimțământ: viață în pericol
without-duty = O lege ne obligă să comunicăm acestei instituții
without-duty-means = Legea cere ca această instituție să fie înștiințată, orice ar dori persoana. Spuneți-i persoanei înainte, dacă aceasta nu pune pe nimeni în pericol. Se comunică numai ce cere legea.
without-law = Care lege
without-law-within = { $count ->
    [one] Trebuie făcut în cel mult { $count } oră.
    [few] Trebuie făcut în cel mult { $count } ore.
   *[other] Trebuie făcut în cel mult { $count } de ore.
}
without-law-level = Permite cel mult nivelul { $level }: ce spune această ciornă în plus se șterge din ea.
without-law-before = Persoana află înainte.
without-law-why = De ce se aplică aici
without-duty-button = Continuați fără consimțământ: legea o cere
without-none = Aceasta nu poate ajunge la această instituție fără consimțământul persoanei. Întrebați persoana sau cereți ajutor fără nume.
without-rescuers = Când o viață este în pericol, pot fi înștiințate fără consimțământ: serviciile de sănătate, sociale și de protecție a copilului, adăposturile și poliția. Această instituție nu este printre ele.

who-police = Viață în pericol și numai poliția poate ajuta
who-police-note = Sunați mai întâi. Poliția este înștiințată fără consimțământ numai pentru a înlătura un pericol pentru viață. Ce este necesar trebuie să fie un ajutor de urgență: un loc sigur pentru la noapte, un medic, transport, un plan de siguranță sau o sesizare.
who-police-button = Către poliție (încă nu se trimite nimic)

consent-no-discard = A spus nu și nu trebuie trimis nimic
check-unasked = Aceasta se trimite fără consimțământul persoanei.
check-unasked-told = Persoana trebuie să afle până la { $time }.
check-send-unasked = Trimiteți fără consimțământ către { $agency }

unasked-danger = Persoana nu a fost întrebată: viață în pericol
unasked-duty = Persoana nu a fost întrebată: o lege o cere
unasked-sent-danger = S-a decis în locul persoanei. De îndată ce poate fi găsită, spuneți-i ce s-a comunicat, cui și de ce. De atunci decide ea.
unasked-sent-duty = Instituția dumneavoastră a fost obligată prin lege să comunice aceasta. Persoana trebuie să afle de la dumneavoastră ce s-a comunicat, cui și după care lege.
unasked-here-danger = Persoana nu a fost de acord și poate că nu știe că aveți aceste date. Folosiți-le numai pentru a înlătura pericolul, nu le spuneți nimănui altcuiva și întrebați chiar dumneavoastră persoana de îndată ce poate răspunde.
unasked-here-duty = Persoana nu a fost de acord; o lege cere ca dumneavoastră să aflați. Folosiți aceste date numai pentru ce prevede acea lege și spuneți-i persoanei.
unasked-until = Persoana trebuie să afle până la { $time }.
unasked-told = Persoana a aflat pe { $date }.
unasked-told-once = Persoana a aflat.
unasked-knew = Persoana știa înainte de trimitere.
unasked-told-day = În ce zi a aflat persoana?
unasked-told-button = Persoana a aflat
unasked-review = Cineva care nu a trimis trebuie să verifice până la { $time }.
unasked-review-who = Verifică aici cineva de la supervizare care nu a trimis.
unasked-review-legend = A fost corectă trimiterea fără consimțământ?
unasked-review-why = De ce
unasked-review-button = Notați ce am constatat
unasked-owed = Persoana trebuie să afle sau cineva trebuie să verifice
decides-CaseworkerOverride = Decid eu, ca asistent de caz
decides-CompetentBody = A decis organul competent
finds-upheld = Da, a fost corect
finds-not-upheld = Nu. Atunci retrageți referirea și spuneți-i persoanei
verdict-upheld = Altcineva a verificat: a fost corect.
verdict-not-upheld = Altcineva a verificat: nu a fost corect. Referirea trebuie retrasă, iar persoana trebuie să afle.

gone-title = Această ciornă nu mai are unde ajunge
gone-note = Ați început să comunicați mai mult în această referire, dar între timp a fost retrasă sau ștearsă. Nimic din această ciornă nu a fost trimis. Aruncați-o sau începeți o referire nouă.
