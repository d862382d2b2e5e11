span-days = { $count ->
    [one] { $count } giorno
   *[other] { $count } giorni
}
span-hours = { $count ->
    [one] { $count } ora
   *[other] { $count } ore
}
span-minutes = { $count ->
    [one] { $count } minuto
   *[other] { $count } minuti
}
note-another-country = un altro Paese

note-clock-behind = L'orologio di questo computer è indietro di { $span }. Nel frattempo si usa un'ora firmata dall'autorità. Faccia regolare l'orologio.
note-registry-old = L'elenco degli enti è stato confermato l'ultima volta { $span } fa. Un ente che da allora ha perso l'iscrizione può apparire qui ancora attivo. Se questo computer è connesso e la cosa resta così, telefoni alla Sua autorità.
note-registry-older = L'elenco degli enti è stato confermato l'ultima volta { $span } fa. Agli enti nuovi o cambiati da allora non si invia nulla. Se questo computer è connesso e la cosa resta così, telefoni alla Sua autorità.
note-registry-over = L'elenco degli enti è stato confermato l'ultima volta { $span } fa. Non si invia più nulla. Telefoni, e faccia connettere questo computer; se è connesso, telefoni alla Sua autorità.
note-registry-undated = L'elenco degli enti non ha una data firmata, perciò non si invia nulla. Telefoni, e faccia connettere questo computer; se è connesso, telefoni alla Sua autorità.
note-waits-suspended = L'iscrizione di { $agency } è sospesa. Messaggi che la aspettano qui: { $count }. Partono da soli quando l'ente sarà di nuovo attivo. Se qualcuno ha bisogno di aiuto adesso, telefoni a un altro ente.
note-drafts-end = Bozze che entro una settimana vengono cancellate se nessuno le cambia: { $count }. Veda «Bozze».
note-held = Messaggi arrivati e trattenuti, perché l'iscrizione di chi li ha inviati è sospesa o non è ancora nell'elenco: { $count }. Saranno mostrati appena sarà attiva.
note-place-waits = Questo computer prende il posto di un altro dal { $time }. Prima il relè non lo lascia entrare. Lo lasci acceso.
note-key-made = Una nuova chiave di questo computer è fatta. Viene chiesta appena il computer è connesso.
note-key-waits = La nuova chiave d'identità aspetta la Sua autorità. Le legga al telefono le otto parole: sono nella pagina delle chiavi.
note-key-unpublished = La nuova chiave di connessione aspetta che la Sua autorità pubblichi di nuovo l'elenco degli enti. Non c'è nulla da fare.
note-key-done = La nuova chiave vale, e sarà usata quando l'elenco degli enti sarà arrivato qui. Non c'è nulla da fare.
note-key-not-taken = La nuova chiave non è stata accettata. Telefoni alla Sua autorità, poi rinunci al cambiamento come dice la pagina delle chiavi.
note-renew-tls = La chiave di connessione andrebbe rinnovata entro { $days }, e non lo è ancora. Lasci questo computer acceso e connesso. Nulla si ferma se avviene più tardi.
note-renew-identity = La chiave d'identità andrebbe rinnovata entro { $days }. Lo fa chi amministra, nella pagina delle chiavi. Nulla si ferma se avviene più tardi.
note-keys-end = Tra { $days } nessuno potrà più scrivere a questo ente, perché questo computer non si connette da settimane. Lo faccia connettere.
note-own-suspended = L'iscrizione di questo ente è sospesa, perciò il relè non lo lascia entrare. Messaggi che aspettano qui: { $count }. Partono da soli quando sarà di nuovo attivo. Se qualcuno ha bisogno di aiuto adesso, telefoni.
note-own-revoked = L'iscrizione di questo computer è stata revocata. Messaggi che non ne usciranno più: { $count }. Telefoni agli enti, e li invii di nuovo dal computer che il Suo ente ha adesso.

