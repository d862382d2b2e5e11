span-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
span-hours = { $count ->
    [one] { $count } heure
   *[other] { $count } heures
}
span-minutes = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
note-another-country = un autre pays

note-clock-behind = L'horloge de cette machine retarde de { $span }. En attendant, une heure signée par l'autorité est utilisée. Faites mettre l'horloge à l'heure.
note-registry-old = La liste des organisations a été confirmée pour la dernière fois il y a { $span }. Une organisation qui a perdu son inscription depuis peut encore paraître active ici. Si cette machine est connectée et que cela dure, téléphonez à votre autorité.
note-registry-older = La liste des organisations a été confirmée pour la dernière fois il y a { $span }. Rien n'est envoyé aux organisations nouvelles ou changées depuis. Si cette machine est connectée et que cela dure, téléphonez à votre autorité.
note-registry-over = La liste des organisations a été confirmée pour la dernière fois il y a { $span }. Plus rien n'est envoyé. Téléphonez, et faites connecter cette machine ; si elle est connectée, téléphonez à votre autorité.
note-registry-undated = La liste des organisations n'a pas de date signée ; rien n'est donc envoyé. Téléphonez, et faites connecter cette machine ; si elle est connectée, téléphonez à votre autorité.
note-waits-suspended = L'inscription de { $agency } est suspendue. Messages qui l'attendent ici : { $count }. Ils partiront seuls quand elle sera de nouveau active. Si quelqu'un a besoin d'aide maintenant, téléphonez à une autre organisation.
note-drafts-end = Brouillons qui seront effacés dans la semaine si personne ne les change : { $count }. Voyez « Brouillons ».
note-held = Messages arrivés et retenus, parce que l'inscription de l'expéditeur est suspendue ou n'est pas encore dans la liste : { $count }. Ils seront montrés dès qu'elle sera active.
note-place-waits = Cette machine prend la place d'une autre à partir du { $time }. Avant, le relais ne la laisse pas entrer. Laissez-la en marche.
note-key-made = Une nouvelle clé de cette machine est faite. Elle sera demandée dès que la machine sera connectée.
note-key-waits = La nouvelle clé d'identité attend votre autorité. Lisez-lui les huit mots au téléphone : ils sont sur la page des clés.
note-key-unpublished = La nouvelle clé de connexion attend que votre autorité publie de nouveau la liste des organisations. Il n'y a rien à faire.
note-key-done = La nouvelle clé est en vigueur, et sera utilisée quand la liste des organisations sera arrivée ici. Il n'y a rien à faire.
note-key-not-taken = La nouvelle clé n'a pas été acceptée. Téléphonez à votre autorité, puis abandonnez le changement comme l'indique la page des clés.
note-renew-tls = La clé de connexion devrait être renouvelée d'ici { $days }, et ne l'est pas encore. Laissez cette machine en marche et connectée. Rien ne s'arrête si c'est plus tard.
note-renew-identity = La clé d'identité devrait être renouvelée d'ici { $days }. Une personne de l'administration le fait sur la page des clés. Rien ne s'arrête si c'est plus tard.
note-keys-end = Dans { $days }, plus personne ne pourra écrire à cette organisation, parce que cette machine n'a pas été connectée depuis des semaines. Faites-la connecter.
note-own-suspended = L'inscription de cette organisation est suspendue ; le relais ne la laisse donc pas entrer. Messages qui attendent ici : { $count }. Ils partiront seuls quand elle sera de nouveau active. Si quelqu'un a besoin d'aide maintenant, téléphonez.
note-own-revoked = L'inscription de cette machine a été révoquée. Messages qui n'en partiront plus : { $count }. Téléphonez aux organisations, et renvoyez-les depuis la machine que votre organisation a maintenant.

