# Figures: how many persons, never who.

tab-figures = Zahlen
figures-views = Welche Zahlen
figures-own = Unsere Zahlen
figures-country = Zahlen des Landes
figures-country-title = Zahlen des Landes
figures-intro = Wie viele Personen verwiesen, unterstützt und abgelehnt wurden. Niemand ist in diesen Zahlen zu erkennen: kleine Zahlen sind verdeckt.
figures-period = Zeitraum
figures-table = Was gezählt wird
figures-every = Alles
figures-side = Verweisungen
figures-show = Anzeigen
figures-is-released = freigegeben
figures-is-open = noch nicht vorbei
figures-released = Freigegeben am { $time } und seitdem eingefroren: Daran ändert sich nichts mehr.
figures-open = Dieser Zeitraum ist noch nicht vorbei. Das sind die Zahlen von heute.
figures-not-released = Nicht freigegeben: Nur diese Stelle sieht diese Zahlen.
figures-hiding = Zahlen von Personen, auf { $base } gerundet; Summen werden für sich gerundet. Eine Zahl unter { $k } wird nie gezeigt.
figures-none = In diesem Zeitraum wurde hier niemand gezählt.
figures-more = Weitere Zahlen
figures-group = Gruppe
figures-persons = Personen
figures-hours = Stunden
figures-all = Alle zusammen
figures-hidden = verdeckt
figures-at-least = mindestens { $number }
figures-too-few = zu wenige
figures-withheld = Eine kleine Zahl ist verdeckt, damit niemand daran zu erkennen ist. „Verdeckt“ verhindert, dass man sie aus den anderen errechnet.
figures-withheld-all = Nur die Summe wird gezeigt: Die Gruppen sind so klein, dass jemand zu erkennen wäre.
figures-withheld-hours = „Zu wenige“ steht, wo es für einen Median zu wenige Verweisungen gab.
figures-take = Zahlen mitnehmen
figures-take-note = Was hier verdeckt ist, ist auch in den Dateien verdeckt.
figures-csv = Als Tabelle (CSV)
figures-json = Als Bericht (JSON)
figures-release-title = Diesen Zeitraum freigeben
figures-release-note = Sehen Sie sich die Zahlen zuerst an. Mit der Freigabe sind sie eingefroren und können der Koordination gegeben werden. Was falsch war, lässt sich erst im nächsten Zeitraum berichtigen.
figures-release = Jetzt freigeben
figures-schedule-title = Freigabe von selbst
figures-scheduled = Seit { $time } wird jeder Zeitraum von selbst freigegeben, wenn er vorbei ist. Niemand sieht ihn vorher an.
figures-not-scheduled = Eine Person sieht jeden Zeitraum an und gibt ihn frei.
figures-schedule-on = Von jetzt an jeden Zeitraum von selbst freigeben
figures-schedule-off = Eine Person soll jeden Zeitraum zuerst ansehen
figures-uncounted = Was nicht gezählt wird, und warum
notice-released = { $count ->
   *[other] Freigegeben. Der Zeitraum ist jetzt eingefroren.
}
notice-scheduled = { $count ->
   *[other] Vom nächsten Zeitraum an werden Zahlen von selbst freigegeben.
}
notice-not-scheduled = { $count ->
   *[other] Von jetzt an gibt eine Person jeden Zeitraum frei.
}
notice-country = { $count ->
   *[other] Zum ersten Mal gezeigt. Die Zahlen bleiben von jetzt an, wie sie sind.
}
notice-country-none = { $count ->
   *[other] Noch kann nichts gezeigt werden: Aus der Summe würden die Zahlen einer Stelle folgen. Zeigen Sie sie noch einmal, wenn mehr Stellen ihre gegeben haben.
}
figures-country-intro = Die Summe dessen, was Stellen freigegeben haben. Keine Stelle wird darin genannt.
figures-country-none = Noch hat keine Stelle ihre Zahlen gegeben.
figures-reports = { $count ->
    [one] { $count } Bericht
   *[other] { $count } Berichte
}
figures-country-of = { $count ->
    [one] Die Summe aus { $count } Bericht.
   *[other] Die Summe aus { $count } Berichten.
}
figures-country-since = Zuerst gezeigt am { $time } und seitdem unverändert.
figures-country-late = { $count ->
    [one] { $count } Bericht kam später und ist nicht enthalten.
   *[other] { $count } Berichte kamen später und sind nicht enthalten.
}
figures-country-aside = { $count ->
    [one] { $count } Bericht darin wurde seitdem beiseitegelegt oder ersetzt.
   *[other] { $count } Berichte darin wurden seitdem beiseitegelegt oder ersetzt.
}
figures-country-hiding = „Mindestens“ steht, wo eine Stelle einen Teil verdeckt. „Verdeckt“ steht, wo eine Stelle den größten Teil einer Zahl gibt oder eine solche Zahl zu errechnen wäre.
figures-country-waits = { $count ->
    [one] { $count } Bericht dieses Zeitraums ist hier und zählt.
   *[other] { $count } Berichte dieses Zeitraums sind hier und zählen.
}
figures-country-note = Ist die Summe einmal gezeigt, bleibt sie, wie sie ist: Ein späterer Bericht kommt nie hinein. Warten Sie, bis alle da sind.
figures-country-show = Summe jetzt zeigen

