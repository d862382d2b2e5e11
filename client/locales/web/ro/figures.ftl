# Figures: how many persons, never who.

tab-figures = Cifre
figures-views = Care cifre
figures-own = Cifrele noastre
figures-country = Cifrele țării
figures-country-title = Cifrele țării
figures-intro = Câte persoane au fost referite, ajutate și refuzate. Nimeni nu poate fi recunoscut în aceste cifre: numerele mici sunt ascunse.
figures-period = Perioada
figures-table = Ce se numără
figures-every = Totul
figures-side = Referiri
figures-show = Arată
figures-is-released = publicată
figures-is-open = încă neîncheiată
figures-released = Publicată la { $time } și înghețată de atunci: nimic nu se mai schimbă în ea.
figures-open = Această perioadă nu s-a încheiat. Acestea sunt numerele de azi.
figures-not-released = Nepublicată: doar această instituție vede aceste cifre.
figures-hiding = Numere de persoane, rotunjite la { $base }; totalurile se rotunjesc separat. Un număr sub { $k } nu se arată niciodată.
figures-none = În această perioadă nu s-a numărat nimeni aici.
figures-more = Mai multe cifre
figures-group = Grup
figures-persons = Persoane
figures-hours = Ore
figures-all = Toate împreună
figures-hidden = ascuns
figures-at-least = cel puțin { $number }
figures-too-few = prea puține
figures-withheld = Un număr mic este ascuns, ca nimeni să nu fie recunoscut după el. „Ascuns” împiedică să fie dedus din celelalte.
figures-withheld-all = Se arată doar totalul: grupurile sunt atât de mici încât cineva ar putea fi recunoscut.
figures-withheld-hours = „Prea puține” apare unde au fost prea puține referiri pentru o mediană.
figures-take = Luați cifrele cu dumneavoastră
figures-take-note = Ce este ascuns aici este ascuns și în fișiere.
figures-csv = Ca tabel (CSV)
figures-json = Ca raport (JSON)
figures-release-title = Publicați această perioadă
figures-release-note = Uitați-vă mai întâi la cifre. Când le publicați, sunt înghețate și pot fi date coordonării. Ce a fost greșit se poate îndrepta abia în perioada următoare.
figures-release = Publicați acum
figures-schedule-title = Publicare de la sine
figures-scheduled = Din { $time } fiecare perioadă se publică de la sine când s-a încheiat. Nimeni nu se uită la ea înainte.
figures-not-scheduled = O persoană se uită la fiecare perioadă și o publică.
figures-schedule-on = De acum fiecare perioadă să se publice de la sine
figures-schedule-off = O persoană să se uite mai întâi la fiecare perioadă
figures-uncounted = Ce nu se numără și de ce
notice-released = { $count ->
   *[other] Publicată. Perioada este acum înghețată.
}
notice-scheduled = { $count ->
   *[other] Din perioada următoare cifrele se publică de la sine.
}
notice-not-scheduled = { $count ->
   *[other] De acum o persoană publică fiecare perioadă.
}
notice-country = { $count ->
   *[other] Arătat pentru prima dată. De acum cifrele rămân așa cum sunt.
}
notice-country-none = { $count ->
   *[other] Încă nu se poate arăta nimic: din sumă s-ar deduce numerele unei instituții. Arătați-o din nou când mai multe instituții le-au dat pe ale lor.
}
figures-country-intro = Suma a ceea ce au publicat instituțiile. Nicio instituție nu este numită în ea.
figures-country-none = Nicio instituție nu și-a dat încă cifrele.
figures-reports = { $count ->
    [one] { $count } raport
    [few] { $count } rapoarte
   *[other] { $count } de rapoarte
}
figures-country-of = { $count ->
    [one] Suma a { $count } raport.
    [few] Suma a { $count } rapoarte.
   *[other] Suma a { $count } de rapoarte.
}
figures-country-since = Arătată prima dată la { $time } și neschimbată de atunci.
figures-country-late = { $count ->
    [one] { $count } raport a venit mai târziu și nu este în ea.
    [few] { $count } rapoarte au venit mai târziu și nu sunt în ea.
   *[other] { $count } de rapoarte au venit mai târziu și nu sunt în ea.
}
figures-country-aside = { $count ->
    [one] { $count } raport din ea a fost lăsat deoparte sau înlocuit de atunci.
    [few] { $count } rapoarte din ea au fost lăsate deoparte sau înlocuite de atunci.
   *[other] { $count } de rapoarte din ea au fost lăsate deoparte sau înlocuite de atunci.
}
figures-country-hiding = „Cel puțin” apare unde o instituție ascunde o parte. „Ascuns” apare unde o instituție dă cea mai mare parte a unui număr sau unde un asemenea număr s-ar putea deduce.
figures-country-waits = { $count ->
    [one] { $count } raport al acestei perioade este aici și contează.
    [few] { $count } rapoarte ale acestei perioade sunt aici și contează.
   *[other] { $count } de rapoarte ale acestei perioade sunt aici și contează.
}
figures-country-note = Odată arătată, suma rămâne așa cum este: un raport venit mai târziu nu mai intră în ea. Așteptați până vin toate.
figures-country-show = Arătați suma acum