note-message-waits = Quelque chose que vous reprenez à { $agency } attend ici, parce que leur autorité n'est pas reconnue en ce moment. Téléphonez-leur pour le dire.
note-message-late = Aucun accusé de réception de { $agency } n'est venu à temps. Téléphonez-leur, et ne comptez pas sur le fait qu'ils l'ont.
note-message-expired = Un message à { $agency } n'est pas arrivé : personne ne l'a relevé à temps. Téléphonez-leur, puis renvoyez-le s'il est encore utile.
note-message-failed = Un message à { $agency } n'est pas arrivé et n'est plus tenté. Téléphonez-leur, ou choisissez une autre organisation ; puis renvoyez-le s'il est encore utile.
note-key-refused = Une clé de { $agency } fournie par le relais ne doit pas être utilisée. Rien n'est scellé avec elle. Téléphonez à l'organisation et à votre autorité.
note-case-damaged = Quelque chose qui est gardé de l'orientation { $digits } ne peut pas être lu, et ses délais ne sont pas suivis. Suivez-la vous-même, et prévenez la personne qui s'occupe de cette machine.
note-chain-forked = Une seconde machine utilise peut-être l'identité de { $agency }. Téléphonez au numéro que vous connaissez avant d'envoyer quoi que ce soit.
note-chain-back = La machine de { $agency } est revenue à un jour antérieur sans le dire, ou une seconde utilise son identité. Téléphonez au numéro que vous connaissez.
note-chain-longer = { $agency } a vu plus de messages de votre organisation que cette machine n'en connaît. Si elle a été restaurée à partir d'une sauvegarde, prévenez la personne qui s'en occupe ; sinon, une seconde machine utilise peut-être votre identité : téléphonez à votre autorité.
note-restored = La machine de { $agency } a été restaurée à partir d'une sauvegarde et a perdu des messages de vous : { $count }. La personne qui s'occupe de cette machine peut les renvoyer (safeconduct resend).
note-restored-erased = La machine de { $agency } a été restaurée à partir d'une sauvegarde et a perdu des messages de vous : { $count }, et { $gone } dont le contenu est effacé ici. La personne qui s'occupe de cette machine peut renvoyer les autres (safeconduct resend).
note-place-taken = L'autorité met une autre machine à la place de celle-ci. Celle-ci est exclue à partir du { $time }. Si personne chez vous ne l'a demandé, téléphonez avant à votre autorité.
note-own-key-newer = Cette machine a une ancienne clé d'identité, et personne ne peut lui écrire : elle a été restaurée à partir d'une ancienne sauvegarde, ou quelqu'un d'autre a renouvelé la clé. Faites restaurer une sauvegarde plus récente. Si personne chez vous ne l'a renouvelée, téléphonez tout de suite à votre autorité.
note-place-given = Une autre machine a été mise à la place de celle-ci, et personne ne peut écrire à celle-ci. Utilisez l'autre. Si personne chez vous ne l'a demandé, téléphonez tout de suite à votre autorité.
note-own-key-other = La liste des organisations nomme une autre clé d'identité pour cette machine, et personne ne peut lui écrire. Si personne chez vous ne l'a demandé, téléphonez tout de suite à votre autorité.
note-fork-before = Quelqu'un a signé une fausse liste des organisations avec une clé que votre autorité a remplacée. Cette machine continue avec la nouvelle clé. Téléphonez à votre autorité, et transmettez le fichier.
note-fork = Votre autorité a signé deux listes des organisations différentes. Cette machine n'accepte plus aucun changement d'elle. Téléphonez à l'autorité et à vos partenaires, gardez le dossier des données, et transmettez le fichier.
note-registry-withheld = Vos partenaires voient depuis plus d'un jour une liste des organisations plus récente, et le relais ne la donne pas à cette machine. Téléphonez à votre autorité.
note-nameless = Organisations dont l'annuaire ne montre rien ici : { $count }. Le relais ne donne pas leurs fiches à cette machine. Téléphonez à votre autorité.
note-messages-withheld = En un jour, { $count } messages de { $senders } organisations sont arrivés d'une manière inhabituelle. Le relais retient peut-être des messages. Téléphonez à votre autorité.
note-fork-abroad = L'autorité de { $country } a signé deux listes des organisations différentes. N'y envoyez rien, gardez le dossier des données, et téléphonez à votre autorité.
note-nameless-abroad = Organisations de { $country } dont l'annuaire ne montre rien ici : { $count }. Le relais ne donne pas leurs fiches à cette machine. Téléphonez à votre autorité.
note-time-ahead = L'autorité a signé l'heure { $time }, en avance de { $days } sur l'horloge de cette machine. Regardez une autre horloge. Si celle de cette machine est fausse, faites-la mettre à l'heure ; si elle est juste, téléphonez à votre autorité.
note-time-ahead-abroad = L'autorité de { $country } a signé l'heure { $time }, en avance de { $days } sur l'horloge de cette machine. Regardez une autre horloge. Si celle de cette machine est fausse, faites-la mettre à l'heure ; si elle est juste, téléphonez à votre autorité.
note-alarms-locked = Alarmes : { $count }. Déverrouillez la lecture pour les voir.