period-quarter = { $number }. Quartal { $year }
period-half = { $number }. Halbjahr { $year }

counts-sent = Personen, die wir verwiesen haben
counts-received = Personen, die an uns verwiesen wurden
counts-looked = An uns verwiesene Personen, danach, ob hier rechtzeitig jemand nachsah
counts-answered = Von uns verwiesene Personen, danach, ob jemand antwortete
counts-basis = Auf welcher Grundlage Daten von Personen an andere gingen
counts-served = Personen, für die hier Hilfe begann
counts-declined = Personen, die wir abgelehnt haben
counts-unmet = Abgelehnte Personen, weil kein Platz passte
counts-ended = Personen, deren Verweisung hier endete
counts-not-reached = Personen, die nicht erreicht wurden
counts-taken-back = Personen, deren Verweisung wir zurückgenommen haben
counts-escalated = Weiterverwiesene Personen, weil niemand rechtzeitig nachsah
counts-recalled = Personen, deren Verweisung die sendende Stelle zurücknahm, danach, ob sie binnen 72 Stunden gelöscht wurde
counts-to-erase = Personen, deren Daten zu löschen waren, danach, ob es binnen eines Tages geschah
counts-hours-opening = Stunden von der Ankunft bis zum ersten Blick (Median)
counts-hours-deciding = Stunden vom ersten Blick bis zur Entscheidung (Median)
counts-hours-serving = Stunden von der Annahme bis zum Beginn der Hilfe (Median)

split-kind = nach Art
split-urgency = nach Dringlichkeit
split-role = nach Art der Stelle
split-border = im Land oder über die Grenze
split-answer = nach Antwort
split-age = nach Alter
split-basis = nach Grundlage
split-exploitation = nach Art der Ausbeutung
split-gender = nach Geschlecht
split-sector = nach Arbeitsbereich
split-control = nach Mittel der Kontrolle
split-recruitment = nach Beginn der Anwerbung
split-citizenship = nach Staatsangehörigkeit
split-justice = danach, ob Polizei und Gerichte es wissen dürfen
split-need = danach, ob der Bedarf ungedeckt bleibt
split-reason = nach Grund
split-service = nach Leistung
split-region = nach Region
split-countries = nach Ländern
split-outcome = nach Ergebnis
split-erasure = nach Löschung

