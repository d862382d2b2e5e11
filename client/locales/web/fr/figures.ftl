# Figures: how many persons, never who.

tab-figures = Chiffres
figures-views = Quels chiffres
figures-own = Nos chiffres
figures-country = Chiffres du pays
figures-country-title = Chiffres du pays
figures-intro = Combien de personnes ont été orientées, aidées, refusées. Personne ne peut être reconnu dans ces chiffres : les petits nombres sont masqués.
figures-period = Période
figures-table = Ce qui est compté
figures-every = Tout
figures-side = Orientations
figures-show = Afficher
figures-is-released = publiée
figures-is-open = pas encore finie
figures-released = Publiée le { $time } et figée depuis : plus rien n'y change.
figures-open = Cette période n'est pas finie. Ce sont les nombres d'aujourd'hui.
figures-not-released = Pas publiée : seule cette organisation voit ces chiffres.
figures-hiding = Nombres de personnes, arrondis à { $base } ; les totaux sont arrondis à part. Un nombre inférieur à { $k } n'est jamais montré.
figures-none = Personne n'a été compté ici pendant cette période.
figures-more = Autres chiffres
figures-group = Groupe
figures-persons = Personnes
figures-hours = Heures
figures-all = Tous ensemble
figures-hidden = masqué
figures-at-least = au moins { $number }
figures-too-few = trop peu
figures-withheld = Un petit nombre est masqué, pour que personne ne soit reconnu. « Masqué » empêche de le calculer à partir des autres.
figures-withheld-all = Seul le total est montré : les groupes sont si petits que quelqu'un pourrait être reconnu.
figures-withheld-hours = « Trop peu » est écrit là où il y avait trop peu d'orientations pour une médiane.
figures-take = Emporter les chiffres
figures-take-note = Ce qui est masqué ici l'est aussi dans les fichiers.
figures-csv = En tableau (CSV)
figures-json = En rapport (JSON)
figures-release-title = Publier cette période
figures-release-note = Regardez d'abord les chiffres. Une fois publiés, ils sont figés et peuvent être donnés à la coordination. Ce qui était faux ne pourra être corrigé que dans la période suivante.
figures-release = Publier maintenant
figures-schedule-title = Publication automatique
figures-scheduled = Depuis le { $time }, chaque période est publiée d'elle-même quand elle est finie. Personne ne la regarde avant.
figures-not-scheduled = Une personne regarde chaque période et la publie.
figures-schedule-on = Publier désormais chaque période automatiquement
figures-schedule-off = Une personne doit d'abord regarder chaque période
figures-uncounted = Ce qui n'est pas compté, et pourquoi
notice-released = { $count ->
   *[other] Publiée. La période est figée à présent.
}
notice-scheduled = { $count ->
   *[other] Dès la période suivante, les chiffres sont publiés d'eux-mêmes.
}
notice-not-scheduled = { $count ->
   *[other] Désormais, une personne publie chaque période.
}
notice-country = { $count ->
   *[other] Montré pour la première fois. Les chiffres restent désormais tels quels.
}
notice-country-none = { $count ->
   *[other] Rien ne peut être montré encore : les nombres d'une organisation se déduiraient de la somme. Réessayez quand d'autres organisations auront donné les leurs.
}
figures-country-intro = La somme de ce que les organisations ont publié. Aucune organisation n'y est nommée.
figures-country-none = Aucune organisation n'a encore donné ses chiffres.
figures-reports = { $count ->
    [one] { $count } rapport
   *[other] { $count } rapports
}
figures-country-of = { $count ->
    [one] La somme de { $count } rapport.
   *[other] La somme de { $count } rapports.
}
figures-country-since = Montrée d'abord le { $time } et inchangée depuis.
figures-country-late = { $count ->
    [one] { $count } rapport est venu plus tard et n'y est pas.
   *[other] { $count } rapports sont venus plus tard et n'y sont pas.
}
figures-country-aside = { $count ->
    [one] { $count } rapport qui y figure a été écarté ou remplacé depuis.
   *[other] { $count } rapports qui y figurent ont été écartés ou remplacés depuis.
}
figures-country-hiding = « Au moins » est écrit là où une organisation masque une partie. « Masqué » est écrit là où une organisation donne la plus grande part d'un nombre, ou là où un tel nombre pourrait être calculé.
figures-country-waits = { $count ->
    [one] { $count } rapport de cette période est là et compte.
   *[other] { $count } rapports de cette période sont là et comptent.
}
figures-country-note = Une fois montrée, la somme reste telle quelle : un rapport qui vient plus tard n'y entre jamais. Attendez que tous soient arrivés.
figures-country-show = Montrer la somme maintenant

