# Această instituție: oamenii ei, cine ce a privit, cheile, copiile și starea; și a doua persoană care confirmă.

tab-agency = Această instituție
agency-pages = Pagini despre această instituție
agency-overview = Privire generală
agency-people = Persoane
agency-person = O persoană
agency-password = Parola mea
agency-looks = Cine ce a privit
agency-proof = Ce s-a făcut și ce dovedește asta
agency-keys = Chei și cuvinte de siguranță
agency-backup = Copie de siguranță
agency-health = Stare și setări
agency-you-may = Rolurile dumneavoastră
agency-nobody = Încă nu este înregistrat nimeni
agency-count = { $count ->
    [one] Aici lucrează { $count } persoană
    [few] Aici lucrează { $count } persoane
   *[other] Aici lucrează { $count } de persoane
}
agency-last-backup = Ultima copie
agency-no-backup = Nu s-a făcut niciodată
agency-open = { $count ->
    [0] Totul este în ordine
    [one] { $count } lucru de privit
    [few] { $count } lucruri de privit
   *[other] { $count } de lucruri de privit
}
agency-alone-note = Cine știe fraza de acces a acestui calculator face aici totul și nimeni nu poate spune cine ce a făcut. Înregistrați cine lucrează aici; apoi fiecare se conectează cu numele său și cu o parolă proprie.
agency-add-first = Înregistrați prima persoană

may-caseworker = Lucru pe caz
may-intake = Primire
may-may-accept = Primire, poate accepta
may-supervisor = Supervizare
may-auditor = Audit
may-admin = Administrare
does-caseworker = lucrează cu persoane și trimite referiri
does-intake = se uită la ce vine, întreabă și refuză
does-may-accept = se uită la ce vine și poate și accepta
does-supervisor = face tot ce fac lucrul pe caz și primirea și vede cine ce a privit
does-auditor = vede ce s-a făcut și cine a privit, fără conținut
does-admin = spune cine lucrează aici, are grijă de chei și de copii și nu vede conținut

sign-in-wrong-name = Numele sau parola nu este corectă. Scrieți-le din nou pe amândouă. După cinci parole greșite la rând, un nume nu mai este încercat un sfert de oră, orice s-ar scrie; administratorul vă poate da o parolă nouă.
people-first-title = Aceasta schimbă felul în care se conectează toată lumea
people-first-sign-in = De atunci fiecare persoană se conectează cu numele său și cu o parolă proprie. Doar cu fraza de acces a acestui calculator nu se mai conectează nimeni.
people-first-you = Sunteți conectat imediat ca această persoană; alte ferestre deschise aici se încheie.
people-first-admin = Prima persoană are administrarea, ca să poată cineva să le înregistreze pe celelalte.
people-first-passphrase = Fraza de acces este în continuare necesară la pornirea calculatorului și pentru copii și chei. Păstrați-o.
people-one-admin = O singură persoană are administrarea. Dacă își uită parola, nimeni nu mai poate înregistra sau schimba pe cineva. Înregistrați curând o a doua.
people-name = Nume
people-may = Roluri
people-since = Din
people-until = până la { $time }
people-change = Parolă nouă sau a plecat
people-add = Înregistrați un coleg sau o colegă
people-add-first = Înregistrați prima persoană: pe dumneavoastră
people-roles = Ce poate face aici această persoană?
people-your-password = Parola dumneavoastră nouă
people-first-password = Parolă nouă pentru această persoană
people-strength = Cel puțin 8 caractere. Cel mai bine, mai multe cuvinte fără legătură între ele.
people-again = Aceeași parolă încă o dată
people-own = Parola dumneavoastră, pentru confirmare
people-first-button = Înregistrează-mă și conectează-mă ca această persoană
people-add-button = Înregistrează această persoană
people-admins-do = Administrarea înregistrează persoane, le încheie accesul și dă parole noi.
people-name-taken = Cineva cu acest nume lucrează deja aici. Adăugați ce îi deosebește.
people-name-unusable = Acesta nu poate fi un nume aici: este gol, prea lung sau are caractere ascunse. Scrieți-l așa cum îl scrie persoana.
people-role-missing = Bifați cel puțin un lucru pe care îl poate face această persoană.
people-secret-short = Parola nouă este prea scurtă: cel puțin 8 caractere.
people-secret-differs = Cele două parole noi sunt diferite. Scrieți-le din nou.
people-own-wrong = Parola dumneavoastră este greșită. Nu s-a schimbat nimic: scrieți-o din nou.
people-held = A fost greșită de prea multe ori. Nu s-a schimbat nimic: așteptați un sfert de oră.
people-passphrase-wrong = Fraza de acces a acestui calculator este greșită. Nu s-a făcut nimic: scrieți-o din nou.
people-last-admin = Nu ar mai rămâne nimeni care să spună cine lucrează aici. Înregistrați mai întâi altă persoană pentru administrare.
person-password = Parolă nouă
person-password-note = Cine și-a uitat parola primește de la dumneavoastră una nouă. Toate paginile deschise ale acestei persoane se încheie imediat.
person-password-button = Pune această parolă
person-end = Nu mai lucrează aici
person-end-open = Această persoană a plecat
person-end-note = Persoana este deconectată imediat și nu mai poate face nimic aici. Ce a făcut rămâne. Cine se întoarce este înregistrat din nou.
person-end-button = Încheie acum accesul acestei persoane
person-back = Înapoi la persoane
password-alone = Aici nu este înregistrat nimeni, deci nimeni nu are încă o parolă.
password-note = Când o schimbați, orice altă pagină pe care o aveți deschisă se încheie. Aceasta continuă.
password-now = Parola dumneavoastră de acum
password-new = Parola dumneavoastră nouă
password-button = Schimbă parola mea
notice-first = { $count ->
   *[other] Sunteți înregistrat și conectat cu numele dumneavoastră. Înregistrați acum colegii.
}
notice-added = { $count ->
   *[other] Înregistrat. Această persoană se poate conecta acum.
}
notice-ended = { $count ->
   *[other] Gata. Această persoană este deconectată.
}
notice-secret = { $count ->
   *[other] Parola nouă este valabilă. Ce avea deschis această persoană s-a încheiat.
}
notice-password = { $count ->
   *[other] Parola dumneavoastră nouă este valabilă. Celelalte pagini deschise s-au încheiat.
}

