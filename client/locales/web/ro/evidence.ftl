# Evidence: what proves what happened to a referral, and a file that somebody brings.

evidence-link = Dovezi: ce demonstrează aceasta
evidence-title = Dovezi
evidence-back = Înapoi la referire
evidence-intro = Ce au semnat ambele instituții și releul despre această referire. Nimeni nu poate schimba ulterior. Nu conține nume și nimic din ce spune referirea.
evidence-holds = Verificat chiar acum: este valabil.
evidence-holds-count = { $count ->
    [one] { $count } afirmație este dovedită și pentru cine nu se încrede în niciuna dintre instituții.
    [few] { $count } afirmații sunt dovedite și pentru cine nu se încrede în niciuna dintre instituții.
   *[other] { $count } de afirmații sunt dovedite și pentru cine nu se încrede în niciuna dintre instituții.
}
evidence-fails = Verificat chiar acum: ceva nu este valabil. Nu vă bazați pe aceasta și spuneți-i celui care are grijă de acest calculator.
evidence-none = Încă nu există un fișier de dovezi.
evidence-look-first = Uitați-vă mai întâi la aceasta
evidence-way = Cât de departe a ajuns
evidence-no-proof = Fără dovadă:
evidence-take-title = De luat cu dumneavoastră
evidence-take-none = După ce referirea este trimisă, puteți lua de aici dovezile ei.
evidence-take-note = Fișierul dovedește oricui ce scrie aici. Nu conține nume, conținut sau codul cazului: doar instituții, ore și semnături.
evidence-take = Salvați dovezile într-un fișier
evidence-take-content = Salvați-l cu referirea însăși
evidence-content-note = Fișierul spune atunci cine este persoana, oricui îl poate citi. Dați-l doar unei instanțe sau unei autorități care îl poate avea și păstrați-l ca pe dosarul cazului. Se notează că l-ați făcut.
evidence-verify-note = Oricine verifică fișierul fără rețea, cu acest singur rând, sau pe o pagină ca aceasta:
evidence-each = Fiecare dovadă
evidence-each-note = Fiecare semnătură a fost verificată chiar acum, cu cheile pe care le numește registrul. Orele sunt ale celui care a semnat.
evidence-verified = Verificat acum
evidence-proves = Ce dovedește
evidence-proves-not = Ce nu dovedește
evidence-person = o persoană de acolo, { $person }
evidence-confirmed = a confirmat o a doua persoană
proof-by-relay = Releul

bring-title = Verificați un fișier de dovezi
check-link = Verificați aici un fișier
check-intro = Cineva vă aduce un fișier care ar dovedi ce s-a întâmplat cu o referire. Este verificat pe acest calculator. Nu se păstrează nimic din el și nimeni nu este anunțat.
check-file = Fișierul
check-button = Verificați
check-no-file = Nu a venit niciun fișier. Alegeți fișierul, apoi verificați.
check-too-long = Acest fișier este prea lung pentru a fi o dovadă. Alegeți-l pe cel potrivit.
check-not-evidence = Acesta nu este un fișier de dovezi Safeconduct.
check-fails = Nu este valabil. Nu vă bazați pe acest fișier: a fost schimbat sau alcătuit greșit. Cereți-l din nou de la sursă.
check-holds = Fiecare parte a lui este valabilă. Mai jos este ce dovedește și ce nu.

stage-signed = { $agency } a semnat-o și a trimis-o.
stage-relay = Releul a preluat-o pentru { $agency }.
stage-delivered = A ajuns la { $agency }: calculatorul de acolo a deschis-o, a verificat-o și o păstrează.
stage-opened = O persoană de la { $agency } a deschis-o.
stage-decided = { $agency } a răspuns: acceptată sau refuzată.
missing-signed = { $agency } încă nu a semnat-o. Poate așteaptă pe acest calculator: vedeți starea ei.
missing-relay = Niciun releu nu a semnat că a preluat-o pentru { $agency }. Poate este încă pe drum; dacă este urgent, telefonați.
missing-delivered = Nimic nu arată că a ajuns la { $agency }. Nu contați pe aceasta: telefonați.
missing-opened = Nimic nu arată că o persoană de la { $agency } s-a uitat la ea. Ajunsă nu înseamnă citită: telefonați dacă se face târziu.
missing-decided = { $agency } încă nu a răspuns. Nimeni nu a promis ajutor.

proof-revision = a semnat-o doar pentru acest destinatar
proof-unsealed = a scris-o; nu a fost semnată
proof-relay-accepted = a preluat scrisoarea sigilată
proof-relay-expired = a renunțat la ea: nimeni nu a ridicat-o la timp
proof-delivered = a primit-o: calculatorul de acolo a deschis-o, a verificat-o și o păstrează
proof-nack = nu a putut deschide scrisoarea
proof-rule = a respins-o după o regulă, înainte să o vadă cineva