period-quarter = Trimestre { $number } de { $year }
period-half = Semestre { $number } de { $year }

counts-sent = Personnes que nous avons orientées
counts-received = Personnes orientées vers nous
counts-looked = Personnes orientées vers nous, selon que quelqu'un ici a regardé à temps
counts-answered = Personnes que nous avons orientées, selon que quelqu'un a répondu
counts-basis = Sur quel fondement des données de personnes sont allées à d'autres
counts-served = Personnes pour qui l'aide a commencé ici
counts-declined = Personnes que nous avons refusées
counts-unmet = Personnes refusées parce qu'aucune place ne convenait
counts-ended = Personnes dont l'orientation a pris fin ici
counts-not-reached = Personnes qui n'ont pas pu être jointes
counts-taken-back = Personnes dont nous avons retiré l'orientation
counts-escalated = Personnes réorientées parce que personne n'avait regardé à temps
counts-recalled = Personnes dont l'expéditeur a retiré l'orientation, selon qu'elle a été effacée sous 72 heures
counts-to-erase = Personnes dont les données devaient être effacées, selon qu'elles l'ont été sous un jour
counts-hours-opening = Heures de l'arrivée au premier regard (médiane)
counts-hours-deciding = Heures du premier regard à la décision (médiane)
counts-hours-serving = Heures de l'acceptation au début de l'aide (médiane)

split-kind = par genre
split-urgency = par urgence
split-role = par genre d'organisation
split-border = dans le pays ou à travers la frontière
split-answer = par réponse
split-age = par âge
split-basis = par fondement
split-exploitation = par genre d'exploitation
split-gender = par sexe
split-sector = par secteur de travail
split-control = par moyen de contrôle
split-recruitment = par début du recrutement
split-citizenship = par nationalité
split-justice = selon que police et justice peuvent le savoir
split-need = selon que le besoin reste sans réponse
split-reason = par raison
split-service = par service
split-region = par région
split-countries = par pays
split-outcome = par résultat
split-erasure = par effacement