looks-note = De fiecare dată când cineva privește aici o referire sau o scoate, se păstrează un rând. Rândurile nu se schimbă niciodată.
looks-person = Cine
looks-referral = Referirea, după primele litere și cifre
looks-since = De la
looks-until = Până la
looks-none = Nimeni nu a privit.
looks-what = Ce referire
looks-saw = Ce s-a văzut
looks-why = De ce
looks-alone = cine avea fraza de acces
looks-older = Rânduri mai vechi
looks-proves = Aceste rânduri sunt evidența proprie a acestui calculator, pentru această instituție. Nu sunt semnate și nu dovedesc nimic altora. Ce s-a făcut cu o referire este semnat: alegeți o referire ca să vedeți ce dovedește asta.
look-whole = tot
look-nothing = niciun conținut
look-work = pentru a lucra cu ea
look-export = scoasă într-un fișier
look-audit = pentru un raport despre ce s-a făcut
look-evidence = s-au scos dovezi
proof-note = Ce au făcut ambele instituții cu această referire, în ordinea care contează. Fiecare semnătură tocmai a fost verificată. Se notează că ați citit aceasta.
proof-first = Priviți mai întâi aceasta
proof-proves = Ce dovedește și ce nu
proof-version = versiunea { $number }
proof-not = Nu dovedește:
proof-back = Înapoi la rânduri

