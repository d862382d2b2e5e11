product = Safeconduct
live-news = Ci sono novità. Riapra questa pagina per vederle: ciò che ha scritto andrebbe perso, quindi lo invii prima.
exit = Lascia questa pagina
skip = Vai al contenuto
languages = Lingua
tasks = Che cosa può fare
exercise = Esercitazione
exercise-banner = ESERCITAZIONE: qui nessuno è reale e nulla raggiunge un ente reale.
signed-as = Accesso di: { $name }
signed-alone = Accesso con la frase segreta della cassaforte di questo computer.
sign-out = Esci
yes = sì
no = no
choose = Scelga
any = Qualsiasi
not-said = Non indicato
comma = ,
time = { $day } { $month } { $year }, { $clock }
month-1 = gennaio
month-2 = febbraio
month-3 = marzo
month-4 = aprile
month-5 = maggio
month-6 = giugno
month-7 = luglio
month-8 = agosto
month-9 = settembre
month-10 = ottobre
month-11 = novembre
month-12 = dicembre

sign-in-title = Accesso
sign-in-name = Il Suo nome
sign-in-secret = La Sua password
sign-in-passphrase = Frase segreta della cassaforte di questo computer
sign-in-alone-note = Su questo computer non è ancora registrato nessuno. Chi conosce la frase segreta qui fa tutto.
sign-in-button = Accedi
sign-in-wrong = Il nome o la password è sbagliato. Li scriva di nuovo.
sign-in-held = La password è stata sbagliata troppe volte. Aspetti un quarto d'ora o ne chieda un'altra all'amministratore.
sign-in-locked = La lettura è bloccata su questo computer. Chi se ne occupa la sblocca con la frase segreta.
sign-in-failed = Non è stato possibile accedere. Chieda a chi si occupa di questo computer di guardare il registro.
sign-in-again = Accedi
turned-title = Questa pagina è chiusa
turned-session = La Sua sessione è finita, perché la pagina non è stata usata per un po' o è stata lasciata. Le bozze sono conservate.
turned-origin = Lo ha chiesto un altro sito, quindi non è stato fatto nulla.
turned-form = Questo modulo è stato mostrato in un'altra sessione. Non è stato fatto nulla: riapra la pagina.
turned-lost = A questo indirizzo non c'è nulla.
told-title = Questo non è stato fatto
told-kept = Non è stato inviato né cambiato nulla.
told-back = Torna ai referral
told-back-one = Torna al referral
told-typed = Ciò che aveva scritto, per copiarlo da qui

banner-connecting = Connessione al relè in corso. Ciò che invia aspetta su questo computer fino ad allora.
banner-offline = Nessuna connessione al relè. Ciò che invia aspetta su questo computer e parte da solo. Se è urgente, telefoni anche.
banner-stale = L'elenco degli enti non è confermato da un po'. L'invio continua.
banner-expired = L'elenco degli enti è troppo vecchio per esserne sicuri. Telefoni all'ente prima di inviare.

notice-done = { $count ->
   *[other] Fatto. L'altro ente lo vedrà.
}
notice-said = { $count ->
   *[other] Inviato all'altro ente.
}
notice-sent = { $count ->
    [one] Inviato a un ente. Qui sotto vede quando arriva e quando qualcuno lo apre.
   *[other] Inviato a { $count } enti. Qui sotto vede quando arriva e quando qualcuno lo apre.
}
notice-nobody = { $count ->
   *[other] Scelga almeno un ente. Non è stato inviato nulla.
}
notice-discarded = { $count ->
   *[other] La bozza è stata eliminata.
}

tab-referrals = Referral
tab-refer = Indirizzare una persona
tab-directory = Chi può aiutare
refer-now = Indirizzare una persona ora
views = Quali referral
view-all = Tutti
view-ours = Tocca a noi
view-theirs = Tocca a loro
view-late = In ritardo
view-drafts = Bozze
find-referral = Trova un referral: un ente, un codice, un nome
find-button = Trova
referrals-none = Nessun referral qui.
referrals-not-found = Non è stato trovato nulla.
drafts-none = Nessuna bozza in attesa.
draft = Bozza
older = Referral precedenti
column-agency = Ente
column-state = Stato
column-turn = A chi tocca
column-urgency = Urgenza
column-kind = Tipo
column-changed = Modifica
column-ends = Cancellazione
side-sent = inviato da noi
side-received = ricevuto
turn-ours = a noi
turn-theirs = a loro
turn-nobody = a nessuno
late = In ritardo
until = fino a: { $time }

