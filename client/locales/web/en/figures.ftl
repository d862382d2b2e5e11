# Figures: how many persons, never who.

tab-figures = Figures
figures-views = Which figures
figures-own = Our figures
figures-country = The country's figures
figures-country-title = The country's figures
figures-intro = How many persons were referred, helped and declined here. Nobody can be recognised in these figures: small numbers are hidden.
figures-period = Period
figures-table = What is counted
figures-every = Everything
figures-side = Referrals
figures-show = Show
figures-is-released = released
figures-is-open = not over yet
figures-released = Released on { $time }, and frozen since: nothing in it changes any more.
figures-open = This period is not over yet. These are the numbers of today.
figures-not-released = Not released: only this agency sees these figures.
figures-hiding = Numbers of persons, rounded to { $base }; totals are rounded by themselves. A number below { $k } is never shown.
figures-none = Nobody was counted here in this period.
figures-more = More figures
figures-group = Group
figures-persons = Persons
figures-hours = Hours
figures-all = All together
figures-hidden = hidden
figures-at-least = at least { $number }
figures-too-few = too few
figures-withheld = A small number is hidden, so that nobody can be recognised by it. “Hidden” keeps it from being worked out from the others.
figures-withheld-all = Only the total is shown: the groups are so small that somebody could be recognised.
figures-withheld-hours = “Too few” stands where there were too few referrals for a median.
figures-take = Take the figures with you
figures-take-note = What is hidden here is hidden in the files, too.
figures-csv = As a table (CSV)
figures-json = As a report (JSON)
figures-release-title = Release this period
figures-release-note = Look at the figures first. When you release them, they are frozen and may be given to the co-ordinator. What was wrong can only be put right in the next period.
figures-release = Release now
figures-schedule-title = Releasing by itself
figures-scheduled = Since { $time } each period is released by itself when it is over. Nobody looks at it before.
figures-not-scheduled = A person looks at each period and releases it.
figures-schedule-on = Release each period by itself from now on
figures-schedule-off = A person shall look at each period first
figures-uncounted = What is not counted, and why
notice-released = { $count ->
   *[other] Released. The period is frozen now.
}
notice-scheduled = { $count ->
   *[other] From the next period on, figures are released by themselves.
}
notice-not-scheduled = { $count ->
   *[other] From now on a person releases each period.
}
notice-country = { $count ->
   *[other] Shown for the first time. The figures stay as they are from now on.
}
notice-country-none = { $count ->
   *[other] Nothing can be shown yet: one agency's numbers would follow from the sum. Show it again when more agencies have given theirs.
}

figures-country-intro = The sum of what agencies have released. No agency is named in it.
figures-country-none = No agency has given its figures yet.
figures-reports = { $count ->
    [one] { $count } report
   *[other] { $count } reports
}
figures-country-of = { $count ->
    [one] The sum of { $count } report.
   *[other] The sum of { $count } reports.
}
figures-country-since = First shown on { $time }, and unchanged since.
figures-country-late = { $count ->
    [one] { $count } report came later and is not in it.
   *[other] { $count } reports came later and are not in it.
}
figures-country-aside = { $count ->
    [one] { $count } report in it was set aside or replaced since.
   *[other] { $count } reports in it were set aside or replaced since.
}
figures-country-hiding = “At least” stands where an agency hides a part. “Hidden” stands where one agency gives most of a number, or where such a number could be worked out.
figures-country-waits = { $count ->
    [one] { $count } report of this period is here and counts.
   *[other] { $count } reports of this period are here and count.
}
figures-country-note = Once the sum has been shown it stays as it is: a report that comes later is never in it. Wait until all have come.
figures-country-show = Show the sum now

period-quarter = Quarter { $number } of { $year }
period-half = Half-year { $number } of { $year }

counts-sent = Persons whom we referred
counts-received = Persons who were referred to us
counts-looked = Persons referred to us, by whether somebody here looked in time
counts-answered = Persons whom we referred, by whether anybody answered
counts-basis = On which grounds data of persons went to others
counts-served = Persons for whom help began here
counts-declined = Persons whom we declined
counts-unmet = Persons declined because no place fitted
counts-ended = Persons whose referral ended here
counts-not-reached = Persons who were not reached
counts-taken-back = Persons whose referral we took back
counts-escalated = Persons referred on because nobody looked in time
counts-recalled = Persons whose referral the sender took back, by whether it was erased within 72 hours
counts-to-erase = Persons whose data were to be erased, by whether they were erased within a day
counts-hours-opening = Hours from arrival until somebody looked (median)
counts-hours-deciding = Hours from the first look to the decision (median)
counts-hours-serving = Hours from acceptance until help began (median)

split-kind = by kind
split-urgency = by urgency
split-role = by kind of agency
split-border = within the country or across the border
split-answer = by answer
split-age = by age
split-basis = by ground
split-exploitation = by kind of exploitation
split-gender = by gender
split-sector = by sector of work
split-control = by means of control
split-recruitment = by how recruitment began
split-citizenship = by citizenship
split-justice = by whether police and courts may know
split-need = by whether the need stays unmet
split-reason = by reason
split-service = by service
split-region = by region
split-countries = by countries
split-outcome = by outcome
split-erasure = by erasure

