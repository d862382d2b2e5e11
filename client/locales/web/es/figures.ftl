# Figures: how many persons, never who.

tab-figures = Cifras
figures-views = Qué cifras
figures-own = Nuestras cifras
figures-country = Cifras del país
figures-country-title = Cifras del país
figures-intro = Cuántas personas fueron derivadas, ayudadas y rechazadas. Nadie puede ser reconocido en estas cifras: los números pequeños se ocultan.
figures-period = Periodo
figures-table = Qué se cuenta
figures-every = Todo
figures-side = Derivaciones
figures-show = Mostrar
figures-is-released = publicado
figures-is-open = aún no terminado
figures-released = Publicado el { $time } y congelado desde entonces: ya nada cambia en él.
figures-open = Este periodo aún no ha terminado. Son los números de hoy.
figures-not-released = No publicado: solo esta entidad ve estas cifras.
figures-hiding = Números de personas, redondeados a { $base }; los totales se redondean aparte. Un número menor que { $k } no se muestra nunca.
figures-none = Aquí no se contó a nadie en este periodo.
figures-more = Más cifras
figures-group = Grupo
figures-persons = Personas
figures-hours = Horas
figures-all = En total
figures-hidden = oculto
figures-at-least = al menos { $number }
figures-too-few = muy pocas
figures-withheld = Se oculta un número pequeño para que nadie sea reconocido por él. «Oculto» impide calcularlo a partir de los demás.
figures-withheld-all = Solo se muestra el total: los grupos son tan pequeños que alguien podría ser reconocido.
figures-withheld-hours = «Muy pocas» consta donde hubo muy pocas derivaciones para una mediana.
figures-take = Llevarse las cifras
figures-take-note = Lo que aquí se oculta también se oculta en los archivos.
figures-csv = Como tabla (CSV)
figures-json = Como informe (JSON)
figures-release-title = Publicar este periodo
figures-release-note = Mire primero las cifras. Al publicarlas quedan congeladas y pueden entregarse a la coordinación. Lo que estuviera mal solo puede corregirse en el periodo siguiente.
figures-release = Publicar ahora
figures-schedule-title = Publicación automática
figures-scheduled = Desde el { $time } cada periodo se publica por sí mismo al terminar. Nadie lo mira antes.
figures-not-scheduled = Una persona mira cada periodo y lo publica.
figures-schedule-on = Publicar cada periodo por sí mismo desde ahora
figures-schedule-off = Que una persona mire primero cada periodo
figures-uncounted = Qué no se cuenta y por qué
notice-released = { $count ->
   *[other] Publicado. El periodo queda congelado.
}
notice-scheduled = { $count ->
   *[other] Desde el próximo periodo las cifras se publican por sí mismas.
}
notice-not-scheduled = { $count ->
   *[other] Desde ahora una persona publica cada periodo.
}
notice-country = { $count ->
   *[other] Mostrado por primera vez. Las cifras quedan como están desde ahora.
}
notice-country-none = { $count ->
   *[other] Todavía no puede mostrarse nada: de la suma se deducirían los números de una entidad. Muéstrela de nuevo cuando más entidades hayan dado los suyos.
}
figures-country-intro = La suma de lo que publicaron las entidades. En ella no se nombra a ninguna.
figures-country-none = Ninguna entidad ha dado todavía sus cifras.
figures-reports = { $count ->
    [one] { $count } informe
   *[other] { $count } informes
}
figures-country-of = { $count ->
    [one] La suma de { $count } informe.
   *[other] La suma de { $count } informes.
}
figures-country-since = Mostrada por primera vez el { $time } y sin cambios desde entonces.
figures-country-late = { $count ->
    [one] { $count } informe llegó después y no está en ella.
   *[other] { $count } informes llegaron después y no están en ella.
}
figures-country-aside = { $count ->
    [one] { $count } informe que está en ella fue apartado o sustituido desde entonces.
   *[other] { $count } informes que están en ella fueron apartados o sustituidos desde entonces.
}
figures-country-hiding = «Al menos» consta donde una entidad oculta una parte. «Oculto» consta donde una entidad da la mayor parte de un número, o donde tal número podría calcularse.
figures-country-waits = { $count ->
    [one] { $count } informe de este periodo está aquí y cuenta.
   *[other] { $count } informes de este periodo están aquí y cuentan.
}
figures-country-note = Una vez mostrada, la suma queda como está: un informe que llega después no entra nunca. Espere a que hayan llegado todos.
figures-country-show = Mostrar la suma ahora

