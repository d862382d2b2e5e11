span-days = { $count ->
    [one] { $count } zi
    [few] { $count } zile
   *[other] { $count } de zile
}
span-hours = { $count ->
    [one] { $count } oră
    [few] { $count } ore
   *[other] { $count } de ore
}
span-minutes = { $count ->
    [one] { $count } minut
    [few] { $count } minute
   *[other] { $count } de minute
}
note-another-country = altă țară

note-clock-behind = Ceasul acestui calculator a rămas în urmă cu { $span }. Până atunci se folosește o oră semnată de autoritate. Cereți să fie potrivit ceasul.
note-registry-old = Lista instituțiilor a fost confirmată ultima dată acum { $span }. O instituție care și-a pierdut între timp înscrierea poate apărea aici încă activă. Dacă acest calculator este conectat și rămâne așa, telefonați autorității dumneavoastră.
note-registry-older = Lista instituțiilor a fost confirmată ultima dată acum { $span }. Nu se trimite nimic instituțiilor noi sau schimbate de atunci. Dacă acest calculator este conectat și rămâne așa, telefonați autorității dumneavoastră.
note-registry-over = Lista instituțiilor a fost confirmată ultima dată acum { $span }. Nu se mai trimite nimic. Telefonați și cereți conectarea acestui calculator; dacă este conectat, telefonați autorității dumneavoastră.
note-registry-undated = Lista instituțiilor nu are o dată semnată, de aceea nu se trimite nimic. Telefonați și cereți conectarea acestui calculator; dacă este conectat, telefonați autorității dumneavoastră.
note-waits-suspended = Înscrierea pentru { $agency } este suspendată. Mesaje care o așteaptă aici: { $count }. Pleacă singure când va fi din nou activă. Dacă cineva are nevoie de ajutor acum, telefonați altei instituții.
note-drafts-end = Ciorne care se șterg într-o săptămână dacă nu le schimbă nimeni: { $count }. Vedeți „Ciorne”.
note-held = Mesaje sosite și reținute, pentru că înscrierea expeditorului este suspendată sau nu este încă în listă: { $count }. Se arată de îndată ce devine activă.
note-place-waits = Acest calculator ia locul altuia începând cu { $time }. Până atunci releul nu îl lasă să intre. Lăsați-l pornit.
note-key-made = O cheie nouă a acestui calculator este făcută. Se cere de îndată ce calculatorul este conectat.
note-key-waits = Cheia de identitate nouă așteaptă autoritatea dumneavoastră. Citiți-i la telefon cele opt cuvinte: sunt pe pagina cheilor.
note-key-unpublished = Cheia de legătură nouă așteaptă ca autoritatea dumneavoastră să publice din nou lista instituțiilor. Nu aveți nimic de făcut.
note-key-done = Cheia nouă este valabilă și va fi folosită când lista instituțiilor a ajuns aici. Nu aveți nimic de făcut.
note-key-not-taken = Cheia nouă nu a fost primită. Telefonați autorității dumneavoastră, apoi renunțați la schimbare așa cum spune pagina cheilor.
note-renew-tls = Cheia de legătură ar trebui reînnoită în { $days } și încă nu este. Lăsați acest calculator pornit și conectat. Nimic nu se oprește dacă este mai târziu.
note-renew-identity = Cheia de identitate ar trebui reînnoită în { $days }. Un administrator face aceasta pe pagina cheilor. Nimic nu se oprește dacă este mai târziu.
note-keys-end = Peste { $days } nimeni nu va mai putea scrie acestei instituții, pentru că acest calculator nu a fost conectat de săptămâni. Cereți conectarea lui.
note-own-suspended = Înscrierea acestei instituții este suspendată, de aceea releul nu o lasă să intre. Mesaje care așteaptă aici: { $count }. Pleacă singure când va fi din nou activă. Dacă cineva are nevoie de ajutor acum, telefonați.
note-own-revoked = Înscrierea acestui calculator a fost revocată. Mesaje care nu vor mai pleca de pe el: { $count }. Telefonați instituțiilor și trimiteți-le din nou de pe calculatorul pe care îl are acum instituția dumneavoastră.

