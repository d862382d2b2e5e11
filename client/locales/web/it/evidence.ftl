# Evidence: what proves what happened to a referral, and a file that somebody brings.

evidence-link = Prove: che cosa lo dimostra
evidence-title = Prove
evidence-back = Torna al referral
evidence-intro = Ciò che i due enti e il relè hanno firmato su questo referral. Nessuno può cambiarlo in seguito. Non contiene nomi né nulla di ciò che dice il referral.
evidence-holds = Verificato ora: è valido.
evidence-holds-count = { $count ->
    [one] { $count } affermazione è dimostrata anche a chi non si fida di nessuno dei due enti.
   *[other] { $count } affermazioni sono dimostrate anche a chi non si fida di nessuno dei due enti.
}
evidence-fails = Verificato ora: qualcosa non è valido. Non vi faccia affidamento e lo dica a chi si occupa di questo computer.
evidence-none = Non c'è ancora un file di prove.
evidence-look-first = Da guardare per primo
evidence-way = Fin dove è arrivato
evidence-no-proof = Nessuna prova:
evidence-take-title = Da portare con sé
evidence-take-none = Quando il referral sarà inviato, potrà portarne via le prove da qui.
evidence-take-note = Il file dimostra a chiunque ciò che sta scritto qui. Non contiene nomi, contenuto né codice del caso: solo enti, orari e firme.
evidence-take = Salva le prove in un file
evidence-take-content = Salvalo con il referral stesso
evidence-content-note = Il file dice allora chi è la persona, a chiunque possa leggerlo. Lo dia solo a un tribunale o a un'autorità che può averlo e lo conservi come il fascicolo. Viene annotato che Lei l'ha creato.
evidence-verify-note = Chiunque verifica il file senza rete con quest'unica riga, o su una pagina come questa:
evidence-each = Ogni prova
evidence-each-note = Ogni firma è stata verificata ora, con le chiavi che il registro nomina. Gli orari sono quelli di chi ha firmato.
evidence-verified = Verificato ora
evidence-proves = Che cosa dimostra
evidence-proves-not = Che cosa non dimostra
evidence-person = una persona là, { $person }
evidence-confirmed = l'ha confermato una seconda persona
proof-by-relay = Il relè

bring-title = Verificare un file di prove
check-link = Verifica un file qui
check-intro = Qualcuno Le porta un file che dovrebbe dimostrare che cosa è accaduto a un referral. Viene verificato su questo computer. Non se ne conserva nulla e nessuno viene avvisato.
check-file = Il file
check-button = Verifica
check-no-file = Non è arrivato nessun file. Scelga il file, poi verifichi.
check-too-long = Questo file è troppo lungo per essere una prova. Scelga quello giusto.
check-not-evidence = Questo non è un file di prove di Safeconduct.
check-fails = Non è valido. Non faccia affidamento su questo file: è stato modificato o composto male. Lo chieda di nuovo alla fonte.
check-holds = Ogni sua parte è valida. Sotto, che cosa dimostra e che cosa no.

stage-signed = { $agency } l'ha firmato e inviato.
stage-relay = Il relè l'ha preso in carico per { $agency }.
stage-delivered = È arrivato a { $agency }: il loro computer l'ha aperto, verificato e lo conserva.
stage-opened = Una persona di { $agency } l'ha aperto.
stage-decided = { $agency } ha risposto: accettato o rifiutato.
missing-signed = { $agency } non l'ha ancora firmato. Forse aspetta su questo computer: guardi il suo stato.
missing-relay = Nessun relè ha firmato di averlo preso in carico per { $agency }. Forse è ancora in viaggio; se è urgente, telefoni.
missing-delivered = Nulla mostra che sia arrivato a { $agency }. Non ci conti: telefoni.
missing-opened = Nulla mostra che una persona di { $agency } l'abbia guardato. Arrivato non vuol dire letto: telefoni se si fa tardi.
missing-decided = { $agency } non ha ancora risposto. Nessuno ha promesso aiuto.

proof-revision = l'ha firmato per questo solo destinatario
proof-unsealed = l'ha scritto; non è stato firmato
proof-relay-accepted = ha preso in carico la lettera sigillata
proof-relay-expired = vi ha rinunciato: nessuno l'aveva ritirata in tempo
proof-delivered = l'ha ricevuto: il suo computer l'ha aperto, verificato e lo conserva
proof-nack = non ha potuto aprire la lettera
proof-rule = l'ha respinto per una regola, prima che qualcuno lo vedesse