cell-not-told = Not told
cell-several = Several
cell-Other = Other
cell-ForcedLabour = Forced labour
cell-SexualExploitation = Sexual exploitation
cell-ChildLabour = Child labour
cell-ForcedMarriage = Forced marriage
cell-Servitude = Domestic servitude
cell-ForcedMilitaryByNonStateActors = Forced into an armed group
cell-OrganRemoval = Removal of organs
cell-ForcedBegging = Forced begging
cell-ForcedAdoption = Forced or illegal adoption
cell-Surrogacy = Exploitation of surrogacy
cell-x_ForcedCriminality = Forced into crime
cell-A_AgricultureForestryAndFishing = Farming, forestry, fishing
cell-B_MiningAndQuarrying = Mining and quarrying
cell-C_Manufacturing = Manufacturing
cell-D_ElectricityGasSteamAndAirConditioningSupply = Electricity and gas
cell-E_WaterSupplySewerageWasteManagement = Water and waste
cell-F_Construction = Construction
cell-G_WholesaleAndRetailTradeRepairOfMotorVehicles = Trade, repair of vehicles
cell-H_TransportationAndStorage = Transport and storage
cell-I_AccommodationAndFoodServiceActivities = Hotels and restaurants
cell-J_InformationAndCommunication = Information and communication
cell-K_FinancialAndInsuranceActivities = Finance and insurance
cell-L_RealEstateActivities = Real estate
cell-M_ProfessionalScientificAndTechnicalActivities = Professional and technical work
cell-N_AdministrativeAndSupportServiceActivities = Office, cleaning and other services
cell-O_PublicAdministrationAndDefence = Public administration
cell-P_Education = Schools and education
cell-Q_HumanHealthAndSocialWorkActivities = Health and social work
cell-R_ArtsEntertainmentAndRecreation = Arts, entertainment, leisure
cell-S_OtherServiceActivities = Other services
cell-T_ActivitiesOfHouseholdsAsEmployers = Private households
cell-U_ActivitiesOfExtraterritorialOrganizations = International organisations
cell-PhysicalThreats = Threats of violence
cell-ThreatsLawEnforcement = Threats with police or authorities
cell-ThreatensChildrenFamily = Threats to children or family
cell-DebtBondage = Debts
cell-FalsePromises = False promises
cell-PhysicalAbuse = Physical violence
cell-SexualAbuse = Sexual violence
cell-TakesEarnings = Earnings taken
cell-RestrictsFinancialAccess = No access to own money
cell-RestrictsMedicalCare = No access to medical care
cell-WithholdsNecessities = Food and other needs withheld
cell-PsychologicalAbuse = Psychological violence
cell-PsychoactiveSubstance = Drugs or alcohol
cell-ExcessiveWorkingHours = Excessive working hours
cell-WithholdsDocuments = Papers taken
cell-x_RestrictsMovement = Not free to move
cell-x_UsesChildren = Children used as a means
cell-AtAPlaceOfBusiness = At a business
cell-AtAnEducationalInstitution = At a school
cell-AtWork = At work
cell-ThroughOnlineSocialNetworks = Through social networks
cell-ThroughAnOnlineAdvertisement = Through an advertisement online
cell-ThroughATelevisionAdvert = Through an advertisement on television
cell-ThroughANewspaperAdvert = Through an advertisement in a newspaper
cell-ThroughFamilyOrFamilyEvents = Through family
cell-ThroughFriendsOrSocialEvents = Through friends
cell-InformedConsent = The person's consent
cell-AssentAndGuardianConsent = The child's assent and the guardian's consent
cell-GuardianConsent = The guardian's consent
cell-BestInterestDetermination = The child's best interests
cell-VitalInterest = Danger to life
cell-LegalObligation = Duty by law
cell-answered = Answered
cell-opened-only = Opened, not answered
cell-no-answer = No answer
cell-waiting = Still waiting
cell-taken-back = Taken back
cell-in-time = In time
cell-late = Late
cell-within = Within the country
cell-across = Across the border
cell-without-justice-consent = Police and courts may not know
cell-with-justice-consent = Police and courts may know
cell-unmet-need = The need stays unmet: no place fitted
cell-other-reason = Another reason
cell-own-country = This country
cell-Africa = Africa
cell-Americas = The Americas
cell-Asia = Asia
cell-Europe = Europe
cell-Oceania = Oceania
cell-elsewhere = Elsewhere

uncounted-M07 = Whether an act without consent was reviewed in time: that stands in the log of each case.
uncounted-M08 = Guardians and best-interest decisions of children: they stand in the text of a referral.
uncounted-M09 = Reflection periods: they stand in the log of each case.
uncounted-M12 = Risk assessment and reception of persons who return: they stand in the case file.
uncounted-M14 = Agencies and services by region: they are counted from the registry.
uncounted-M15 = Presumed and identified persons apart: the status is not counted.