note-message-waits = Qualcosa che Lei ritira presso { $agency } aspetta qui, perché la loro autorità al momento non è riconosciuta. Telefoni e lo dica.
note-message-late = Nessuna ricevuta di { $agency } è arrivata in tempo. Telefoni, e non conti sul fatto che l'abbiano ricevuto.
note-message-expired = Un messaggio a { $agency } non è arrivato: nessuno lo ha ritirato in tempo. Telefoni, poi lo invii di nuovo se serve ancora.
note-message-failed = Un messaggio a { $agency } non è arrivato e non viene più tentato. Telefoni, o scelga un altro ente; poi lo invii di nuovo se serve ancora.
note-key-refused = Una chiave di { $agency } fornita dal relè non va usata. Non si sigilla nulla con essa. Telefoni all'ente e alla Sua autorità.
note-case-damaged = Qualcosa di ciò che è conservato del referral { $digits } non si può leggere, e le sue scadenze non sono seguite. Lo segua Lei, e avvisi chi si occupa di questo computer.
note-chain-forked = Forse un secondo computer usa l'identità di { $agency }. Telefoni al numero che conosce prima di inviare qualcosa.
note-chain-back = Il computer di { $agency } è tornato a un giorno precedente senza dirlo, o un secondo usa la sua identità. Telefoni al numero che conosce.
note-chain-longer = { $agency } ha visto più messaggi di questo ente di quanti questo computer ricordi. Se è stato ripristinato da una copia di sicurezza, avvisi chi se ne occupa; altrimenti forse un secondo computer usa la Sua identità: telefoni alla Sua autorità.
note-restored = Il computer di { $agency } è stato ripristinato da una copia di sicurezza e ha perso messaggi Suoi: { $count }. Chi si occupa di questo computer può inviarli di nuovo (safeconduct resend).
note-restored-erased = Il computer di { $agency } è stato ripristinato da una copia di sicurezza e ha perso messaggi Suoi: { $count }, e { $gone } il cui contenuto qui è cancellato. Chi si occupa di questo computer può inviare di nuovo gli altri (safeconduct resend).
note-place-taken = L'autorità mette un altro computer al posto di questo. Questo resta fuori dal { $time }. Se nessuno nel Suo ente lo ha chiesto, telefoni prima alla Sua autorità.
note-own-key-newer = Questo computer ha una vecchia chiave d'identità, e nessuno può scrivergli: è stato ripristinato da una vecchia copia, o qualcun altro ha rinnovato la chiave. Faccia ripristinare una copia più recente. Se nessuno nel Suo ente l'ha rinnovata, telefoni subito alla Sua autorità.
note-place-given = Un altro computer è stato messo al posto di questo, e nessuno può scrivere a questo. Usi l'altro. Se nessuno nel Suo ente lo ha chiesto, telefoni subito alla Sua autorità.
note-own-key-other = L'elenco degli enti indica un'altra chiave d'identità per questo computer, e nessuno può scrivergli. Se nessuno nel Suo ente lo ha chiesto, telefoni subito alla Sua autorità.
note-fork-before = Qualcuno ha firmato un falso elenco degli enti con una chiave che la Sua autorità ha sostituito. Questo computer continua con la chiave nuova. Telefoni alla Sua autorità, e consegni il file.
note-fork = La Sua autorità ha firmato due elenchi degli enti diversi. Questo computer non accetta più cambiamenti da essa. Telefoni all'autorità e agli enti con cui lavora, conservi la cartella dei dati, e consegni il file.
note-registry-withheld = Altri enti vedono da più di un giorno un elenco degli enti più recente, e il relè non lo dà a questo computer. Telefoni alla Sua autorità.
note-nameless = Enti di cui qui l'elenco non mostra nulla: { $count }. Il relè non dà le loro voci a questo computer. Telefoni alla Sua autorità.
note-messages-withheld = In un giorno { $count } messaggi di { $senders } enti sono arrivati in modo insolito. Forse il relè trattiene messaggi. Telefoni alla Sua autorità.
note-fork-abroad = L'autorità di { $country } ha firmato due elenchi degli enti diversi. Non invii nulla lì, conservi la cartella dei dati, e telefoni alla Sua autorità.
note-nameless-abroad = Enti di { $country } di cui qui l'elenco non mostra nulla: { $count }. Il relè non dà le loro voci a questo computer. Telefoni alla Sua autorità.
note-time-ahead = L'autorità ha firmato l'ora { $time }, avanti di { $days } rispetto all'orologio di questo computer. Guardi un altro orologio. Se quello di questo computer è sbagliato, lo faccia regolare; se è giusto, telefoni alla Sua autorità.
note-time-ahead-abroad = L'autorità di { $country } ha firmato l'ora { $time }, avanti di { $days } rispetto all'orologio di questo computer. Guardi un altro orologio. Se quello di questo computer è sbagliato, lo faccia regolare; se è giusto, telefoni alla Sua autorità.
note-alarms-locked = Allarmi: { $count }. Sblocchi la lettura per vederli.

