# Questo ente: le sue persone, chi ha guardato che cosa, le chiavi, le copie e lo stato; e la seconda persona che conferma.

tab-agency = Questo ente
agency-pages = Pagine su questo ente
agency-overview = Panoramica
agency-people = Persone
agency-person = Una persona
agency-password = La mia password
agency-looks = Chi ha guardato che cosa
agency-proof = Che cosa è stato fatto e che cosa lo prova
agency-keys = Chiavi e parole di sicurezza
agency-backup = Copia di sicurezza
agency-health = Stato e impostazioni
agency-you-may = I Suoi ruoli
agency-nobody = Non è ancora registrato nessuno
agency-count = { $count ->
    [one] Qui lavora { $count } persona
   *[other] Qui lavorano { $count } persone
}
agency-last-backup = Ultima copia
agency-no-backup = Non ne è mai stata fatta una
agency-open = { $count ->
    [0] Tutto va bene
    [one] { $count } punto da guardare
   *[other] { $count } punti da guardare
}
agency-alone-note = Chi conosce la frase segreta di questo computer qui fa tutto, e nessuno può dire chi ha fatto che cosa. Registri chi lavora qui: ogni persona accederà con il suo nome e una password propria.
agency-add-first = Registra la prima persona

may-caseworker = Lavoro sui casi
may-intake = Accoglienza
may-may-accept = Accoglienza, può accettare
may-supervisor = Supervisione
may-auditor = Controllo
may-admin = Amministrazione
does-caseworker = lavora con le persone e invia referral
does-intake = guarda ciò che arriva, fa domande e rifiuta
does-may-accept = guarda ciò che arriva, e accetta anche
does-supervisor = fa tutto ciò che fanno lavoro sui casi e accoglienza, e vede chi ha guardato che cosa
does-auditor = vede che cosa è stato fatto e chi ha guardato, e nessun contenuto
does-admin = dice chi lavora qui, si occupa di chiavi e copie, e non vede nessun contenuto

sign-in-wrong-name = Il nome o la password non è giusto. Scriva di nuovo entrambi. Dopo cinque password sbagliate di seguito, un nome non viene provato per un quarto d'ora, qualunque cosa si scriva; l'amministratore può darLe una nuova password.
people-first-title = Questo cambia il modo in cui tutti accedono
people-first-sign-in = Da allora ogni persona accede con il suo nome e una password propria. Con la sola frase segreta di questo computer non accede più nessuno.
people-first-you = Lei accede subito come questa persona; altre finestre aperte qui finiscono.
people-first-admin = La prima persona ha l'amministrazione, perché qualcuno possa registrare le altre.
people-first-passphrase = La frase segreta serve ancora quando il computer si avvia, e per copie e chiavi. La conservi.
people-one-admin = Una sola persona ha l'amministrazione. Se dimentica la password, nessuno può più registrare o cambiare nessuno. Ne registri presto una seconda.
people-name = Nome
people-may = Ruoli
people-since = Da
people-until = fino a: { $time }
people-change = Nuova password, o non lavora più qui
people-add = Registra un o una collega
people-add-first = Registra la prima persona: sé stesso
people-roles = Che cosa può fare qui questa persona?
people-your-password = La Sua nuova password
people-first-password = Nuova password per questa persona
people-strength = Almeno 8 caratteri. Meglio di tutto più parole senza legame tra loro.
people-again = La stessa password ancora una volta
people-own = La Sua password, per confermare
people-first-button = Registrami e accedi come questa persona
people-add-button = Registra questa persona
people-admins-do = L'amministrazione registra le persone, ne chiude l'accesso e dà nuove password.
people-name-taken = Qui lavora già qualcuno con questo nome. Aggiunga ciò che distingue i due.
people-name-unusable = Questo qui non può essere un nome: è vuoto, troppo lungo o ha caratteri nascosti. Lo scriva come lo scrive la persona.
people-role-missing = Segni almeno una cosa che questa persona può fare.
people-secret-short = La nuova password è troppo corta: almeno 8 caratteri.
people-secret-differs = Le due nuove password sono diverse. Le scriva di nuovo.
people-own-wrong = La Sua password è sbagliata. Non è stato cambiato nulla: la scriva di nuovo.
people-held = È stata sbagliata troppe volte. Non è stato cambiato nulla: aspetti un quarto d'ora.
people-passphrase-wrong = La frase segreta di questo computer è sbagliata. Non è stato fatto nulla: la scriva di nuovo.
people-last-admin = Non resterebbe nessuno a dire chi lavora qui. Registri prima un'altra persona per l'amministrazione.
person-password = Nuova password
person-password-note = Chi ha dimenticato la password ne riceve una nuova da Lei. Ogni pagina che questa persona ha aperta finisce subito.
person-password-button = Imposta questa password
person-end = Non lavora più qui
person-end-open = Questa persona è andata via
person-end-note = L'accesso di questa persona è chiuso subito, e qui non può più fare nulla. Ciò che ha fatto resta. Chi ritorna viene registrato di nuovo.
person-end-button = Chiudi ora l'accesso di questa persona
person-back = Torna alle persone
password-alone = Qui non è registrato nessuno, perciò nessuno ha ancora una password.
password-note = Quando la cambia, ogni altra pagina che ha aperta finisce. Questa continua.
password-now = La Sua password attuale
password-new = La Sua nuova password
password-button = Cambia la mia password
notice-first = { $count ->
   *[other] Lei è registrato e ha fatto l'accesso con il Suo nome. Registri ora i colleghi.
}
notice-added = { $count ->
   *[other] Registrata. Ora questa persona può accedere.
}
notice-ended = { $count ->
   *[other] Fatto. L'accesso di questa persona è chiuso.
}
notice-secret = { $count ->
   *[other] La nuova password ora vale. Ciò che questa persona aveva aperto è finito.
}
notice-password = { $count ->
   *[other] La Sua nuova password ora vale. Le altre Sue pagine aperte sono finite.
}