period-quarter = Trimestrul { $number } din { $year }
period-half = Semestrul { $number } din { $year }

counts-sent = Persoane pe care le-am referit
counts-received = Persoane care ne-au fost referite
counts-looked = Persoane referite nouă, după cum cineva de aici s-a uitat la timp
counts-answered = Persoane pe care le-am referit, după cum a răspuns cineva
counts-basis = Pe ce temeiuri au ajuns la alții date ale persoanelor
counts-served = Persoane pentru care ajutorul a început aici
counts-declined = Persoane pe care le-am refuzat
counts-unmet = Persoane refuzate pentru că niciun loc nu se potrivea
counts-ended = Persoane a căror referire s-a încheiat aici
counts-not-reached = Persoane care nu au putut fi găsite
counts-taken-back = Persoane a căror referire am retras-o
counts-escalated = Persoane referite mai departe pentru că nimeni nu s-a uitat la timp
counts-recalled = Persoane a căror referire a fost retrasă de expeditor, după cum a fost ștearsă în 72 de ore
counts-to-erase = Persoane ale căror date trebuiau șterse, după cum au fost șterse într-o zi
counts-hours-opening = Ore de la sosire până la prima privire (mediană)
counts-hours-deciding = Ore de la prima privire până la decizie (mediană)
counts-hours-serving = Ore de la acceptare până la începutul ajutorului (mediană)

split-kind = după fel
split-urgency = după urgență
split-role = după felul instituției
split-border = în țară sau peste graniță
split-answer = după răspuns
split-age = după vârstă
split-basis = după temei
split-exploitation = după felul exploatării
split-gender = după gen
split-sector = după domeniul de muncă
split-control = după mijlocul de control
split-recruitment = după începutul recrutării
split-citizenship = după cetățenie
split-justice = după cum poliția și instanțele pot ști
split-need = după cum nevoia rămâne neacoperită
split-reason = după motiv
split-service = după serviciu
split-region = după regiune
split-countries = după țări
split-outcome = după rezultat
split-erasure = după ștergere

