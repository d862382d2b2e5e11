# Figures: how many persons, never who.

tab-figures = Cifre
figures-views = Quali cifre
figures-own = Le nostre cifre
figures-country = Cifre del paese
figures-country-title = Cifre del paese
figures-intro = Quante persone sono state indirizzate, aiutate e rifiutate. Nessuno può essere riconosciuto in queste cifre: i numeri piccoli sono nascosti.
figures-period = Periodo
figures-table = Che cosa si conta
figures-every = Tutto
figures-side = Referral
figures-show = Mostra
figures-is-released = pubblicato
figures-is-open = non ancora finito
figures-released = Pubblicato il { $time } e da allora congelato: non vi cambia più nulla.
figures-open = Questo periodo non è ancora finito. Sono i numeri di oggi.
figures-not-released = Non pubblicato: solo questo ente vede queste cifre.
figures-hiding = Numeri di persone, arrotondati a { $base }; i totali sono arrotondati a parte. Un numero sotto { $k } non viene mai mostrato.
figures-none = In questo periodo qui non è stato contato nessuno.
figures-more = Altre cifre
figures-group = Gruppo
figures-persons = Persone
figures-hours = Ore
figures-all = In tutto
figures-hidden = nascosto
figures-at-least = almeno { $number }
figures-too-few = troppo pochi
figures-withheld = Un numero piccolo è nascosto, perché nessuno ne sia riconosciuto. «Nascosto» impedisce di ricavarlo dagli altri.
figures-withheld-all = È mostrato solo il totale: i gruppi sono così piccoli che qualcuno potrebbe essere riconosciuto.
figures-withheld-hours = «Troppo pochi» sta dove i referral erano troppo pochi per una mediana.
figures-take = Porti con sé le cifre
figures-take-note = Ciò che è nascosto qui è nascosto anche nei file.
figures-csv = Come tabella (CSV)
figures-json = Come rapporto (JSON)
figures-release-title = Pubblicare questo periodo
figures-release-note = Guardi prima le cifre. Quando le pubblica, sono congelate e possono essere date al coordinamento. Ciò che era sbagliato si può correggere solo nel periodo successivo.
figures-release = Pubblica ora
figures-schedule-title = Pubblicazione automatica
figures-scheduled = Da { $time } ogni periodo viene pubblicato da sé quando è finito. Nessuno lo guarda prima.
figures-not-scheduled = Una persona guarda ogni periodo e lo pubblica.
figures-schedule-on = Pubblicare da ora ogni periodo da sé
figures-schedule-off = Una persona deve prima guardare ogni periodo
figures-uncounted = Che cosa non si conta, e perché
notice-released = { $count ->
   *[other] Pubblicato. Ora il periodo è congelato.
}
notice-scheduled = { $count ->
   *[other] Dal prossimo periodo le cifre vengono pubblicate da sé.
}
notice-not-scheduled = { $count ->
   *[other] Da ora una persona pubblica ogni periodo.
}
notice-country = { $count ->
   *[other] Mostrato per la prima volta. Da ora le cifre restano come sono.
}
notice-country-none = { $count ->
   *[other] Non si può ancora mostrare nulla: dalla somma si ricaverebbero i numeri di un ente. La mostri di nuovo quando più enti avranno dato i loro.
}
figures-country-intro = La somma di ciò che gli enti hanno pubblicato. Nessun ente vi è nominato.
figures-country-none = Nessun ente ha ancora dato le sue cifre.
figures-reports = { $count ->
    [one] { $count } rapporto
   *[other] { $count } rapporti
}
figures-country-of = { $count ->
    [one] La somma di { $count } rapporto.
   *[other] La somma di { $count } rapporti.
}
figures-country-since = Mostrata per la prima volta il { $time } e da allora invariata.
figures-country-late = { $count ->
    [one] { $count } rapporto è arrivato dopo e non vi è compreso.
   *[other] { $count } rapporti sono arrivati dopo e non vi sono compresi.
}
figures-country-aside = { $count ->
    [one] { $count } rapporto compreso è stato poi messo da parte o sostituito.
   *[other] { $count } rapporti compresi sono stati poi messi da parte o sostituiti.
}
figures-country-hiding = «Almeno» sta dove un ente nasconde una parte. «Nascosto» sta dove un ente dà la maggior parte di un numero, o dove un tale numero si potrebbe ricavare.
figures-country-waits = { $count ->
    [one] { $count } rapporto di questo periodo è qui e conta.
   *[other] { $count } rapporti di questo periodo sono qui e contano.
}
figures-country-note = Una volta mostrata, la somma resta com'è: un rapporto che arriva dopo non vi entra mai. Aspetti che siano arrivati tutti.
figures-country-show = Mostra ora la somma