period-quarter = Trimestre { $number } de { $year }
period-half = Semestre { $number } de { $year }

counts-sent = Personas que derivamos
counts-received = Personas que nos fueron derivadas
counts-looked = Personas que nos fueron derivadas, según si alguien aquí miró a tiempo
counts-answered = Personas que derivamos, según si alguien respondió
counts-basis = Con qué fundamento fueron datos de personas a otros
counts-served = Personas para las que empezó aquí la ayuda
counts-declined = Personas que rechazamos
counts-unmet = Personas rechazadas porque ninguna plaza convenía
counts-ended = Personas cuya derivación terminó aquí
counts-not-reached = Personas a las que no se pudo localizar
counts-taken-back = Personas cuya derivación retiramos
counts-escalated = Personas derivadas a otra entidad porque nadie miró a tiempo
counts-recalled = Personas cuya derivación retiró quien la envió, según si se borró en 72 horas
counts-to-erase = Personas cuyos datos debían borrarse, según si se borraron en un día
counts-hours-opening = Horas desde la llegada hasta que alguien miró (mediana)
counts-hours-deciding = Horas desde la primera mirada hasta la decisión (mediana)
counts-hours-serving = Horas desde la aceptación hasta el comienzo de la ayuda (mediana)

split-kind = por clase
split-urgency = por urgencia
split-role = por tipo de entidad
split-border = dentro del país o a través de la frontera
split-answer = por respuesta
split-age = por edad
split-basis = por fundamento
split-exploitation = por tipo de explotación
split-gender = por sexo
split-sector = por sector de trabajo
split-control = por medio de control
split-recruitment = por comienzo de la captación
split-citizenship = por nacionalidad
split-justice = según si policía y tribunales pueden saberlo
split-need = según si la necesidad queda sin cubrir
split-reason = por motivo
split-service = por servicio
split-region = por región
split-countries = por países
split-outcome = por resultado
split-erasure = por borrado

