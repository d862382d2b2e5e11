# The auditor's report.

audit-link = Raport de audit
audit-title = Raport de audit
audit-heading = Raport de audit
audit-intro = Ce s-a făcut într-un timp și dacă se poate dovedi. Exercițiile sunt lăsate afară. Tipăriți-l cu browserul: ce nu face parte din raport nu se tipărește.
audit-wrong-days = Acestea nu sunt zile sau ultima este înaintea primei. În loc se arată ultimele trei luni.
audit-since = Prima zi
audit-until = Ultima zi
audit-days = Zile
audit-made = Făcut la
audit-by = De, ca pseudonim
audit-count = Referiri
audit-received = Primite, după cât de repede s-a uitat cineva aici
audit-looked = S-a uitat o persoană
audit-sent = Trimise, după ce a făcut cealaltă instituție
audit-answer = Cealaltă instituție
audit-looks = Cine s-a uitat
audit-looks-none = În acest timp nimeni nu s-a uitat la o referire.
audit-person = Persoana
audit-roles = Roluri
audit-content = Priviri la conținut
audit-acts = Priviri fără conținut
audit-outside = Dintre acestea, în afara programului
audit-nobody = Nimeni numit
audit-left = nu mai lucrează aici
audit-no-hours = Privirile în afara programului nu se numără: această instituție nu a spus în registru când este deschisă.
audit-with-reason = { $count ->
    [one] Pentru { $count } privire un supervizor a trebuit să dea un motiv. Scrie în jurnalul acelei referiri.
    [few] Pentru { $count } priviri un supervizor a trebuit să dea un motiv. Scrie în jurnalul acelor referiri.
   *[other] Pentru { $count } de priviri un supervizor a trebuit să dea un motiv. Scrie în jurnalul acelor referiri.
}
audit-overrides = Acte fără consimțământ
audit-overrides-none = Nimic nu a fost trimis fără consimțământul persoanei.
audit-overrides-used = Trimise fără consimțământ
audit-overrides-told = Dintre acestea, persoana a fost informată
audit-overrides-reviewed = Dintre acestea, verificate de altă persoană
audit-overrides-open = nu toate sunt verificate
audit-erasures = Ștergere
audit-erased = Șterse aici
audit-certified = Certificate altora
audit-certified-to-us = Certificate nouă
audit-overdue = Întârziate acum
audit-held = Păstrate acum pentru că o cere legea
audit-integrity = Verificat acum
audit-integrity-holds = Fiecare semnătură și fiecare lanț de dovezi care se poate verifica este valabil.
audit-integrity-fails = Ceva nu este valabil. Spuneți-i celui care are grijă de acest calculator și lăsați-l așa cum este.
audit-signatures = Semnături valabile
audit-signatures-fail = Semnături nevalabile
audit-signatures-no-key = Semnături a căror cheie nu este cunoscută aici
audit-chains = Lanțuri de dovezi
audit-chains-count = { $count ->
    [one] { $count } lanț, recalculat de la prima înregistrare
    [few] { $count } lanțuri, recalculate de la prima înregistrare
   *[other] { $count } de lanțuri, recalculate de la prima înregistrare
}
audit-chain-damaged = Lanțul cu { $agency } nu este valabil: o înregistrare lipsește sau a fost schimbată.
audit-cut = Sunt mai multe referiri decât verifică o pagină. Alegeți mai puține zile.
audit-integrity-note = Lanțurile și semnăturile arată dacă ce s-a schimbat între instituții a fost modificat ulterior. Cine s-a uitat scrie în jurnalul propriu al acestui calculator, pe care nu-l apără niciun lanț: cine are fraza de acces a seifului ar putea să-l schimbe.
audit-files = Fișiere făcute
audit-released = Perioade ale căror cifre au fost publicate
audit-take = Luați jurnalul însuși
audit-take-note = Fiecare act al acestor zile cu dovada lui, în engleză: instituții, pseudonime și coduri, fără nume și fără conținut. La fiecare referire se notează că l-ați luat.
audit-html = De citit și de tipărit (HTML)

taken-export = Referiri exportate în altă evidență a cazurilor
taken-evidence = Dovezi exportate, pe referire
taken-audit = Jurnale de audit citite sau exportate, pe referire

staff-caseworker = Asistent de caz
staff-intake = Primire
staff-may-accept = Primire care poate accepta
staff-supervisor = Supervizor
staff-auditor = Auditor
staff-admin = Administrator
