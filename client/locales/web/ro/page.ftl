product = Safeconduct
live-news = Sunt noutăți. Deschideți din nou pagina ca să le vedeți: ce ați scris s-ar pierde, așa că trimiteți mai întâi.
exit = Părăsește pagina
skip = Salt la conținut
languages = Limba
tasks = Ce puteți face
exercise = Exercițiu
exercise-banner = EXERCIȚIU: nimeni de aici nu este real și nimic nu ajunge la o instituție reală.
signed-as = Conectat: { $name }
signed-alone = Conectat cu fraza de acces a seifului acestui calculator.
sign-out = Deconectare
yes = da
no = nu
choose = Alegeți
any = Oricare
not-said = Nespecificat
comma = ,
time = { $day } { $month } { $year }, { $clock }
month-1 = ianuarie
month-2 = februarie
month-3 = martie
month-4 = aprilie
month-5 = mai
month-6 = iunie
month-7 = iulie
month-8 = august
month-9 = septembrie
month-10 = octombrie
month-11 = noiembrie
month-12 = decembrie

sign-in-title = Conectare
sign-in-name = Numele dumneavoastră
sign-in-secret = Parola dumneavoastră
sign-in-passphrase = Fraza de acces a seifului acestui calculator
sign-in-alone-note = Pe acest calculator nu este încă înregistrat nimeni. Cine știe fraza de acces face aici totul.
sign-in-button = Conectare
sign-in-wrong = Numele sau parola este greșită. Scrieți-le din nou.
sign-in-held = Parola a fost greșită de prea multe ori. Așteptați un sfert de oră sau cereți administratorului alta.
sign-in-locked = Citirea este blocată pe acest calculator. Cine se ocupă de el o deblochează cu fraza de acces.
sign-in-failed = Nu v-ați putut conecta. Rugați persoana care se ocupă de acest calculator să se uite în jurnal.
sign-in-again = Conectare
turned-title = Această pagină este închisă
turned-session = Sesiunea s-a încheiat, fiindcă pagina nu a fost folosită un timp sau a fost părăsită. Ciornele se păstrează.
turned-origin = A cerut-o alt site, așa că nu s-a făcut nimic.
turned-form = Acest formular a fost arătat în altă sesiune. Nu s-a făcut nimic: deschideți din nou pagina.
turned-lost = La această adresă nu este nimic.
told-title = Aceasta nu s-a făcut
told-kept = Nu s-a trimis și nu s-a schimbat nimic.
told-back = Înapoi la referiri
told-back-one = Înapoi la referire
told-typed = Ce ați scris, ca să copiați de aici

banner-connecting = Se face legătura cu releul. Ce trimiteți așteaptă până atunci pe acest calculator.
banner-offline = Nu este legătură cu releul. Ce trimiteți așteaptă pe acest calculator și pleacă singur. Dacă este urgent, telefonați și.
banner-stale = Lista instituțiilor nu a fost confirmată de un timp. Trimiterea continuă.
banner-expired = Lista instituțiilor este prea veche ca să fie sigură. Telefonați instituției înainte de a trimite.

notice-done = { $count ->
   *[other] Gata. Cealaltă instituție va vedea.
}
notice-said = { $count ->
   *[other] Trimis celeilalte instituții.
}
notice-sent = { $count ->
    [one] Trimisă unei instituții. Mai jos vedeți când ajunge și când o deschide cineva.
    [few] Trimisă la { $count } instituții. Mai jos vedeți când ajunge și când o deschide cineva.
   *[other] Trimisă la { $count } de instituții. Mai jos vedeți când ajunge și când o deschide cineva.
}
notice-nobody = { $count ->
   *[other] Alegeți cel puțin o instituție. Nu s-a trimis nimic.
}
notice-discarded = { $count ->
   *[other] Ciorna a fost aruncată.
}

tab-referrals = Referiri
tab-refer = Referiți pe cineva
tab-directory = Cine poate ajuta
refer-now = Referiți pe cineva acum
views = Care referiri
view-all = Toate
view-ours = Rândul nostru
view-theirs = Rândul lor
view-late = Întârziate
view-drafts = Ciorne
find-referral = Căutați o referire: o instituție, un cod, un nume
find-button = Caută
referrals-none = Nicio referire aici.
referrals-not-found = Nu s-a găsit nimic.
drafts-none = Nicio ciornă nu așteaptă.
draft = Ciornă
older = Referiri mai vechi
column-agency = Instituția
column-state = Starea
column-turn = Al cui rând
column-urgency = Urgența
column-kind = Felul
column-changed = Schimbată
column-ends = Se șterge la
side-sent = trimisă de noi
side-received = primită
turn-ours = al nostru
turn-theirs = al lor
turn-nobody = al nimănui
late = Întârziată
until = până la { $time }