note-message-waits = Ceva ce retrageți de la { $agency } așteaptă aici, pentru că autoritatea lor nu este recunoscută acum. Telefonați-le și spuneți-le.
note-message-late = Nicio confirmare de la { $agency } nu a venit la timp. Telefonați-le și nu vă bazați pe faptul că au primit.
note-message-expired = Un mesaj către { $agency } nu a ajuns: nimeni nu l-a ridicat la timp. Telefonați-le, apoi trimiteți-l din nou dacă mai este nevoie.
note-message-failed = Un mesaj către { $agency } nu a ajuns și nu se mai încearcă. Telefonați-le sau alegeți altă instituție; apoi trimiteți-l din nou dacă mai este nevoie.
note-key-refused = O cheie pentru { $agency } dată de releu nu trebuie folosită. Nu se sigilează nimic cu ea. Telefonați instituției și autorității dumneavoastră.
note-case-damaged = Ceva ce se păstrează despre referirea { $digits } nu se poate citi, iar termenele ei nu sunt urmărite. Urmăriți-o dumneavoastră și spuneți persoanei care se ocupă de acest calculator.
note-chain-forked = Poate că un al doilea calculator folosește identitatea pentru { $agency }. Telefonați-le la numărul pe care îl cunoașteți înainte de a trimite ceva.
note-chain-back = Calculatorul de la { $agency } s-a întors la o zi anterioară fără să spună, sau un al doilea îi folosește identitatea. Telefonați-le la numărul pe care îl cunoașteți.
note-chain-longer = { $agency } a văzut mai multe mesaje ale acestei instituții decât își amintește acest calculator. Dacă a fost refăcut dintr-o copie de siguranță, spuneți persoanei care se ocupă de el; altfel poate că un al doilea calculator vă folosește identitatea: telefonați autorității dumneavoastră.
note-restored = Calculatorul de la { $agency } a fost refăcut dintr-o copie de siguranță și a pierdut mesaje de la dumneavoastră: { $count }. Persoana care se ocupă de acest calculator le poate trimite din nou (safeconduct resend).
note-restored-erased = Calculatorul de la { $agency } a fost refăcut dintr-o copie de siguranță și a pierdut mesaje de la dumneavoastră: { $count }, și { $gone } al căror conținut este șters aici. Persoana care se ocupă de acest calculator le poate trimite din nou pe celelalte (safeconduct resend).
note-place-taken = Autoritatea pune alt calculator în locul acestuia. Acesta nu mai are acces începând cu { $time }. Dacă nimeni din instituția dumneavoastră nu a cerut aceasta, telefonați înainte autorității dumneavoastră.
note-own-key-newer = Acest calculator are o cheie de identitate veche și nimeni nu îi poate scrie: a fost refăcut dintr-o copie veche, sau altcineva a reînnoit cheia. Cereți refacerea dintr-o copie mai nouă. Dacă nimeni din instituția dumneavoastră nu a reînnoit-o, telefonați acum autorității dumneavoastră.
note-place-given = Alt calculator a fost pus în locul acestuia și nimeni nu îi poate scrie acestuia. Folosiți-l pe celălalt. Dacă nimeni din instituția dumneavoastră nu a cerut aceasta, telefonați acum autorității dumneavoastră.
note-own-key-other = Lista instituțiilor arată altă cheie de identitate pentru acest calculator și nimeni nu îi poate scrie. Dacă nimeni din instituția dumneavoastră nu a cerut aceasta, telefonați acum autorității dumneavoastră.
note-fork-before = Cineva a semnat o listă falsă a instituțiilor cu o cheie pe care autoritatea dumneavoastră a înlocuit-o. Acest calculator merge mai departe cu cheia nouă. Telefonați autorității dumneavoastră și predați fișierul.
note-fork = Autoritatea dumneavoastră a semnat două liste diferite ale instituțiilor. Acest calculator nu mai primește schimbări de la ea. Telefonați autorității și partenerilor, păstrați dosarul cu date și predați fișierul.
note-registry-withheld = Partenerii dumneavoastră văd de peste o zi o listă mai nouă a instituțiilor, iar releul nu o dă acestui calculator. Telefonați autorității dumneavoastră.
note-nameless = Instituții despre care lista nu arată nimic aici: { $count }. Releul nu dă datele lor acestui calculator. Telefonați autorității dumneavoastră.
note-messages-withheld = Într-o zi au venit { $count } mesaje de la { $senders } instituții într-un mod neobișnuit. Poate că releul reține mesaje. Telefonați autorității dumneavoastră.
note-fork-abroad = Autoritatea din { $country } a semnat două liste diferite ale instituțiilor. Nu trimiteți nimic acolo, păstrați dosarul cu date și telefonați autorității dumneavoastră.
note-nameless-abroad = Instituții din { $country } despre care lista nu arată nimic aici: { $count }. Releul nu dă datele lor acestui calculator. Telefonați autorității dumneavoastră.
note-time-ahead = Autoritatea a semnat ora { $time }, care este cu { $days } înaintea ceasului acestui calculator. Uitați-vă la alt ceas. Dacă al acestui calculator este greșit, cereți potrivirea lui; dacă este bun, telefonați autorității dumneavoastră.
note-time-ahead-abroad = Autoritatea din { $country } a semnat ora { $time }, care este cu { $days } înaintea ceasului acestui calculator. Uitați-vă la alt ceas. Dacă al acestui calculator este greșit, cereți potrivirea lui; dacă este bun, telefonați autorității dumneavoastră.
note-alarms-locked = Alarme: { $count }. Deblocați citirea ca să le vedeți.