keys-own = Cele opt cuvinte ale dumneavoastră
keys-own-note = Citiți aceste cuvinte la telefon altei instituții care întreabă dacă sunteți cu adevărat dumneavoastră. Sunați la numărul pe care îl știți, nu la unul care v-a fost trimis.
keys-language = Există liste de cuvinte în engleză, franceză, germană, italiană, rusă și spaniolă. Schimbați limba acestei pagini, ca să citiți amândoi din aceeași listă.
keys-node = Numărul acestui nod
keys-partner = Cuvintele altei instituții
keys-partner-note = Sunați acolo și cereți să vi se citească cele opt cuvinte. Comparați-l pe fiecare cu ce scrie aici.
keys-which = Ce instituție? Numele sau locul
keys-show = Arată cuvintele
keys-nobody = Nicio instituție cu acest nume. Scrieți o parte din nume.
keys-phone = Telefon:
keys-no-phone = Nu este niciun telefon în listă. Folosiți unul pe care îl știți.
keys-differ = Dacă diferă fie și un singur cuvânt, nu trimiteți nimic acolo și telefonați autorității dumneavoastră.
keys-age = Vârsta cheilor acestui nod
keys-identity = Cheia de identitate
keys-identity-until = Reînnoiți-o până la { $time }. Nu se oprește nimic dacă este mai târziu.
keys-tls = Cheia de legătură
keys-tls-until = Se reînnoiește singură: { $time }.
keys-read = Citiți la telefon autorității dumneavoastră aceste opt cuvinte ale cheii noi:
keys-forget = Ca să renunțați la această schimbare, telefonați mai întâi autorității, apoi scrieți la calculator:
keys-renew = Reînnoiți acum cheia de identitate
keys-renew-note = Se face o cheie nouă și i se cere autorității dumneavoastră să o pună în vigoare. Apoi îi citiți opt cuvinte la telefon. Hârtia din seif rămâne bună. Faceți după aceea o copie nouă.
keys-renew-button = Fă cheia nouă și cere-o
keys-stolen = Dacă altcineva ar putea avea cheia acestui nod, nu o reînnoiți aici. Luați hârtia din seif, telefonați autorității și scrieți la calculator:
change-made = O cheie nouă este făcută; se cere când calculatorul este conectat.
change-waiting = O cheie nouă așteaptă autoritatea dumneavoastră.
change-done = Cheia nouă este valabilă de îndată ce lista instituțiilor a ajuns aici.
change-refused = Cheia nouă nu a fost primită. Telefonați autorității dumneavoastră.
change-rejected = Autoritatea dumneavoastră a respins cheia nouă. Telefonați-i.
notice-renewed = { $count ->
   *[other] Cheia nouă este făcută. Citiți-i cuvintele autorității dumneavoastră la telefon.
}

backup-last = Ultima copie este din { $time }.
backup-never = Nu s-a făcut niciodată o copie: ce este pe acest calculator nu este nicăieri altundeva.
backup-old = Ultima copie este mai veche de o săptămână. Faceți una nouă.
backup-make = Faceți acum o copie
backup-note = Tot ce păstrează această instituție pe acest calculator intră într-un singur fișier sigilat, în afară de fișierele documentelor. Documentele (PDF, imagini, înregistrări) nu sunt în el: păstrați-le și în altă parte.
backup-why-passphrase = Copia se deschide cu această frază de acces și cu niciuna alta. Scrieți-o: așa știți că cineva o mai cunoaște.
backup-button = Fă copia
backup-folder = Dosarul copiilor pe acest calculator
backup-copy = Copiați fișierul pe alt calculator sau pe un disc ținut sub cheie: dacă acest calculator se pierde, se pierde și dosarul lui. Distrugeți copiile vechi, fiindcă mai au în ele ce s-a șters de atunci.
backup-admins-do = Administrarea face copii și le încearcă.
backup-passphrase-then = Nu este fraza de acces pe care o avea acest calculator când s-a făcut acea copie. Scrieți-o din nou.
drill-title = Încercați o copie
drill-note = O copie neîncercată este o speranță. Aici se deschide, se verifică toată și se spune ce ar reveni. Nu se schimbă nimic. Faceți aceasta o dată pe lună.
drill-no-file = Nu este încă nicio copie în dosar. Faceți mai întâi una.
drill-which = Care copie
drill-passphrase = Fraza de acces pe care o avea atunci acest calculator
drill-button = Încearcă această copie
drill-elsewhere = Ca să încercați un fișier aflat în altă parte, scrieți la acel calculator:
drill-good = Această copie poate fi restaurată. Ar reveni:
drill-failed = Această copie nu poate fi restaurată. Faceți acum una nouă.
drill-made = Făcută
drill-agency = Instituția
drill-newest = Cel mai nou mesaj
drill-no-message = niciunul
drill-received = Mesaje primite
drill-sent = Mesaje trimise
drill-waiting = Dintre ele, încă fără confirmare
drill-evidence = Dovezi, fiecare verificată
drill-identity = Cheia de identitate din ea
drill-nothing-changed = Nu s-a schimbat nimic. Dacă cheia dumneavoastră de identitate este mai nouă decât cea din această copie, faceți o copie nouă: acesteia nu i-ar putea scrie nimeni.
notice-backup = { $count ->
   *[other] Copia este scrisă. Copiați-o pe alt calculator, apoi încercați-o mai jos.
}