period-quarter = Trimestre { $number } del { $year }
period-half = Semestre { $number } del { $year }

counts-sent = Persone che abbiamo indirizzato
counts-received = Persone indirizzate a noi
counts-looked = Persone indirizzate a noi, secondo se qualcuno qui ha guardato in tempo
counts-answered = Persone che abbiamo indirizzato, secondo se qualcuno ha risposto
counts-basis = Su quali fondamenti dati di persone sono andati ad altri
counts-served = Persone per le quali qui è iniziato l'aiuto
counts-declined = Persone che abbiamo rifiutato
counts-unmet = Persone rifiutate perché nessun posto era adatto
counts-ended = Persone il cui referral è finito qui
counts-not-reached = Persone che non si sono potute raggiungere
counts-taken-back = Persone il cui referral abbiamo ritirato
counts-escalated = Persone indirizzate ad altri perché nessuno aveva guardato in tempo
counts-recalled = Persone il cui referral chi invia ha ritirato, secondo se è stato cancellato entro 72 ore
counts-to-erase = Persone i cui dati andavano cancellati, secondo se lo sono stati entro un giorno
counts-hours-opening = Ore dall'arrivo al primo sguardo (mediana)
counts-hours-deciding = Ore dal primo sguardo alla decisione (mediana)
counts-hours-serving = Ore dall'accettazione all'inizio dell'aiuto (mediana)

split-kind = per genere di referral
split-urgency = per urgenza
split-role = per tipo di ente
split-border = nel paese o oltre il confine
split-answer = per risposta
split-age = per età
split-basis = per fondamento
split-exploitation = per tipo di sfruttamento
split-gender = per genere
split-sector = per settore di lavoro
split-control = per mezzo di controllo
split-recruitment = per inizio del reclutamento
split-citizenship = per cittadinanza
split-justice = secondo se polizia e tribunali possono saperlo
split-need = secondo se il bisogno resta scoperto
split-reason = per motivo
split-service = per servizio
split-region = per regione
split-countries = per paesi
split-outcome = per esito
split-erasure = per cancellazione

