# Documents that go with a referral.

documents-title = Documents
document-untitled = A document whose consent has ended
document-received = from them
document-sent = to them
document-save = Save
document-save-note = What you save lies on this machine for everybody who uses it. Delete it when you have read it.
document-again = Try again
document-wanted = Not sent yet: { $title }
document-send = Send this document
document-kib = { $size } kB
document-mib = { $size } MB
notice-document-again = { $count ->
   *[other] It is tried again.
}
notice-document-sent = { $count ->
   *[other] The document is on its way.
}
notice-document-none = { $count ->
   *[other] Choose a file first. Nothing was sent.
}

document-kind-pdf = PDF
document-kind-jpg = Picture
document-kind-png = Picture
document-kind-txt = Text
document-kind-ogg = Sound recording
document-kind-odt = Written document

document-state-waiting = being put at the relay
document-state-stored = the relay holds it
document-state-wanted = being fetched
document-state-held = here, and whole
document-state-broken = not what its sender signed for
document-state-gone = the relay has it no more
document-state-failed = could not be carried
document-state-erased = erased

document-why-consent-over = the person's consent for it has ended or was taken back
document-why-withdrawn = no version of the referral that stands lists it
document-why-document-gone = the relay has it no more
document-why-document-quota = the relay takes no more documents of this agency for now
document-why-relay-full = the relay is full
document-why-relay-silent = the relay did not answer in time
document-why-connection-lost = the connection was lost
document-why-document-broken = what came is not what its sender signed for
document-why-document-not-here = its file is not on this machine any more
document-why-disk-full = this machine's disk is full
document-why-other = ask whoever looks after this machine