note-refused = { $why }
note-look-locked = Qualcuno dovrebbe guardare. Sblocchi la lettura per vederlo.
note-disk-unwritable = Nella cartella dei dati non si può scrivere nulla. Liberi spazio, o chieda a chi si occupa di questo computer di permetterne la scrittura.
note-disk-unread = Non si è potuto leggere quanto spazio resta. Chieda a chi si occupa di questo computer di controllare.
note-disk-full = Restano solo { $count } MB. Liberi spazio adesso: presto non si potrà più inviare né ricevere.
note-disk-low = Restano { $count } MB. Liberi presto spazio.
note-network-unnamed = Nessun relè è impostato, perciò non è stato provato nulla. Lo indica nelle impostazioni chi si occupa di questo computer.
note-network-untried = Nessuna connessione è stata provata. Veda che cosa è scritto accanto al relè.
note-network-unresolved = Il nome { $address } non si trova nella rete. Faccia controllare l'indirizzo e il servizio dei nomi di questo computer.
note-network-unanswered = A { $address } non risponde nulla. Forse un firewall non lascia uscire UDP, o il relè è fermo. Faccia controllare la rete.
note-relay-unheard = Non c'è ancora risposta. Aspetti un momento, poi riapra questa pagina.
note-clock-slow = L'orologio di questo computer è indietro di { $count } secondi rispetto al relè. Lo faccia regolare; se è giusto, avvisi chi gestisce il relè.
note-clock-fast = L'orologio di questo computer è avanti di { $count } secondi rispetto al relè. Lo faccia regolare; se è giusto, avvisi chi gestisce il relè.
note-clock-alone = Non si è potuto confrontare l'orologio con quello del relè. Avverrà appena questo computer sarà connesso.
note-registry-none = Questo computer non ha ancora un elenco degli enti. Completi la sua iscrizione, e lo faccia connettere una volta.
note-witnesses-unknown = Non si sa, perché qui non c'è ancora un elenco degli enti. Completi l'iscrizione di questo computer.
note-witnesses-none = Nessun testimone firma l'elenco degli enti. Chi ha la chiave dell'autorità potrebbe mostrarne ad altri uno diverso. Chieda alla Sua autorità di nominare testimoni, meglio se l'autorità di un altro Paese.
note-witnesses-one = Un solo testimone firma l'elenco degli enti. Chi ha entrambe le chiavi potrebbe mostrarne ad altri uno diverso. Chieda alla Sua autorità di nominarne altri, meglio se l'autorità di un altro Paese.
note-suspended = L'iscrizione di questo ente è sospesa. Telefoni alla Sua autorità.
note-revoked = L'iscrizione di questo computer è stata revocata. Telefoni alla Sua autorità.
note-not-known-to-relay = Questo computer è attivo nell'elenco degli enti, ma il relè non lo conosce. Faccia controllare l'indirizzo del relè, poi telefoni alla Sua autorità.
note-not-listed = Questo computer non è ancora nell'elenco degli enti che c'è qui. Lo faccia connettere una volta.
note-not-enrolled = Questo computer non è ancora iscritto. Lo fa chi se ne occupa, con il codice della Sua autorità (safeconduct enrol).
note-own-keys-to-change = L'autorità da sola sta per cambiare le chiavi di questo computer. Se nessuno nel Suo ente lo ha chiesto, telefoni subito alla Sua autorità.
note-own-keys-changed = L'autorità da sola ha cambiato le chiavi di questo computer. Se nessuno nel Suo ente lo ha chiesto, telefoni subito alla Sua autorità.
note-keys-of-others = L'autorità da sola ha cambiato le chiavi di: { $agencies }. Telefoni prima di inviare loro qualcosa.
note-prekeys-lost = Chiavi per ricevere che il relè ha e che questo computer non può più usare: { $count }. Lo lasci connesso: chi ne usa una ne prende un'altra. Se la cosa resta così, telefoni alla Sua autorità.
note-prekeys-gone = Le chiavi per ricevere sono esaurite, perciò nessuno può scrivere a questo ente. Faccia connettere questo computer: ne fa di nuove.
note-prekeys-none = Non ci sono ancora chiavi per ricevere, perciò nessuno può scrivere a questo ente. Faccia connettere questo computer una volta.
note-prekey-ends = La chiave per ricevere più recente finisce tra { $days }. Lasci questo computer connesso: ne fa una nuova ogni giorno.
note-outbox-given-up = Messaggi che non sono arrivati e che nessuno ha ancora guardato: { $count }. Veda i referral, e telefoni.
note-outbox-waits = Messaggi che aspettano qui da più di un'ora: { $count }. Telefoni se è urgente.
note-outbox-late = Messaggi presso il relè la cui ricevuta è in ritardo: { $count }. Telefoni agli enti.
note-backup-never = Non è mai stata fatta una copia di sicurezza: ciò che è su questo computer non è da nessun'altra parte. Ne faccia una, e la conservi su un altro computer.
note-backup-old = L'ultima copia di sicurezza è di { $days } fa. Ne faccia una nuova, e la conservi su un altro computer.
note-aside = Lettere che non hanno superato un controllo e sono messe da parte: { $count }. Una o due dicono poco; molte dicono che qualcuno tenta qualcosa: telefoni alla Sua autorità.

fault-refused = Così come stanno le cose adesso, non è possibile. Guardi di nuovo; se non vede perché, mostri questa pagina al Suo responsabile.
fault-usage = Qualcosa di ciò che è stato inserito non va. Torni indietro, controlli e riprovi.
fault-not-ready = Prima bisogna sistemare qualcosa su questo computer. Mostri questa pagina a chi se ne occupa.
fault-unreachable = In questo momento non era raggiungibile. Aspetti un momento e riprovi; se è urgente, telefoni.
fault-tampering = Qualcosa non combacia come dovrebbe. Non vada avanti. Mostri subito questa pagina a chi si occupa di questo computer, e telefoni alla Sua autorità.
away-title = Pagina vuota
away-text = Questa pagina è vuota.