referral-title = Referral
since = Da: { $time }
next-ours = Tocca a Lei. Scadenza: { $time }. { $agency } aspetta.
next-theirs = { $agency }: scadenza { $time }. Se non ha notizie, telefoni.
erased-on = Cancellazione del contenuto qui: { $time }.
told-too = Chiesto anche a:
cautions = Per la sicurezza della persona
open-note = È arrivato qui. Quando lo apre, chi l'ha inviato sa che qualcuno l'ha fatto.
open-button = Apri
do-title = Che cosa fare ora
do-accept = Accetta
accept-note = Promette di aiutare questa persona. L'altro ente lo sa subito.
do-start = L'aiuto è iniziato
do-ask = Chiedi di più
do-answer = Rispondi
do-decline = Rifiuta
do-close = Chiudi questo referral
do-withdraw = Ritira tutto il referral
do-ask-level = Chiedi più dati della persona
ask-text = Che cosa Le serve sapere?
answer-text = La Sua risposta
decline-why = Perché?
close-outcome = Com'è finita?
withdraw-note = All'altro ente viene detto di cancellarlo, e certifica di averlo fatto.
withdraw-why = Perché?
ask-level = Fino a quale livello?
level = livello { $level }
level-1 = 1: la situazione, senza nome
level-2 = 2: chi è la persona e come raggiungerla
level-3 = 3: parti scelte del fascicolo
no-names-here = Qui niente nomi, numeri o indirizzi.
content-title = Che cosa dice
show-names = Mostra i nomi
show-names-note = Viene annotato che li ha visti.
folded = C'è anche:
consent-ended = Non mostrato, perché il consenso è finito:
said-title = Messaggi
say-text = Scriva all'altro ente
say-note = Invia
say-question = Poni come domanda
post-empty = Nulla da mostrare
post-contradicts = il loro nodo prima ha detto altro
log-title = Che cosa è successo
log-when = Quando
log-who = Chi
log-by-person = una persona
log-by-node = il suo computer
log-note = Ciò che ha fatto un altro ente è firmato da esso e si può mostrare come prova.
log-what = Che cosa
log-no-change = non ha cambiato nulla

refer-title = Indirizzare una persona
refer-intro = Prima senza nome: dica che cosa serve, poi scelga a chi chiedere.
errors-title = Corregga prima questo
need-services = Che cosa serve
need-more-services = Altri servizi
need-urgency = Con quale urgenza
need-urgency-note = In pericolo ora, o senza letto per stanotte? Prima telefoni, poi invii.
need-age = Età
need-gender = Genere
need-language = Lingua
need-language-too = Altra lingua
need-by = Serve entro il
need-group = Quante persone
need-children = Minori con loro
need-note = Nota
need-note-note = Niente nomi, numeri o indirizzi. Dica ciò che una casa deve sapere per rispondere sì o no.
note-tells = Nella nota c'è un numero o un indirizzo. Lo tolga: direbbe chi è la persona.
refer-on = Trova chi può aiutare
who-title = Chi può aiutare
who-not-said = non indicato: { $what }
who-not-sure = Dove c'è scritto «non indicato», prima telefoni.
who-legend = Scelga a chi chiedere
who-none = Nessuno nell'elenco è adatto. Cambi ciò che serve o telefoni al numero verde nazionale.
who-found = { $count ->
    [0] Nessun ente è adatto.
    [one] { $count } ente è adatto.
   *[other] { $count } enti sono adatti.
}
warnings-title = Controlli questo, per favore
they-see = Vedranno
they-do-not-see = Non vedranno
kept-name = Il nome e la data di nascita della persona, salvo che li abbia scritti nella nota
kept-contact = Come e dove raggiungere la persona
kept-documents = Documenti
kept-story = La storia e il fascicolo della persona
they-know-each-other = Chi riceve la domanda vede a chi altro è stata fatta. Vale il primo ente che accetta.
send-button = Invia senza nome a tutti quelli segnati
change-button = Modifica
discard = Elimina questa bozza
discard-button = Eliminala ora
phone-always = 24 ore su 24:
reason-offers = offre { $what }
reason-speaks = parla { $what }
reason-no-language = non parla { $what }: serve un interprete
reason-in = lavora in { $what }
reason-takes = accoglie { $what }
reason-called = il nome corrisponde

directory-role = Tipo di ente
directory-text = Nome o luogo
directory-open = Aperto ora
directory-search = Cerca
directory-empty = L'elenco è vuoto. Arriva dal relè quando questo ente è iscritto.
directory-more = Altre notizie
directory-languages = Lingue
directory-name = Nome nel registro
phone-first = Telefoni prima di inviare: le sue chiavi sono state messe solo dall'autorità
quiet-since = non in linea da: { $time }