cell-not-told = Nicht angegeben
cell-several = Mehrere
cell-Other = Anderes
cell-ForcedLabour = Zwangsarbeit
cell-SexualExploitation = Sexuelle Ausbeutung
cell-ChildLabour = Kinderarbeit
cell-ForcedMarriage = Zwangsheirat
cell-Servitude = Häusliche Knechtschaft
cell-ForcedMilitaryByNonStateActors = In eine bewaffnete Gruppe gezwungen
cell-OrganRemoval = Organentnahme
cell-ForcedBegging = Erzwungene Bettelei
cell-ForcedAdoption = Erzwungene oder illegale Adoption
cell-Surrogacy = Ausbeutung durch Leihmutterschaft
cell-x_ForcedCriminality = Zu Straftaten gezwungen
cell-A_AgricultureForestryAndFishing = Landwirtschaft, Forst, Fischerei
cell-B_MiningAndQuarrying = Bergbau
cell-C_Manufacturing = Verarbeitendes Gewerbe
cell-D_ElectricityGasSteamAndAirConditioningSupply = Strom und Gas
cell-E_WaterSupplySewerageWasteManagement = Wasser und Abfall
cell-F_Construction = Bau
cell-G_WholesaleAndRetailTradeRepairOfMotorVehicles = Handel, Reparatur von Fahrzeugen
cell-H_TransportationAndStorage = Verkehr und Lagerei
cell-I_AccommodationAndFoodServiceActivities = Gastgewerbe
cell-J_InformationAndCommunication = Information und Kommunikation
cell-K_FinancialAndInsuranceActivities = Banken und Versicherungen
cell-L_RealEstateActivities = Immobilien
cell-M_ProfessionalScientificAndTechnicalActivities = Freie und technische Berufe
cell-N_AdministrativeAndSupportServiceActivities = Büro, Reinigung und andere Dienste
cell-O_PublicAdministrationAndDefence = Öffentliche Verwaltung
cell-P_Education = Schule und Bildung
cell-Q_HumanHealthAndSocialWorkActivities = Gesundheit und Soziales
cell-R_ArtsEntertainmentAndRecreation = Kunst, Unterhaltung, Freizeit
cell-S_OtherServiceActivities = Andere Dienstleistungen
cell-T_ActivitiesOfHouseholdsAsEmployers = Private Haushalte
cell-U_ActivitiesOfExtraterritorialOrganizations = Internationale Organisationen
cell-PhysicalThreats = Androhung von Gewalt
cell-ThreatsLawEnforcement = Drohung mit Polizei oder Behörden
cell-ThreatensChildrenFamily = Drohung gegen Kinder oder Familie
cell-DebtBondage = Schulden
cell-FalsePromises = Falsche Versprechen
cell-PhysicalAbuse = Körperliche Gewalt
cell-SexualAbuse = Sexuelle Gewalt
cell-TakesEarnings = Verdienst weggenommen
cell-RestrictsFinancialAccess = Kein Zugang zum eigenen Geld
cell-RestrictsMedicalCare = Kein Zugang zu ärztlicher Hilfe
cell-WithholdsNecessities = Essen und Nötiges vorenthalten
cell-PsychologicalAbuse = Seelische Gewalt
cell-PsychoactiveSubstance = Drogen oder Alkohol
cell-ExcessiveWorkingHours = Überlange Arbeitszeiten
cell-WithholdsDocuments = Papiere weggenommen
cell-x_RestrictsMovement = Keine Bewegungsfreiheit
cell-x_UsesChildren = Kinder als Druckmittel
cell-AtAPlaceOfBusiness = In einem Geschäft
cell-AtAnEducationalInstitution = In einer Schule
cell-AtWork = Bei der Arbeit
cell-ThroughOnlineSocialNetworks = Über soziale Netzwerke
cell-ThroughAnOnlineAdvertisement = Über eine Anzeige im Internet
cell-ThroughATelevisionAdvert = Über eine Anzeige im Fernsehen
cell-ThroughANewspaperAdvert = Über eine Anzeige in der Zeitung
cell-ThroughFamilyOrFamilyEvents = Über die Familie
cell-ThroughFriendsOrSocialEvents = Über Freunde
cell-InformedConsent = Einwilligung der Person
cell-AssentAndGuardianConsent = Zustimmung des Kindes und Einwilligung der Vormundschaft
cell-GuardianConsent = Einwilligung der Vormundschaft
cell-BestInterestDetermination = Kindeswohl
cell-VitalInterest = Lebensgefahr
cell-LegalObligation = Gesetzliche Pflicht
cell-answered = Beantwortet
cell-opened-only = Geöffnet, nicht beantwortet
cell-no-answer = Keine Antwort
cell-waiting = Wartet noch
cell-taken-back = Zurückgenommen
cell-in-time = Rechtzeitig
cell-late = Zu spät
cell-within = Im Land
cell-across = Über die Grenze
cell-without-justice-consent = Polizei und Gerichte dürfen es nicht wissen
cell-with-justice-consent = Polizei und Gerichte dürfen es wissen
cell-unmet-need = Der Bedarf bleibt ungedeckt: kein Platz passte
cell-other-reason = Ein anderer Grund
cell-own-country = Dieses Land
cell-Africa = Afrika
cell-Americas = Amerika
cell-Asia = Asien
cell-Europe = Europa
cell-Oceania = Ozeanien
cell-elsewhere = Anderswo

uncounted-M07 = Ob eine Handlung ohne Einwilligung rechtzeitig nachgeprüft wurde: Das steht im Verlauf jedes Falls.
uncounted-M08 = Vormundschaft und Entscheidungen zum Kindeswohl: Sie stehen im Text einer Verweisung.
uncounted-M09 = Bedenkzeiten: Sie stehen im Verlauf jedes Falls.
uncounted-M12 = Gefahreneinschätzung und Empfang von Personen, die zurückkehren: Sie stehen in der Fallakte.
uncounted-M14 = Stellen und Leistungen nach Region: Sie werden aus dem Register gezählt.
uncounted-M15 = Mutmaßliche und festgestellte Betroffene getrennt: Die Einstufung wird nicht gezählt.