looks-note = Ogni volta che qualcuno qui guarda un referral, o lo estrae, si conserva una riga. Le righe non cambiano mai.
looks-person = Chi
looks-referral = Referral, con le sue prime lettere e cifre
looks-since = Dal
looks-until = Al
looks-none = Nessuno ha guardato.
looks-what = Quale referral
looks-saw = Che cosa è stato visto
looks-why = Perché
looks-alone = chi aveva la frase segreta
looks-older = Righe più vecchie
looks-proves = Queste righe sono il registro proprio di questo computer, per questo ente. Non sono firmate e non provano nulla ad altri. Ciò che è stato fatto con un referral è firmato: scelga un referral per vedere che cosa lo prova.
look-whole = tutto
look-nothing = nessun contenuto
look-work = per lavorarci
look-export = estratto in un file
look-audit = per un rapporto su ciò che è stato fatto
look-evidence = sono state estratte prove
proof-note = Ciò che i due enti hanno fatto con questo referral, nell'ordine che conta. Ogni firma è stata verificata adesso. Viene annotato che Lei lo ha letto.
proof-first = Guardi prima questo
proof-proves = Che cosa prova e che cosa no
proof-version = versione { $number }
proof-not = Non prova:
proof-back = Torna alle righe

keys-own = Le Sue otto parole
keys-own-note = Legga queste parole per telefono a un altro ente che chiede se è davvero Lei. Chiami il numero che conosce, non uno che Le è stato inviato.
keys-language = Ci sono elenchi di parole in inglese, francese, tedesco, italiano, russo e spagnolo. Cambi la lingua di questa pagina, così che entrambi leggiate dallo stesso elenco.
keys-node = Numero di questo nodo
keys-partner = Le parole di un altro ente
keys-partner-note = Chiami quell'ente e si faccia leggere le sue otto parole. Confronti ciascuna con ciò che è scritto qui.
keys-which = Quale ente? Il nome o il luogo
keys-show = Mostra le parole
keys-nobody = Nessun ente con questo nome. Scriva una parte del nome.
keys-phone = Telefono:
keys-no-phone = Nell'elenco non c'è un numero di telefono. Usi uno che conosce.
keys-differ = Se anche una sola parola è diversa, non invii nulla a quell'ente e telefoni alla Sua autorità.
keys-age = Età delle chiavi di questo nodo
keys-identity = Chiave d'identità
keys-identity-until = Da rinnovare entro: { $time }. Nulla si ferma se è più tardi.
keys-tls = Chiave di connessione
keys-tls-until = Si rinnova da sola: { $time }.
keys-read = Legga per telefono alla Sua autorità queste otto parole della nuova chiave:
keys-forget = Per rinunciare a questo cambio, telefoni prima alla Sua autorità, poi scriva sul computer:
keys-renew = Rinnova ora la chiave d'identità
keys-renew-note = Si fa una nuova chiave e si chiede alla Sua autorità di metterla in vigore. Poi Lei le legge otto parole per telefono. Il foglio in cassaforte resta valido. Dopo, faccia una nuova copia.
keys-renew-button = Fai la nuova chiave e chiedila
keys-stolen = Se qualcun altro può avere la chiave di questo nodo, non la rinnovi qui. Prenda il foglio dalla cassaforte, telefoni alla Sua autorità e scriva sul computer:
change-made = Una nuova chiave è fatta; viene chiesta quando il computer è connesso.
change-waiting = Una nuova chiave aspetta la Sua autorità.
change-done = La nuova chiave vale appena l'elenco degli enti è arrivato qui.
change-refused = La nuova chiave è stata respinta. Telefoni alla Sua autorità.
change-rejected = La Sua autorità ha rifiutato la nuova chiave. Le telefoni.
notice-renewed = { $count ->
   *[other] La nuova chiave è fatta. Legga le sue parole per telefono alla Sua autorità.
}