referral-title = Referire
since = Din { $time }
next-ours = Este rândul dumneavoastră, până la { $time }. { $agency } așteaptă.
next-theirs = { $agency } are timp până la { $time }. Dacă nu aveți vești, telefonați.
erased-on = Conținutul se șterge aici la { $time }.
told-too = Au mai fost întrebate:
cautions = Pentru siguranța persoanei
open-note = A ajuns aici. Când o deschideți, cine a trimis-o află că cineva a deschis-o.
open-button = Deschide
do-title = Ce urmează
do-accept = Acceptă
accept-note = Promiteți că ajutați această persoană. Cealaltă instituție află imediat.
do-start = Ajutorul a început
do-ask = Cere mai mult
do-answer = Răspunde
do-decline = Refuză
do-close = Încheie această referire
do-withdraw = Retrage întreaga referire
do-ask-level = Cere mai multe date despre persoană
ask-text = Ce trebuie să știți?
answer-text = Răspunsul dumneavoastră
decline-why = De ce?
close-outcome = Cum s-a încheiat?
withdraw-note = Celeilalte instituții i se cere să o șteargă, iar ea certifică ștergerea.
withdraw-why = De ce?
ask-level = Până la ce nivel?
level = nivelul { $level }
level-1 = 1: situația, fără nume
level-2 = 2: cine este persoana și cum poate fi contactată
level-3 = 3: părți alese din dosar
no-names-here = Aici fără nume, numere sau adrese.
content-title = Ce spune
show-names = Arată numele
show-names-note = Se notează că le-ați văzut.
folded = Mai este:
consent-ended = Nu se arată, fiindcă s-a încheiat consimțământul pentru aceasta:
said-title = Mesaje
say-text = Scrieți celeilalte instituții
say-note = Trimite
say-question = Pune ca întrebare
post-empty = Nimic de arătat
post-contradicts = nodul lor a spus înainte altceva
log-title = Ce s-a întâmplat
log-when = Când
log-who = Cine
log-by-person = o persoană
log-by-node = calculatorul ei
log-note = Ce a făcut altă instituție este semnat de ea și poate fi arătat ca dovadă.
log-what = Ce
log-no-change = nu a schimbat nimic

refer-title = Referiți pe cineva
refer-intro = Mai întâi fără nume: spuneți ce este necesar, apoi alegeți pe cine întrebați.
errors-title = Corectați mai întâi
need-services = Ce este necesar
need-more-services = Alte servicii
need-urgency = Cât de urgent
need-urgency-note = În pericol acum, sau fără pat la noapte? Întâi telefonați, apoi trimiteți.
need-age = Vârsta
need-gender = Genul
need-language = Limba
need-language-too = Altă limbă
need-by = Necesar până la
need-group = Câte persoane
need-children = Copii cu ele
need-note = Notă
need-note-note = Fără nume, numere sau adrese. Spuneți ce trebuie să știe o casă ca să răspundă da sau nu.
note-tells = În notă este un număr sau o adresă. Scoateți-o: ar spune cine este persoana.
refer-on = Caută cine poate ajuta
who-title = Cine poate ajuta
who-not-said = nespecificat: { $what }
who-not-sure = Unde scrie „nespus”, telefonați întâi.
who-legend = Alegeți pe cine întrebați
who-none = Nimeni din listă nu se potrivește. Schimbați ce este necesar sau sunați la linia națională de ajutor.
who-found = { $count ->
    [0] Nicio instituție nu se potrivește.
    [one] { $count } instituție se potrivește.
    [few] { $count } instituții se potrivesc.
   *[other] { $count } de instituții se potrivesc.
}
warnings-title = Vă rugăm să verificați
they-see = Vor vedea
they-do-not-see = Nu vor vedea
kept-name = Numele și data nașterii persoanei, în afară de cazul în care le-ați scris în notă
kept-contact = Cum și unde poate fi contactată persoana
kept-documents = Documente
kept-story = Povestea și dosarul persoanei
they-know-each-other = Fiecare instituție întrebată vede cine mai este întrebat. Prima care acceptă este cea aleasă.
send-button = Trimite fără nume tuturor celor bifate
change-button = Schimbă
discard = Aruncă această ciornă
discard-button = Aruncă acum
phone-always = 24 de ore:
reason-offers = oferă { $what }
reason-speaks = vorbește { $what }
reason-no-language = nu vorbește { $what }: este nevoie de interpret
reason-in = lucrează în { $what }
reason-takes = primește { $what }
reason-called = numele se potrivește

directory-role = Felul instituției
directory-text = Nume sau loc
directory-open = Deschis acum
directory-search = Caută
directory-empty = Lista este goală. Vine de la releu după ce această instituție este înscrisă.
directory-more = Mai multe despre ea
directory-languages = Limbi
directory-name = Numele din registru
phone-first = Telefonați înainte de a trimite: cheile i le-a pus doar autoritatea
quiet-since = nu este online din { $time }