holds-yes = valida
holds-no = non valida
holds-no-key = chiave non nota qui
holds-not-signed = non firmato

clock-sender = orologio di chi invia
clock-recipient = orologio di chi riceve
clock-relay = orologio del relè
clock-here = orologio di questo computer

proves-act = Il loro computer ha firmato che questo è stato fatto, con la chiave che il registro nomina per esso, proprio su questo referral.
proves-revision = Chi invia ha firmato esattamente questo referral, per questo destinatario e nessun altro.
proves-unsealed = Per altri, nulla: è stato scritto qui e mai firmato.
proves-relay-accepted = Da quel momento il relè aveva la lettera sigillata.
proves-relay-expired = Il computer di chi riceve non l'ha ritirata per tutto quel tempo.
proves-delivered = Il computer di chi riceve l'ha aperto, verificato, accolto secondo le sue regole e lo conserva.
proves-nack = La lettera è arrivata, e il computer di chi riceve non ha potuto aprirla con la sua chiave.
proves-rule = Il computer di chi riceve l'ha respinto da sé, e nessuno là l'ha visto.
proves-local = Per altri, nulla: questo computer l'ha annotato con il proprio orologio.
proves-broken = Nulla: la firma non è valida.
proves-no-key = Ancora nulla: il registro di questo computer non nomina la chiave con cui si è firmato.

limits-act = Che sia vero: dimostra che l'hanno detto.
limits-revision = Che sia arrivato, né chi l'ha scritto.
limits-unsealed = Che qualcun altro l'abbia mai avuto.
limits-relay-accepted = Che sia giunta al destinatario, né che cosa contenesse.
limits-relay-expired = Perché nessuno l'ha ritirata.
limits-delivered = Che una persona là l'abbia visto.
limits-nack = Quando è stato, né che ne sia stato letto qualcosa.
limits-rule = Che la regola abbia giudicato bene, né quale fosse.
limits-local = Che sia accaduto così presso l'altro ente.
limits-broken = Nulla di ciò che sta in questa riga.
limits-no-key = Nulla, finché il registro non nomina la chiave.
limits-Opened = Che cosa ha letto quella persona.
limits-InfoRequested = Che cosa è stato chiesto: solo i due enti possono leggerlo.
limits-InfoProvided = Che cosa è stato risposto, né che bastasse.
limits-Accepted = Che l'aiuto sia stato dato.
limits-Declined = Che il motivo sia vero.
limits-DisclosureRaised = Che la persona fosse d'accordo: il consenso sta nel referral.
limits-ServiceStarted = Che la persona ci fosse, né in quale giorno.
limits-Closed = Che l'esito sia vero.
limits-Withdrawn = Che sia stato cancellato: veda il certificato di cancellazione.
limits-ConsentChanged = Quale consenso, né che cosa ha detto la persona.
limits-OverrideReviewed = Che cosa ha trovato il riesame.
limits-ErasureCertified = Che prima non ne sia stata fatta un'altra copia.

alert-override = È stato inviato senza il consenso della persona.
alert-late = Qualcosa era in ritardo, o un orologio è sbagliato.
alert-gap = Manca un atto firmato: ciò che lo segue non conta ancora.
alert-equivocation = Due atti diversi sono stati firmati con lo stesso numero: nessuno conta.
alert-broken = Alcuni atti contraddicono la catena in cui si trovano.
alert-unverified = Una firma non è valida.

verified-authority = L'autorità è quella che Lei conosce
verified-registry = L'autorità ha firmato il registro
verified-time = Il registro era così a un'ora firmata
verified-their-authority = L'autorità di chi riceve è quella che Lei conosce
verified-their-registry = L'autorità di chi riceve ha firmato il suo registro
verified-signed = Chi invia ha firmato questo per questo destinatario
verified-before = La chiave di chi invia era valida nel registro che il messaggio nomina
verified-after = Un registro firmato, non anteriore alle ricevute del messaggio, nomina la chiave di chi invia
verified-content = Questo è il contenuto che è stato firmato
verified-charged = Un relè ha preso in carico una lettera sigillata
verified-stored = Il computer di chi riceve l'ha aperta, verificata e conservata
verified-seen = Una persona l'ha vista
verified-given-up = Un relè ha rinunciato a una lettera: nessuno l'aveva ritirata
verified-act = Un ente ha firmato questo atto
verified-twice = Un ente ha firmato due atti con lo stesso numero: nessuno conta
verified-details = Questi sono i dettagli che sono stati firmati
verified-end = Alla fine non è stato omesso nulla