cell-not-told = Non detto
cell-several = Diversi
cell-Other = Altro
cell-ForcedLabour = Lavoro forzato
cell-SexualExploitation = Sfruttamento sessuale
cell-ChildLabour = Lavoro minorile
cell-ForcedMarriage = Matrimonio forzato
cell-Servitude = Servitù domestica
cell-ForcedMilitaryByNonStateActors = Costretti in un gruppo armato
cell-OrganRemoval = Prelievo di organi
cell-ForcedBegging = Accattonaggio forzato
cell-ForcedAdoption = Adozione forzata o illegale
cell-Surrogacy = Sfruttamento della maternità surrogata
cell-x_ForcedCriminality = Criminalità forzata
cell-A_AgricultureForestryAndFishing = Agricoltura, foreste, pesca
cell-B_MiningAndQuarrying = Miniere e cave
cell-C_Manufacturing = Industria
cell-D_ElectricityGasSteamAndAirConditioningSupply = Elettricità e gas
cell-E_WaterSupplySewerageWasteManagement = Acqua e rifiuti
cell-F_Construction = Edilizia
cell-G_WholesaleAndRetailTradeRepairOfMotorVehicles = Commercio, riparazione di veicoli
cell-H_TransportationAndStorage = Trasporti e magazzinaggio
cell-I_AccommodationAndFoodServiceActivities = Alberghi e ristoranti
cell-J_InformationAndCommunication = Informazione e comunicazione
cell-K_FinancialAndInsuranceActivities = Finanza e assicurazioni
cell-L_RealEstateActivities = Immobiliare
cell-M_ProfessionalScientificAndTechnicalActivities = Lavoro professionale e tecnico
cell-N_AdministrativeAndSupportServiceActivities = Ufficio, pulizie e altri servizi
cell-O_PublicAdministrationAndDefence = Amministrazione pubblica
cell-P_Education = Scuola e istruzione
cell-Q_HumanHealthAndSocialWorkActivities = Sanità e assistenza sociale
cell-R_ArtsEntertainmentAndRecreation = Arte, spettacolo, tempo libero
cell-S_OtherServiceActivities = Altri servizi
cell-T_ActivitiesOfHouseholdsAsEmployers = Famiglie private
cell-U_ActivitiesOfExtraterritorialOrganizations = Organizzazioni internazionali
cell-PhysicalThreats = Minacce di violenza
cell-ThreatsLawEnforcement = Minacce con la polizia o le autorità
cell-ThreatensChildrenFamily = Minacce ai figli o alla famiglia
cell-DebtBondage = Debiti
cell-FalsePromises = False promesse
cell-PhysicalAbuse = Violenza fisica
cell-SexualAbuse = Violenza sessuale
cell-TakesEarnings = Guadagni sottratti
cell-RestrictsFinancialAccess = Nessun accesso al proprio denaro
cell-RestrictsMedicalCare = Nessun accesso alle cure
cell-WithholdsNecessities = Cibo e necessità negati
cell-PsychologicalAbuse = Violenza psicologica
cell-PsychoactiveSubstance = Droghe o alcol
cell-ExcessiveWorkingHours = Orari di lavoro eccessivi
cell-WithholdsDocuments = Documenti sottratti
cell-x_RestrictsMovement = Nessuna libertà di movimento
cell-x_UsesChildren = Bambini usati come mezzo
cell-AtAPlaceOfBusiness = In un'attività commerciale
cell-AtAnEducationalInstitution = In una scuola
cell-AtWork = Al lavoro
cell-ThroughOnlineSocialNetworks = Tramite reti sociali
cell-ThroughAnOnlineAdvertisement = Tramite un annuncio in rete
cell-ThroughATelevisionAdvert = Tramite un annuncio in televisione
cell-ThroughANewspaperAdvert = Tramite un annuncio su un giornale
cell-ThroughFamilyOrFamilyEvents = Tramite la famiglia
cell-ThroughFriendsOrSocialEvents = Tramite amici
cell-InformedConsent = Consenso della persona
cell-AssentAndGuardianConsent = Assenso del minore e consenso del tutore
cell-GuardianConsent = Consenso del tutore
cell-BestInterestDetermination = Superiore interesse del minore
cell-VitalInterest = Pericolo di vita
cell-LegalObligation = Obbligo di legge
cell-answered = Risposto
cell-opened-only = Aperto, senza risposta
cell-no-answer = Nessuna risposta
cell-waiting = Ancora in attesa
cell-taken-back = Ritirato
cell-in-time = In tempo
cell-late = In ritardo
cell-within = Nel paese
cell-across = Oltre il confine
cell-without-justice-consent = Polizia e tribunali non possono saperlo
cell-with-justice-consent = Polizia e tribunali possono saperlo
cell-unmet-need = Il bisogno resta scoperto: nessun posto era adatto
cell-other-reason = Un altro motivo
cell-own-country = Questo paese
cell-Africa = Africa
cell-Americas = Americhe
cell-Asia = Asia
cell-Europe = Europa
cell-Oceania = Oceania
cell-elsewhere = Altrove

uncounted-M07 = Se un atto senza consenso è stato riesaminato in tempo: sta nel registro di ogni caso.
uncounted-M08 = Tutori e decisioni sul superiore interesse dei minori: stanno nel testo di un referral.
uncounted-M09 = Periodi di riflessione: stanno nel registro di ogni caso.
uncounted-M12 = Valutazione dei rischi e accoglienza di chi ritorna: stanno nel fascicolo.
uncounted-M14 = Enti e servizi per regione: si contano dal registro.
uncounted-M15 = Persone presunte e identificate separatamente: lo stato non si conta.