backup-last = L'ultima copia è stata fatta: { $time }.
backup-never = Non è mai stata fatta una copia: ciò che è su questo computer non è da nessun'altra parte.
backup-old = L'ultima copia ha più di una settimana. Ne faccia una nuova.
backup-make = Fai ora una copia
backup-note = Tutto ciò che questo ente conserva su questo computer va in un solo file sigillato, tranne i file dei documenti. I documenti (PDF, immagini, registrazioni) non ci sono: li conservi anche altrove.
backup-why-passphrase = La copia si apre con questa frase segreta e con nessun'altra. Perciò la scriva: così sa che qualcuno la conosce ancora.
backup-button = Fai la copia
backup-folder = La cartella delle copie su questo computer
backup-copy = Copi il file su un altro computer o su un disco tenuto sotto chiave: se questo computer va perso, lo è anche la sua cartella. Distrugga le copie vecchie, perché contengono ancora ciò che è stato cancellato dopo.
backup-admins-do = L'amministrazione fa le copie e le prova.
backup-passphrase-then = Non è la frase segreta che questo computer aveva quando è stata fatta quella copia. La scriva di nuovo.
drill-title = Prova una copia
drill-note = Una copia mai provata è una speranza. Qui viene aperta, verificata per intero, e si dice che cosa ritornerebbe. Non cambia nulla. Lo faccia una volta al mese.
drill-no-file = Nella cartella non c'è ancora una copia. Ne faccia prima una.
drill-which = Quale copia
drill-passphrase = Frase segreta che questo computer aveva allora
drill-button = Prova questa copia
drill-elsewhere = Per provare un file che sta altrove, scriva su quel computer:
drill-good = Questa copia si può ripristinare. Ritornerebbe:
drill-failed = Questa copia non si può ripristinare. Ne faccia ora una nuova.
drill-made = Fatta
drill-agency = Ente
drill-newest = Messaggio più recente
drill-no-message = nessuno
drill-received = Messaggi ricevuti
drill-sent = Messaggi inviati
drill-waiting = Di questi, ancora senza ricevuta
drill-evidence = Prove, ciascuna verificata
drill-identity = Chiave d'identità che contiene
drill-nothing-changed = Non è stato cambiato nulla. Se la Sua chiave d'identità è più nuova di quella in questa copia, faccia una nuova copia: a questa nessuno potrebbe scrivere.
notice-backup = { $count ->
   *[other] La copia è scritta. La copi su un altro computer, poi la provi qui sotto.
}

