# Refer somebody without their consent: life in danger, or a duty of law. One text a key; every language has the same keys and arguments.

without-title = Without the person's consent
without-open = The person cannot be asked, or a law obliges us
without-intro = This is the exception. Whenever the person can be asked, ask them.
without-ask = Ask the person after all
without-danger = The person cannot be asked, and life is in danger
without-danger-means = Somebody's life or health is in danger now, the person cannot answer or cannot be reached in time, and this agency can rescue. Tell only what averts the danger.
without-told-within = { $count ->
    [one] The person must be told of it within { $count } hour.
   *[other] The person must be told of it within { $count } hours.
}
without-reviewed-within = { $count ->
    [one] A colleague must look at it afterwards, within { $count } hour.
   *[other] A colleague must look at it afterwards, within { $count } hours.
}
without-only = This agency is told at most level { $level }, and asked only for: { $services }. A second person confirms before it is sent.
without-why = What is the danger, and why can the person not be asked?
without-why-note = In a sentence or two, without names. The other agency reads it, and the person may read it later.
without-giver = Who decides this
without-decided = Decided
without-told = When the person is told
without-hours = By { $time } ({ $hours } hours)
without-knows = The person knows already
without-danger-button = Continue without consent: life in danger
without-duty = A law obliges us to tell this agency
without-duty-means = The law demands that this agency is notified, whatever the person wishes. Tell the person before you do it, if that puts nobody in danger. Only what the law demands is told.
without-law = Which law
without-law-within = { $count ->
    [one] It is to be done within { $count } hour.
   *[other] It is to be done within { $count } hours.
}
without-law-level = It allows at most level { $level }: what this draft says beyond that is deleted from it.
without-law-before = The person is told before.
without-law-why = Why it applies here
without-duty-button = Continue without consent: the law demands it
without-none = This cannot go to this agency without the person's consent. Ask the person, or ask for help without a name.
without-rescuers = Where life is in danger, these may be told without consent: health, social and child protection services, shelters, and the police. This agency is none of them.

who-police = Life in danger, and only the police can help
who-police-note = Phone them first. The police are told without consent only to stop a danger to life. What is needed must be help in an emergency: a safe place tonight, a doctor, transport, a safety plan, or a report.
who-police-button = To the police (nothing is sent yet)

consent-no-discard = They said no, and nothing is to be sent
check-unasked = This goes without the person's consent.
check-unasked-told = The person must be told by { $time }.
check-send-unasked = Send without consent to { $agency }

unasked-danger = The person was not asked: life in danger
unasked-duty = The person was not asked: a law demands it
unasked-sent-danger = This was decided in the person's place. Tell them as soon as they can be reached: what was told, to whom, and why. From then on they decide.
unasked-sent-duty = This agency was obliged to tell this. The person should hear from you what was told, to whom, and by which law.
unasked-here-danger = The person has not agreed to this, and may not know that you have it. Use it only to avert the danger, tell nobody else, and ask the person yourself as soon as they can answer.
unasked-here-duty = The person has not agreed to this; a law demands that you are told. Use it only for what that law says, and say so to the person.
unasked-until = The person must be told by { $time }.
unasked-told = The person was told on { $date }.
unasked-told-once = The person was told.
unasked-knew = The person knew before it was sent.
unasked-told-day = On which day was the person told?
unasked-told-button = The person was told
unasked-review = A colleague who did not send it must look at it by { $time }.
unasked-review-who = A supervisor who did not send it reviews it here.
unasked-review-legend = Was it right to send this without consent?
unasked-review-why = Why
unasked-review-button = Note what I found
unasked-owed = The person is to be told, or a colleague has to look at it
decides-CaseworkerOverride = I decide it, as the caseworker
decides-CompetentBody = The body that is competent for it has decided
finds-upheld = Yes, it was right
finds-not-upheld = No. Then take the referral back, and tell the person
verdict-upheld = A colleague has looked at it: it was right.
verdict-not-upheld = A colleague has looked at it: it was not right. Take the referral back, and tell the person.

gone-title = This draft has nowhere to go
gone-note = You had begun to tell more in this referral, but it was taken back or erased meanwhile. Nothing of this draft was sent. Discard it, or begin a new referral.