cell-not-told = Non dit
cell-several = Plusieurs
cell-Other = Autre
cell-ForcedLabour = Travail forcé
cell-SexualExploitation = Exploitation sexuelle
cell-ChildLabour = Travail des enfants
cell-ForcedMarriage = Mariage forcé
cell-Servitude = Servitude domestique
cell-ForcedMilitaryByNonStateActors = Enrôlement forcé dans un groupe armé
cell-OrganRemoval = Prélèvement d'organes
cell-ForcedBegging = Mendicité forcée
cell-ForcedAdoption = Adoption forcée ou illégale
cell-Surrogacy = Exploitation de la gestation pour autrui
cell-x_ForcedCriminality = Criminalité forcée
cell-A_AgricultureForestryAndFishing = Agriculture, forêts, pêche
cell-B_MiningAndQuarrying = Mines et carrières
cell-C_Manufacturing = Industrie
cell-D_ElectricityGasSteamAndAirConditioningSupply = Électricité et gaz
cell-E_WaterSupplySewerageWasteManagement = Eau et déchets
cell-F_Construction = Construction
cell-G_WholesaleAndRetailTradeRepairOfMotorVehicles = Commerce, réparation de véhicules
cell-H_TransportationAndStorage = Transports et entreposage
cell-I_AccommodationAndFoodServiceActivities = Hôtels et restaurants
cell-J_InformationAndCommunication = Information et communication
cell-K_FinancialAndInsuranceActivities = Finance et assurance
cell-L_RealEstateActivities = Immobilier
cell-M_ProfessionalScientificAndTechnicalActivities = Métiers spécialisés et techniques
cell-N_AdministrativeAndSupportServiceActivities = Bureau, nettoyage et autres services
cell-O_PublicAdministrationAndDefence = Administration publique
cell-P_Education = École et formation
cell-Q_HumanHealthAndSocialWorkActivities = Santé et action sociale
cell-R_ArtsEntertainmentAndRecreation = Arts, spectacles, loisirs
cell-S_OtherServiceActivities = Autres services
cell-T_ActivitiesOfHouseholdsAsEmployers = Ménages privés
cell-U_ActivitiesOfExtraterritorialOrganizations = Organisations internationales
cell-PhysicalThreats = Menaces de violence
cell-ThreatsLawEnforcement = Menaces de police ou d'autorités
cell-ThreatensChildrenFamily = Menaces contre les enfants ou la famille
cell-DebtBondage = Dettes
cell-FalsePromises = Fausses promesses
cell-PhysicalAbuse = Violence physique
cell-SexualAbuse = Violence sexuelle
cell-TakesEarnings = Gains confisqués
cell-RestrictsFinancialAccess = Pas d'accès à son argent
cell-RestrictsMedicalCare = Pas d'accès aux soins
cell-WithholdsNecessities = Nourriture et besoins refusés
cell-PsychologicalAbuse = Violence psychologique
cell-PsychoactiveSubstance = Drogues ou alcool
cell-ExcessiveWorkingHours = Horaires de travail excessifs
cell-WithholdsDocuments = Papiers confisqués
cell-x_RestrictsMovement = Pas libre de ses mouvements
cell-x_UsesChildren = Enfants utilisés comme moyen
cell-AtAPlaceOfBusiness = Dans un commerce
cell-AtAnEducationalInstitution = Dans une école
cell-AtWork = Au travail
cell-ThroughOnlineSocialNetworks = Par les réseaux sociaux
cell-ThroughAnOnlineAdvertisement = Par une annonce en ligne
cell-ThroughATelevisionAdvert = Par une annonce à la télévision
cell-ThroughANewspaperAdvert = Par une annonce dans un journal
cell-ThroughFamilyOrFamilyEvents = Par la famille
cell-ThroughFriendsOrSocialEvents = Par des amis
cell-InformedConsent = Consentement de la personne
cell-AssentAndGuardianConsent = Accord de l'enfant et consentement du tuteur
cell-GuardianConsent = Consentement du tuteur
cell-BestInterestDetermination = Intérêt supérieur de l'enfant
cell-VitalInterest = Danger pour la vie
cell-LegalObligation = Obligation légale
cell-answered = Répondu
cell-opened-only = Ouvert, sans réponse
cell-no-answer = Aucune réponse
cell-waiting = En attente
cell-taken-back = Retiré
cell-in-time = À temps
cell-late = En retard
cell-within = Dans le pays
cell-across = À travers la frontière
cell-without-justice-consent = Police et justice ne peuvent pas le savoir
cell-with-justice-consent = Police et justice peuvent le savoir
cell-unmet-need = Le besoin reste sans réponse : aucune place ne convenait
cell-other-reason = Autre raison
cell-own-country = Ce pays
cell-Africa = Afrique
cell-Americas = Amériques
cell-Asia = Asie
cell-Europe = Europe
cell-Oceania = Océanie
cell-elsewhere = Ailleurs

uncounted-M07 = Si un acte sans consentement a été examiné à temps : c'est dans le journal de chaque dossier.
uncounted-M08 = Tuteurs et décisions sur l'intérêt supérieur des enfants : c'est dans le texte d'une orientation.
uncounted-M09 = Périodes de réflexion : c'est dans le journal de chaque dossier.
uncounted-M12 = Évaluation des risques et accueil des personnes qui rentrent : c'est dans le dossier.
uncounted-M14 = Organisations et services par région : ils sont comptés d'après le registre.
uncounted-M15 = Personnes présumées et identifiées séparément : le statut n'est pas compté.