health-open = Che cosa qualcuno dovrebbe guardare
health-all-well = Tutto va bene.
health-fail = non funziona
health-warn = da guardare
health-well = Questo va bene
check-vault = La cassaforte, dove tutto è conservato
check-disk = Lo spazio sul disco
check-daemon = Il programma in sottofondo
check-configuration = Le impostazioni
check-network = La rete
check-relay = La connessione al relè
check-clock = L'orologio di questo computer
check-registry = L'elenco degli enti
check-witnesses = I testimoni dell'elenco degli enti
check-registration = L'iscrizione di questo ente
check-key-changes = Le chiavi cambiate solo dall'autorità
check-keys = Le chiavi per ricevere
check-renewals = Le chiavi da rinnovare
check-outbox = Ciò che è da inviare
check-alarms = Gli allarmi
check-backup = La copia di sicurezza
lock-title = Blocca la lettura
lock-note = Nessuno qui legge o invia più nulla finché qualcuno non la sblocca con la frase segreta, nella pagina di accesso; il computer continua a ricevere. Sul computer si fa lo stesso con:
lock-button = Blocca ora la lettura
unlock-note = La lettura è bloccata. Chi conosce la frase segreta di questo computer la sblocca qui; poi ognuno accede di nuovo.
unlock-button = Sblocca la lettura
unlock-here = Sblocca con la frase segreta
settings-title = Impostazioni
settings-note = Chi si occupa di questo computer le cambia nel loro file, poi riavvia il programma.
settings-file = Il file
settings-version = Versione di questo programma
settings-updates = Questo programma non cerca da solo versioni più nuove. Chieda a chi gliel'ha dato, e legga l'elenco dei cambiamenti che accompagna ogni versione.
settings-name = Impostazione
settings-value = Ora
settings-means = Che cosa significa
settings-by-itself = trovato da solo
setting-relay = Indirizzo del relè. Da mettere solo dove l'indirizzo iscritto da qui non funziona.
setting-receipt-delay = Massimo ritardo casuale di una ricevuta, in secondi. Nasconde quando qualcuno lavora.
setting-settle-tick = Ogni quanto partono le conferme, in millesimi di secondo. Nasconde che cosa è stato fatto con un messaggio.
setting-cover = Se in momenti casuali partono messaggi che non dicono nulla. Che qualcosa sia partito non è allora segno di un referral.
setting-auto-lock = Minuti senza uso dopo i quali la lettura si blocca; 0 per mai.
setting-api-port = Porta per altri programmi di questo ente su questo computer; 0 per nessuna.
setting-page-port = Porta di questa pagina su questo computer; 0 per nessuna pagina.
setting-page-lock = Minuti senza uso dopo i quali questa pagina chiude il Suo accesso; da 1 a 15.
setting-log = Quanto il programma scrive nel suo registro. Nessun livello scrive un nome, un indirizzo o un testo.

second-title = Una seconda persona deve confermare
second-note = Questo richiede due persone del Suo ente. Qualcuno del lavoro sui casi o della supervisione lo legge e conferma qui con il proprio nome e la propria password. Allora viene inviato subito.
second-to = Va a:
second-name = Nome della seconda persona
second-secret = Password della seconda persona
second-button = Conferma e invia
second-back = Non inviare
second-wrong = Il nome o la password non è giusto. Non è stato inviato nulla: scriva di nuovo entrambi.
second-same = La seconda persona deve essere un'altra. Non è stato inviato nulla.
second-role = Serve qualcuno del lavoro sui casi o della supervisione. Non è stato inviato nulla.

person-roles-note = Scelga tutto ciò che questa persona può fare da ora. Ogni pagina che ha aperta si chiude subito. Resta annotato chi l'ha cambiato.
person-roles-own = Può rinunciare a ruoli propri. Finché c'è un'altra persona che amministra, è lei a dargliene altri.
person-roles-button = Cambia i ruoli
person-roles-changed = Che cosa è stato cambiato
person-roles-was = Prima
person-roles-became = Dopo
people-roles-own = Nessuno si dà altri ruoli finché qui amministra un'altra persona. Lo chieda a lei.
notice-roles = { $count ->
   *[other] I ruoli sono cambiati.
}
