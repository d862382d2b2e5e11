# Evidence: what proves what happened to a referral, and a file that somebody brings.

evidence-link = Evidence: what proves this
evidence-title = Evidence
evidence-back = Back to the referral
evidence-intro = What both agencies and the relay have signed about this referral. Nobody can change it afterwards. It holds no names and nothing of what the referral says.
evidence-holds = Verified just now: it holds.
evidence-holds-count = { $count ->
    [one] { $count } statement is proven to somebody who trusts neither agency.
   *[other] { $count } statements are proven to somebody who trusts neither agency.
}
evidence-fails = Verified just now: something does not hold. Do not rely on it, and tell whoever looks after this machine.
evidence-none = There is no file of evidence yet.
evidence-look-first = Look at this first
evidence-way = How far it came
evidence-no-proof = No proof:
evidence-take-title = Take it with you
evidence-take-none = When the referral has been sent, you can take its evidence from here.
evidence-take-note = The file proves to anybody what stands here. It holds no names, no content and no case code, only agencies, times and signatures.
evidence-take = Save the evidence as a file
evidence-take-content = Save it with the referral itself in it
evidence-content-note = The file then says who the person is, to whoever can read it. Give it only to a court or an authority that may have it, and keep it as you keep the case file. It is noted that you made it.
evidence-verify-note = Anybody verifies the file without a network, with this one line, or on a page like this:
evidence-each = Every proof
evidence-each-note = Each signature was verified just now, against the keys that the registry names. Times are those of who signed.
evidence-verified = Verified now
evidence-proves = What it proves
evidence-proves-not = What it does not prove
evidence-person = a person there, { $person }
evidence-confirmed = a second person confirmed it
proof-by-relay = The relay

bring-title = Verify a file of evidence
check-link = Verify a file here
check-intro = Somebody brings you a file that is said to prove what happened to a referral. It is verified on this machine. Nothing of it is kept, and nobody is told.
check-file = The file
check-button = Verify
check-no-file = No file came. Choose the file, then verify.
check-too-long = This file is too long to be evidence. Choose the right one.
check-not-evidence = This is no file of evidence of Safeconduct.
check-fails = It does not hold. Do not rely on this file: it was changed, or put together wrongly. Ask for it again from its source.
check-holds = Every part of it holds. Below is what that proves, and what it does not.

stage-signed = { $agency } signed it and sent it.
stage-relay = The relay took charge of it for { $agency }.
stage-delivered = It arrived at { $agency }: their computer opened it, verified it and keeps it.
stage-opened = A person at { $agency } has opened it.
stage-decided = { $agency } has answered: accepted or declined.
missing-signed = { $agency } has not signed it yet. It may be waiting on this machine: see its state.
missing-relay = No relay has signed that it took charge of it for { $agency }. It may still be on its way; if it is urgent, phone.
missing-delivered = Nothing shows that it arrived at { $agency }. Do not count on their having it: phone.
missing-opened = Nothing shows that a person at { $agency } has looked at it. Arrived does not mean read: phone if it is late.
missing-decided = { $agency } has not answered yet. Nobody has promised to help.

proof-revision = signed it for this one recipient
proof-unsealed = wrote it; it was not signed
proof-relay-accepted = took charge of the sealed letter
proof-relay-expired = gave it up: nobody had fetched it in time
proof-delivered = received it: its computer opened, verified and keeps it
proof-nack = could not open the letter
proof-rule = refused it by a rule, before anybody saw it

holds-yes = holds
holds-no = does not hold
holds-no-key = key not known here
holds-not-signed = not signed

clock-sender = the sender's clock
clock-recipient = the recipient's clock
clock-relay = the relay's clock
clock-here = this machine's clock

proves-act = Their computer signed that this was done, with the key that the registry names for it, about this very referral.
proves-revision = The sender signed exactly this referral, for this recipient and for no other.
proves-unsealed = To others, nothing: it was written here and never signed.
proves-relay-accepted = From this moment the relay had the sealed letter.
proves-relay-expired = The recipient's computer did not fetch it for all that time.
proves-delivered = The recipient's computer opened it, verified it, took it under its rules and keeps it.
proves-nack = The letter came, and the recipient's computer could not open it with its key.
proves-rule = The recipient's computer refused it by itself, and nobody there saw it.
proves-local = To others, nothing: this machine noted it by its own clock.
proves-broken = Nothing: its signature does not hold.
proves-no-key = Nothing yet: the registry on this machine does not name the key that signed it.

limits-act = That it is true: it proves that they said so.
limits-revision = That it arrived, and which person wrote it.
limits-unsealed = That anybody else ever had it.
limits-relay-accepted = That it came to the recipient, or what was in it.
limits-relay-expired = Why nobody fetched it.
limits-delivered = That a person there has seen it.
limits-nack = When that was, or that anything of it was read.
limits-rule = That the rule judged rightly, or which rule it was.
limits-local = That it happened so at the other agency.
limits-broken = Anything that stands in this line.
limits-no-key = Anything, until the registry names the key.
limits-Opened = What that person read.
limits-InfoRequested = What was asked: only both agencies can read that.
limits-InfoProvided = What was answered, or that it was enough.
limits-Accepted = That help was given.
limits-Declined = That the reason is true.
limits-DisclosureRaised = That the person agreed: the consent stands in the referral.
limits-ServiceStarted = That the person was there, or on which day.
limits-Closed = That the outcome is true.
limits-Withdrawn = That it was erased: see the certificate of erasure.
limits-ConsentChanged = Which consent, and what the person said.
limits-OverrideReviewed = What the review found.
limits-ErasureCertified = That no other copy was made before.

alert-override = It was sent without the person's consent.
alert-late = Something was late, or a clock is off.
alert-gap = A signed act is missing: what follows it does not count yet.
alert-equivocation = Two different acts were signed under one number: neither counts.
alert-broken = Acts contradict the chain that they stand in.
alert-unverified = A signature does not hold.

verified-authority = The authority is the one that you know
verified-registry = The authority signed the registry
verified-time = The registry stood so at a signed time
verified-their-authority = The recipient's authority is the one that you know
verified-their-registry = The recipient's authority signed its registry
verified-signed = The sender signed this for this recipient
verified-before = The sender's key stood in the registry that the message names
verified-after = A signed registry no older than the message's receipts names the sender's key
verified-content = This is the content that was signed
verified-charged = A relay took charge of a sealed letter
verified-stored = The recipient's computer opened, verified and stored it
verified-seen = A person has seen it
verified-given-up = A relay gave a letter up: nobody had fetched it
verified-act = An agency signed this act
verified-twice = An agency signed two acts under one number: neither counts
verified-details = These are the details that were signed
verified-end = Nothing was left out at the end