health-open = La ce ar trebui să se uite cineva
health-all-well = Totul este în ordine.
health-fail = nu funcționează
health-warn = de privit
health-well = Acestea sunt în ordine
check-vault = Seiful, în care se păstrează totul
check-disk = Locul pe disc
check-daemon = Programul din fundal
check-configuration = Setările
check-network = Rețeaua
check-relay = Legătura cu releul
check-clock = Ceasul acestui calculator
check-registry = Lista instituțiilor
check-witnesses = Martorii listei instituțiilor
check-registration = Înscrierea acestei instituții
check-key-changes = Cheile schimbate doar de autoritate
check-keys = Cheile pentru primire
check-renewals = Cheile de reînnoit
check-outbox = Ce este de trimis
check-alarms = Alarmele
check-backup = Copia de siguranță
lock-title = Blocați citirea
lock-note = Nimeni nu mai citește și nu mai trimite nimic aici până când cineva deblochează cu fraza de acces, pe pagina de conectare; calculatorul primește în continuare. La calculator se face același lucru cu:
lock-button = Blochează acum citirea
unlock-note = Citirea este blocată. Cine știe fraza de acces a acestui calculator o deblochează aici; apoi fiecare se conectează din nou.
unlock-button = Deblochează citirea
unlock-here = Deblocați cu fraza de acces
settings-title = Setări
settings-note = Cine se ocupă de acest calculator le schimbă în fișierul lor, apoi repornește programul.
settings-file = Fișierul
settings-version = Versiunea acestui program
settings-updates = Acest program nu caută singur versiuni mai noi. Întrebați pe cine vi l-a dat și citiți lista schimbărilor care vine cu fiecare versiune.
settings-name = Setare
settings-value = Acum
settings-means = Ce înseamnă
settings-by-itself = găsit de la sine
setting-relay = Adresa releului. Puneți-o doar unde adresa înscrisă nu merge de aici.
setting-receipt-delay = Cea mai lungă întârziere la întâmplare a unei confirmări, în secunde. Ascunde când lucrează cineva.
setting-settle-tick = Cât de des pleacă confirmările, în miimi de secundă. Ascunde ce s-a făcut cu un mesaj.
setting-cover = Dacă pleacă la întâmplare mesaje care nu spun nimic. Că s-a trimis ceva nu este atunci semnul unei referiri.
setting-auto-lock = Minute fără folosire după care citirea se blochează; 0 pentru niciodată.
setting-api-port = Intrare pentru alte programe ale acestei instituții pe acest calculator; 0 pentru niciuna.
setting-page-port = Intrarea acestei pagini pe acest calculator; 0 pentru nicio pagină.
setting-page-lock = Minute fără folosire după care această pagină vă deconectează; de la 1 la 15.
setting-log = Cât scrie programul în jurnalul său. La niciun nivel nu scrie un nume, o adresă sau un text.

second-title = O a doua persoană trebuie să confirme
second-note = Pentru aceasta este nevoie de două persoane din instituția dumneavoastră. Cineva de la lucrul pe caz sau supervizare citește și confirmă aici cu numele și parola proprii. Atunci se trimite imediat.
second-to = Merge la:
second-name = Numele celei de-a doua persoane
second-secret = Parola celei de-a doua persoane
second-button = Confirmă și trimite
second-back = Nu trimite
second-wrong = Numele sau parola nu este corectă. Nu s-a trimis nimic: scrieți-le din nou pe amândouă.
second-same = A doua persoană trebuie să fie alta. Nu s-a trimis nimic.
second-role = Este nevoie de cineva de la lucrul pe caz sau supervizare. Nu s-a trimis nimic.

person-roles-note = Alegeți tot ce poate face această persoană de acum înainte. Orice pagină pe care o are deschisă se închide imediat. Se păstrează cine a schimbat.
person-roles-own = Puteți renunța la roluri proprii. Cât timp există alt administrator, acela vă dă altele.
person-roles-button = Schimbați rolurile
person-roles-changed = Ce s-a schimbat
person-roles-was = Înainte
person-roles-became = După
people-roles-own = Nimeni nu își dă singur mai multe roluri cât timp lucrează aici alt administrator. Rugați-l pe acela.
notice-roles = { $count ->
   *[other] Rolurile sunt schimbate.
}
