# The auditor's report.

audit-link = Auditor's report
audit-title = Auditor's report
audit-heading = Auditor's report
audit-intro = What was done in some time, and whether it can be proven. Exercises are left out. Print it with your browser: what is not part of the report is not printed.
audit-wrong-days = These are no days, or the last is before the first. The last three months are shown instead.
audit-since = First day
audit-until = Last day
audit-days = Days
audit-made = Made on
audit-by = By, as a pseudonym
audit-count = Referrals
audit-received = Received, by how soon a person here looked
audit-looked = A person looked
audit-sent = Sent, by what the other agency did
audit-answer = The other agency
audit-looks = Who looked
audit-looks-none = Nobody looked at a referral in this time.
audit-person = Person
audit-roles = Roles
audit-content = Looks at content
audit-acts = Looks without content
audit-outside = Of these, outside opening hours
audit-nobody = Nobody named
audit-left = works here no more
audit-no-hours = Looks outside opening hours are not counted: this agency has not said in the registry when it is open.
audit-with-reason = { $count ->
    [one] For { $count } look a supervisor had to give a reason. It stands in the log of that referral.
   *[other] For { $count } looks a supervisor had to give a reason. It stands in the log of those referrals.
}
audit-overrides = Acts without consent
audit-overrides-none = Nothing was sent without the person's consent.
audit-overrides-used = Sent without consent
audit-overrides-told = Of these, the person was told
audit-overrides-reviewed = Of these, reviewed by another person
audit-overrides-open = not all are reviewed
audit-erasures = Erasure
audit-erased = Erased here
audit-certified = Certified to others
audit-certified-to-us = Certified to us
audit-overdue = Overdue now
audit-held = Kept now because the law demands it
audit-integrity = Verified now
audit-integrity-holds = Every signature and every chain of evidence that can be verified holds.
audit-integrity-fails = Something does not hold. Tell whoever looks after this machine, and keep it as it is.
audit-signatures = Signatures that hold
audit-signatures-fail = Signatures that do not hold
audit-signatures-no-key = Signatures whose key is not known here
audit-chains = Chains of evidence
audit-chains-count = { $count ->
    [one] { $count } chain, recomputed from its first entry
   *[other] { $count } chains, recomputed from their first entry
}
audit-chain-damaged = The chain with { $agency } does not hold: an entry is missing or was changed.
audit-cut = There are more referrals than one page verifies. Choose fewer days.
audit-integrity-note = Chains and signatures show whether what was exchanged was changed afterwards. Who looked stands in this machine's own log, which no chain protects: whoever has the passphrase of its vault could change it.
audit-files = Files that were made
audit-released = Periods whose figures were released
audit-take = Take the log itself
audit-take-note = Every act of these days with its proof, in English: agencies, pseudonyms and codes, no names and no content. It is noted with each referral that you took it.
audit-html = To read and print (HTML)

taken-export = Referrals exported to other case management
taken-evidence = Evidence exported, by referral
taken-audit = Auditor's logs read or exported, by referral

staff-caseworker = Caseworker
staff-intake = Intake
staff-may-accept = Intake that may accept
staff-supervisor = Supervisor
staff-auditor = Auditor
staff-admin = Administrator