holds-yes = valabilă
holds-no = nu este valabilă
holds-no-key = cheie necunoscută aici
holds-not-signed = nesemnat

clock-sender = ceasul expeditorului
clock-recipient = ceasul destinatarului
clock-relay = ceasul releului
clock-here = ceasul acestui calculator

proves-act = Calculatorul de acolo a semnat că aceasta s-a făcut, cu cheia pe care registrul o numește pentru el, chiar despre această referire.
proves-revision = Expeditorul a semnat exact această referire, pentru acest destinatar și pentru niciun altul.
proves-unsealed = Pentru alții, nimic: a fost scris aici și nu a fost semnat niciodată.
proves-relay-accepted = Din acel moment releul avea scrisoarea sigilată.
proves-relay-expired = Calculatorul destinatarului nu a ridicat-o în tot acel timp.
proves-delivered = Calculatorul destinatarului a deschis-o, a verificat-o, a primit-o după regulile sale și o păstrează.
proves-nack = Scrisoarea a ajuns, iar calculatorul destinatarului nu a putut-o deschide cu cheia sa.
proves-rule = Calculatorul destinatarului a respins-o de la sine și nimeni de acolo nu a văzut-o.
proves-local = Pentru alții, nimic: acest calculator a notat-o după propriul ceas.
proves-broken = Nimic: semnătura nu este valabilă.
proves-no-key = Încă nimic: registrul de pe acest calculator nu numește cheia cu care s-a semnat.

limits-act = Că este adevărat: dovedește că au spus-o.
limits-revision = Că a ajuns și cine a scris-o.
limits-unsealed = Că altcineva a avut-o vreodată.
limits-relay-accepted = Că a ajuns la destinatar sau ce conținea.
limits-relay-expired = De ce nu a ridicat-o nimeni.
limits-delivered = Că a văzut-o o persoană de acolo.
limits-nack = Când a fost sau că s-a citit ceva din ea.
limits-rule = Că regula a judecat bine sau care regulă a fost.
limits-local = Că s-a întâmplat așa la cealaltă instituție.
limits-broken = Nimic din ce scrie pe acest rând.
limits-no-key = Nimic, până când registrul numește cheia.
limits-Opened = Ce a citit acea persoană.
limits-InfoRequested = Ce s-a întrebat: doar cele două instituții pot citi.
limits-InfoProvided = Ce s-a răspuns sau că a fost destul.
limits-Accepted = Că s-a dat ajutor.
limits-Declined = Că motivul este adevărat.
limits-DisclosureRaised = Că persoana a fost de acord: consimțământul este în referire.
limits-ServiceStarted = Că persoana a fost acolo sau în ce zi.
limits-Closed = Că rezultatul este adevărat.
limits-Withdrawn = Că a fost ștearsă: vedeți certificatul de ștergere.
limits-ConsentChanged = Care consimțământ și ce a spus persoana.
limits-OverrideReviewed = Ce a constatat verificarea.
limits-ErasureCertified = Că nu s-a făcut înainte altă copie.

alert-override = A fost trimisă fără consimțământul persoanei.
alert-late = Ceva a întârziat sau un ceas este greșit.
alert-gap = Lipsește un act semnat: ce urmează după el încă nu contează.
alert-equivocation = Două acte diferite au fost semnate sub același număr: niciunul nu contează.
alert-broken = Unele acte contrazic lanțul în care se află.
alert-unverified = O semnătură nu este valabilă.

verified-authority = Autoritatea este cea pe care o cunoașteți
verified-registry = Autoritatea a semnat registrul
verified-time = Registrul era așa la o oră semnată
verified-their-authority = Autoritatea destinatarului este cea pe care o cunoașteți
verified-their-registry = Autoritatea destinatarului și-a semnat registrul
verified-signed = Expeditorul a semnat aceasta pentru acest destinatar
verified-before = Cheia expeditorului era valabilă în registrul pe care îl numește mesajul
verified-after = Un registru semnat, nu mai vechi decât confirmările mesajului, numește cheia expeditorului
verified-content = Acesta este conținutul care a fost semnat
verified-charged = Un releu a preluat o scrisoare sigilată
verified-stored = Calculatorul destinatarului a deschis-o, a verificat-o și a păstrat-o
verified-seen = A văzut-o o persoană
verified-given-up = Un releu a renunțat la o scrisoare: nimeni nu a ridicat-o
verified-act = O instituție a semnat acest act
verified-twice = O instituție a semnat două acte sub același număr: niciunul nu contează
verified-details = Acestea sunt detaliile care au fost semnate
verified-end = La sfârșit nu s-a omis nimic