cell-not-told = No se dijo
cell-several = Varios
cell-Other = Otro
cell-ForcedLabour = Trabajo forzoso
cell-SexualExploitation = Explotación sexual
cell-ChildLabour = Trabajo infantil
cell-ForcedMarriage = Matrimonio forzado
cell-Servitude = Servidumbre doméstica
cell-ForcedMilitaryByNonStateActors = Reclutamiento forzado por un grupo armado
cell-OrganRemoval = Extracción de órganos
cell-ForcedBegging = Mendicidad forzada
cell-ForcedAdoption = Adopción forzada o ilegal
cell-Surrogacy = Explotación de la gestación subrogada
cell-x_ForcedCriminality = Delincuencia forzada
cell-A_AgricultureForestryAndFishing = Agricultura, bosques, pesca
cell-B_MiningAndQuarrying = Minas y canteras
cell-C_Manufacturing = Industria
cell-D_ElectricityGasSteamAndAirConditioningSupply = Electricidad y gas
cell-E_WaterSupplySewerageWasteManagement = Agua y residuos
cell-F_Construction = Construcción
cell-G_WholesaleAndRetailTradeRepairOfMotorVehicles = Comercio, reparación de vehículos
cell-H_TransportationAndStorage = Transporte y almacenamiento
cell-I_AccommodationAndFoodServiceActivities = Hoteles y restaurantes
cell-J_InformationAndCommunication = Información y comunicaciones
cell-K_FinancialAndInsuranceActivities = Finanzas y seguros
cell-L_RealEstateActivities = Inmobiliario
cell-M_ProfessionalScientificAndTechnicalActivities = Trabajo profesional y técnico
cell-N_AdministrativeAndSupportServiceActivities = Oficina, limpieza y otros servicios
cell-O_PublicAdministrationAndDefence = Administración pública
cell-P_Education = Escuela y educación
cell-Q_HumanHealthAndSocialWorkActivities = Salud y servicios sociales
cell-R_ArtsEntertainmentAndRecreation = Arte, espectáculos, ocio
cell-S_OtherServiceActivities = Otros servicios
cell-T_ActivitiesOfHouseholdsAsEmployers = Hogares privados
cell-U_ActivitiesOfExtraterritorialOrganizations = Organizaciones internacionales
cell-PhysicalThreats = Amenazas de violencia
cell-ThreatsLawEnforcement = Amenazas con la policía o las autoridades
cell-ThreatensChildrenFamily = Amenazas a los hijos o la familia
cell-DebtBondage = Deudas
cell-FalsePromises = Promesas falsas
cell-PhysicalAbuse = Violencia física
cell-SexualAbuse = Violencia sexual
cell-TakesEarnings = Le quitan lo que gana
cell-RestrictsFinancialAccess = Sin acceso a su dinero
cell-RestrictsMedicalCare = Sin acceso a atención médica
cell-WithholdsNecessities = Se le niega comida y lo necesario
cell-PsychologicalAbuse = Violencia psicológica
cell-PsychoactiveSubstance = Drogas o alcohol
cell-ExcessiveWorkingHours = Jornadas excesivas
cell-WithholdsDocuments = Le quitan los documentos
cell-x_RestrictsMovement = Sin libertad de movimiento
cell-x_UsesChildren = Niños usados como medio
cell-AtAPlaceOfBusiness = En un negocio
cell-AtAnEducationalInstitution = En una escuela
cell-AtWork = En el trabajo
cell-ThroughOnlineSocialNetworks = Por redes sociales
cell-ThroughAnOnlineAdvertisement = Por un anuncio en internet
cell-ThroughATelevisionAdvert = Por un anuncio en televisión
cell-ThroughANewspaperAdvert = Por un anuncio en un periódico
cell-ThroughFamilyOrFamilyEvents = Por la familia
cell-ThroughFriendsOrSocialEvents = Por amistades
cell-InformedConsent = Consentimiento de la persona
cell-AssentAndGuardianConsent = Asentimiento del niño y consentimiento del tutor
cell-GuardianConsent = Consentimiento del tutor
cell-BestInterestDetermination = Interés superior del niño
cell-VitalInterest = Peligro para la vida
cell-LegalObligation = Obligación legal
cell-answered = Respondida
cell-opened-only = Abierta, sin respuesta
cell-no-answer = Sin respuesta
cell-waiting = En espera
cell-taken-back = Retirada
cell-in-time = A tiempo
cell-late = Tarde
cell-within = Dentro del país
cell-across = A través de la frontera
cell-without-justice-consent = Policía y tribunales no pueden saberlo
cell-with-justice-consent = Policía y tribunales pueden saberlo
cell-unmet-need = La necesidad queda sin cubrir: ninguna plaza convenía
cell-other-reason = Otro motivo
cell-own-country = Este país
cell-Africa = África
cell-Americas = América
cell-Asia = Asia
cell-Europe = Europa
cell-Oceania = Oceanía
cell-elsewhere = Otros lugares

uncounted-M07 = Si un acto sin consentimiento se revisó a tiempo: consta en el historial de cada caso.
uncounted-M08 = Tutores y decisiones sobre el interés superior de los niños: constan en el texto de una derivación.
uncounted-M09 = Periodos de reflexión: constan en el historial de cada caso.
uncounted-M12 = Evaluación de riesgos y recepción de quienes regresan: constan en el expediente.
uncounted-M14 = Entidades y servicios por región: se cuentan a partir del registro.
uncounted-M15 = Personas presuntas e identificadas por separado: la condición no se cuenta.