cell-not-told = Nespus
cell-several = Mai multe
cell-Other = Altele
cell-ForcedLabour = Muncă forțată
cell-SexualExploitation = Exploatare sexuală
cell-ChildLabour = Munca copiilor
cell-ForcedMarriage = Căsătorie forțată
cell-Servitude = Servitute domestică
cell-ForcedMilitaryByNonStateActors = Recrutare forțată într-un grup armat
cell-OrganRemoval = Prelevare de organe
cell-ForcedBegging = Cerșetorie forțată
cell-ForcedAdoption = Adopție forțată sau ilegală
cell-Surrogacy = Exploatarea maternității surogat
cell-x_ForcedCriminality = Infracțiuni forțate
cell-A_AgricultureForestryAndFishing = Agricultură, păduri, pescuit
cell-B_MiningAndQuarrying = Minerit și cariere
cell-C_Manufacturing = Industrie
cell-D_ElectricityGasSteamAndAirConditioningSupply = Electricitate și gaze
cell-E_WaterSupplySewerageWasteManagement = Apă și deșeuri
cell-F_Construction = Construcții
cell-G_WholesaleAndRetailTradeRepairOfMotorVehicles = Comerț, reparații de vehicule
cell-H_TransportationAndStorage = Transport și depozitare
cell-I_AccommodationAndFoodServiceActivities = Hoteluri și restaurante
cell-J_InformationAndCommunication = Informații și comunicații
cell-K_FinancialAndInsuranceActivities = Finanțe și asigurări
cell-L_RealEstateActivities = Imobiliare
cell-M_ProfessionalScientificAndTechnicalActivities = Muncă specializată și tehnică
cell-N_AdministrativeAndSupportServiceActivities = Birou, curățenie și alte servicii
cell-O_PublicAdministrationAndDefence = Administrație publică
cell-P_Education = Școală și educație
cell-Q_HumanHealthAndSocialWorkActivities = Sănătate și asistență socială
cell-R_ArtsEntertainmentAndRecreation = Artă, spectacole, timp liber
cell-S_OtherServiceActivities = Alte servicii
cell-T_ActivitiesOfHouseholdsAsEmployers = Gospodării private
cell-U_ActivitiesOfExtraterritorialOrganizations = Organizații internaționale
cell-PhysicalThreats = Amenințări cu violența
cell-ThreatsLawEnforcement = Amenințări cu poliția sau autoritățile
cell-ThreatensChildrenFamily = Amenințări la adresa copiilor sau familiei
cell-DebtBondage = Datorii
cell-FalsePromises = Promisiuni false
cell-PhysicalAbuse = Violență fizică
cell-SexualAbuse = Violență sexuală
cell-TakesEarnings = Câștiguri luate
cell-RestrictsFinancialAccess = Fără acces la banii proprii
cell-RestrictsMedicalCare = Fără acces la îngrijire medicală
cell-WithholdsNecessities = Hrană și cele necesare refuzate
cell-PsychologicalAbuse = Violență psihologică
cell-PsychoactiveSubstance = Droguri sau alcool
cell-ExcessiveWorkingHours = Program de muncă excesiv
cell-WithholdsDocuments = Acte luate
cell-x_RestrictsMovement = Fără libertate de mișcare
cell-x_UsesChildren = Copii folosiți ca mijloc
cell-AtAPlaceOfBusiness = Într-o firmă
cell-AtAnEducationalInstitution = Într-o școală
cell-AtWork = La muncă
cell-ThroughOnlineSocialNetworks = Prin rețele sociale
cell-ThroughAnOnlineAdvertisement = Printr-un anunț pe internet
cell-ThroughATelevisionAdvert = Printr-un anunț la televizor
cell-ThroughANewspaperAdvert = Printr-un anunț în ziar
cell-ThroughFamilyOrFamilyEvents = Prin familie
cell-ThroughFriendsOrSocialEvents = Prin prieteni
cell-InformedConsent = Consimțământul persoanei
cell-AssentAndGuardianConsent = Acordul copilului și consimțământul tutorelui
cell-GuardianConsent = Consimțământul tutorelui
cell-BestInterestDetermination = Interesul superior al copilului
cell-VitalInterest = Pericol pentru viață
cell-LegalObligation = Obligație legală
cell-answered = Cu răspuns
cell-opened-only = Deschisă, fără răspuns
cell-no-answer = Fără răspuns
cell-waiting = Încă așteaptă
cell-taken-back = Retrasă
cell-in-time = La timp
cell-late = Târziu
cell-within = În țară
cell-across = Peste graniță
cell-without-justice-consent = Poliția și instanțele nu pot ști
cell-with-justice-consent = Poliția și instanțele pot ști
cell-unmet-need = Nevoia rămâne neacoperită: niciun loc nu se potrivea
cell-other-reason = Alt motiv
cell-own-country = Această țară
cell-Africa = Africa
cell-Americas = Americile
cell-Asia = Asia
cell-Europe = Europa
cell-Oceania = Oceania
cell-elsewhere = În altă parte

uncounted-M07 = Dacă un act fără consimțământ a fost verificat la timp: aceasta scrie în jurnalul fiecărui caz.
uncounted-M08 = Tutori și decizii privind interesul superior al copiilor: scriu în textul unei referiri.
uncounted-M09 = Perioade de reflecție: scriu în jurnalul fiecărui caz.
uncounted-M12 = Evaluarea riscurilor și primirea celor care se întorc: scriu în dosarul cazului.
uncounted-M14 = Instituții și servicii pe regiuni: se numără din registru.
uncounted-M15 = Persoane prezumate și identificate separat: statutul nu se numără.