note-refused = { $why }
note-look-locked = Quelqu'un devrait regarder cela. Déverrouillez la lecture pour le voir.
note-disk-unwritable = Rien ne peut être écrit dans le dossier des données. Libérez de la place, ou demandez à la personne qui s'occupe de cette machine d'y permettre l'écriture.
note-disk-unread = La place qui reste n'a pas pu être lue. Demandez à la personne qui s'occupe de cette machine de vérifier.
note-disk-full = Il ne reste que { $count } Mo. Libérez de la place maintenant : bientôt, on ne pourra plus ni envoyer ni recevoir.
note-disk-low = Il reste { $count } Mo. Libérez bientôt de la place.
note-network-unnamed = Aucun relais n'est réglé ; rien n'a donc été essayé. La personne qui s'occupe de cette machine l'indique dans les réglages.
note-network-untried = Aucune connexion n'a été essayée. Voyez ce qui est dit du relais.
note-network-unresolved = Le nom { $address } est introuvable sur le réseau. Faites vérifier l'adresse et le service de noms de cette machine.
note-network-unanswered = Rien ne répond à { $address }. Un pare-feu empêche peut-être UDP de sortir d'ici, ou le relais est arrêté. Faites vérifier le réseau.
note-relay-unheard = Il n'y a pas encore de réponse. Attendez un instant, puis rouvrez cette page.
note-clock-slow = L'horloge de cette machine retarde de { $count } secondes sur celle du relais. Faites-la mettre à l'heure ; si elle est juste, prévenez l'exploitant du relais.
note-clock-fast = L'horloge de cette machine avance de { $count } secondes sur celle du relais. Faites-la mettre à l'heure ; si elle est juste, prévenez l'exploitant du relais.
note-clock-alone = L'horloge n'a pas pu être comparée à celle du relais. Elle le sera dès que cette machine sera connectée.
note-registry-none = Cette machine n'a pas encore de liste des organisations. Terminez son inscription, et faites-la connecter une fois.
note-witnesses-unknown = On ne le sait pas, parce qu'il n'y a pas encore de liste des organisations ici. Terminez l'inscription de cette machine.
note-witnesses-none = Aucun témoin ne signe la liste des organisations. Qui a la clé de l'autorité pourrait en montrer une autre à d'autres. Demandez à votre autorité de nommer des témoins, de préférence l'autorité d'un autre pays.
note-witnesses-one = Un seul témoin signe la liste des organisations. Qui a les deux clés pourrait en montrer une autre à d'autres. Demandez à votre autorité d'en nommer davantage, de préférence l'autorité d'un autre pays.
note-suspended = L'inscription de cette organisation est suspendue. Téléphonez à votre autorité.
note-revoked = L'inscription de cette machine a été révoquée. Téléphonez à votre autorité.
note-not-known-to-relay = Cette machine est active dans la liste des organisations, mais le relais ne la connaît pas. Faites vérifier l'adresse du relais, puis téléphonez à votre autorité.
note-not-listed = Cette machine n'est pas encore dans la liste des organisations qui est ici. Faites-la connecter une fois.
note-not-enrolled = Cette machine n'est pas encore inscrite. La personne qui s'en occupe le fait avec le code de votre autorité (safeconduct enrol).
note-own-keys-to-change = L'autorité seule est sur le point de changer les clés de cette machine. Si personne chez vous ne l'a demandé, téléphonez tout de suite à votre autorité.
note-own-keys-changed = L'autorité seule a changé les clés de cette machine. Si personne chez vous ne l'a demandé, téléphonez tout de suite à votre autorité.
note-keys-of-others = L'autorité seule a changé les clés de : { $agencies }. Téléphonez-leur avant de leur envoyer quoi que ce soit.
note-prekeys-lost = Clés pour recevoir que le relais garde et que cette machine ne peut plus utiliser : { $count }. Laissez-la connectée : qui en utilise une en prend une autre. Si cela dure, téléphonez à votre autorité.
note-prekeys-gone = Les clés pour recevoir sont épuisées ; personne ne peut donc écrire à cette organisation. Faites connecter cette machine : elle en fait de nouvelles.
note-prekeys-none = Il n'y a pas encore de clés pour recevoir ; personne ne peut donc écrire à cette organisation. Faites connecter cette machine une fois.
note-prekey-ends = La plus récente clé pour recevoir prend fin dans { $days }. Laissez cette machine connectée : elle en fait une nouvelle chaque jour.
note-outbox-given-up = Messages qui ne sont pas arrivés et que personne n'a encore regardés : { $count }. Voyez les orientations, et téléphonez.
note-outbox-waits = Messages qui attendent ici depuis plus d'une heure : { $count }. Téléphonez si c'est urgent.
note-outbox-late = Messages au relais dont l'accusé de réception tarde : { $count }. Téléphonez aux organisations.
note-backup-never = Aucune sauvegarde n'a jamais été faite : ce qui est sur cette machine n'est nulle part ailleurs. Faites-en une, et gardez-la sur une autre machine.
note-backup-old = La dernière sauvegarde date d'il y a { $days }. Faites-en une nouvelle, et gardez-la sur une autre machine.
note-aside = Lettres qui n'ont pas passé un contrôle et sont mises de côté : { $count }. Une ou deux veulent dire peu ; beaucoup veulent dire que quelqu'un essaie quelque chose : téléphonez à votre autorité.

fault-refused = Ce n'est pas possible dans l'état actuel des choses. Regardez encore ; si vous ne voyez pas pourquoi, montrez cette page à votre responsable.
fault-usage = Quelque chose qui a été saisi ne convient pas. Revenez en arrière, vérifiez, puis réessayez.
fault-not-ready = Il faut d'abord remettre quelque chose en ordre sur cette machine. Montrez cette page à la personne qui s'en occupe.
fault-unreachable = Ce n'était pas joignable à l'instant. Attendez un peu et réessayez ; si c'est urgent, téléphonez.
fault-tampering = Quelque chose ne concorde pas comme il faudrait. Ne continuez pas. Montrez tout de suite cette page à la personne qui s'occupe de cette machine, et téléphonez à votre autorité.
away-title = Page vide
away-text = Cette page est vide.