note-refused = { $why }
note-look-locked = Cineva ar trebui să se uite la aceasta. Deblocați citirea ca să vedeți.
note-disk-unwritable = Nu se poate scrie nimic în dosarul cu date. Eliberați spațiu sau cereți persoanei care se ocupă de acest calculator să permită scrierea.
note-disk-unread = Nu s-a putut citi cât spațiu a rămas. Cereți persoanei care se ocupă de acest calculator să verifice.
note-disk-full = Au rămas doar { $count } MB. Eliberați spațiu acum: în curând nu se va mai putea trimite și primi.
note-disk-low = Au rămas { $count } MB. Eliberați spațiu în curând.
note-network-unnamed = Nu este trecut niciun releu, de aceea nu s-a încercat nimic. Persoana care se ocupă de acest calculator îl trece în setări.
note-network-untried = Nu s-a încercat nicio legătură. Vedeți ce scrie la releu.
note-network-unresolved = Numele { $address } nu se găsește în rețea. Cereți verificarea adresei și a serviciului de nume al acestui calculator.
note-network-unanswered = Nimic nu răspunde la { $address }. Poate că un firewall nu lasă UDP să iasă de aici, sau releul este oprit. Cereți verificarea rețelei.
note-relay-unheard = Încă nu este niciun răspuns. Așteptați puțin, apoi deschideți din nou această pagină.
note-clock-slow = Ceasul acestui calculator este în urma celui al releului, în secunde: { $count }. Cereți potrivirea lui; dacă este bun, spuneți celui care ține releul.
note-clock-fast = Ceasul acestui calculator este înaintea celui al releului, în secunde: { $count }. Cereți potrivirea lui; dacă este bun, spuneți celui care ține releul.
note-clock-alone = Ceasul nu s-a putut compara cu cel al releului. Se va face de îndată ce acest calculator este conectat.
note-registry-none = Acest calculator nu are încă lista instituțiilor. Încheiați înscrierea lui și cereți conectarea o dată.
note-witnesses-unknown = Nu se știe, pentru că aici nu este încă lista instituțiilor. Încheiați înscrierea acestui calculator.
note-witnesses-none = Niciun martor nu semnează lista instituțiilor. Cine are cheia autorității ar putea arăta altora altă listă. Cereți autorității dumneavoastră să numească martori, cel mai bine autoritatea altei țări.
note-witnesses-one = Un singur martor semnează lista instituțiilor. Cine are ambele chei ar putea arăta altora altă listă. Cereți autorității dumneavoastră să numească mai mulți, cel mai bine autoritatea altei țări.
note-suspended = Înscrierea acestei instituții este suspendată. Telefonați autorității dumneavoastră.
note-revoked = Înscrierea acestui calculator a fost revocată. Telefonați autorității dumneavoastră.
note-not-known-to-relay = Acest calculator este activ în lista instituțiilor, dar releul nu îl cunoaște. Cereți verificarea adresei releului, apoi telefonați autorității dumneavoastră.
note-not-listed = Acest calculator nu este încă în lista instituțiilor de aici. Cereți conectarea lui o dată.
note-not-enrolled = Acest calculator nu este încă înscris. Persoana care se ocupă de el face aceasta cu codul autorității dumneavoastră (safeconduct enrol).
note-own-keys-to-change = Doar autoritatea este pe cale să schimbe cheile acestui calculator. Dacă nimeni din instituția dumneavoastră nu a cerut aceasta, telefonați acum autorității dumneavoastră.
note-own-keys-changed = Doar autoritatea a schimbat cheile acestui calculator. Dacă nimeni din instituția dumneavoastră nu a cerut aceasta, telefonați acum autorității dumneavoastră.
note-keys-of-others = Doar autoritatea a schimbat cheile pentru: { $agencies }. Telefonați-le înainte de a le trimite ceva.
note-prekeys-lost = Chei pentru primire pe care le are releul și pe care acest calculator nu le mai poate folosi: { $count }. Lăsați-l conectat: cine folosește una ia alta. Dacă rămâne așa, telefonați autorității dumneavoastră.
note-prekeys-gone = Cheile pentru primire s-au terminat, de aceea nimeni nu poate scrie acestei instituții. Cereți conectarea acestui calculator: face altele noi.
note-prekeys-none = Încă nu sunt chei pentru primire, de aceea nimeni nu poate scrie acestei instituții. Cereți conectarea acestui calculator o dată.
note-prekey-ends = Cea mai nouă cheie pentru primire se încheie peste { $days }. Lăsați acest calculator conectat: face una nouă în fiecare zi.
note-outbox-given-up = Mesaje care nu au ajuns și la care nu s-a uitat încă nimeni: { $count }. Vedeți referirile și telefonați.
note-outbox-waits = Mesaje care așteaptă aici de peste o oră: { $count }. Telefonați dacă este urgent.
note-outbox-late = Mesaje la releu a căror confirmare întârzie: { $count }. Telefonați instituțiilor.
note-backup-never = Nu s-a făcut niciodată o copie de siguranță: ce este pe acest calculator nu mai este nicăieri. Faceți una și păstrați-o pe alt calculator.
note-backup-old = Ultima copie de siguranță este de acum { $days }. Faceți una nouă și păstrați-o pe alt calculator.
note-aside = Scrisori care nu au trecut o verificare și sunt puse deoparte: { $count }. Una sau două înseamnă puțin; multe înseamnă că cineva încearcă ceva: telefonați autorității dumneavoastră.

fault-refused = Așa cum stau lucrurile acum, nu este posibil. Uitați-vă din nou; dacă nu vedeți de ce, arătați această pagină supervizorului dumneavoastră.
fault-usage = Ceva din ce s-a scris nu se potrivește. Mergeți înapoi, verificați și încercați din nou.
fault-not-ready = Mai întâi trebuie pus ceva în ordine pe acest calculator. Arătați această pagină persoanei care se ocupă de el.
fault-unreachable = Acum nu s-a putut ajunge acolo. Așteptați puțin și încercați din nou; dacă este urgent, telefonați.
fault-tampering = Ceva nu se potrivește cum ar trebui. Nu mergeți mai departe. Arătați imediat această pagină persoanei care se ocupă de acest calculator și telefonați autorității dumneavoastră.
away-title = Pagină goală
away-text = Această pagină este goală.
