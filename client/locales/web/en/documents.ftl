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

papers-title = Documents that go with it
papers-intro = They are sealed for { $agency } alone, and go right after you have sent. The person is asked about them first.
papers-none = None has been added yet.
papers-section = About: { $section }
papers-ready = ready to go
papers-lost = no longer on hand: add the same file again, or send it later from the referral
papers-remove = Remove
papers-add = Add a document
papers-file = The file
papers-limits = PDF, picture (JPEG, PNG), text, Ogg sound or OpenDocument text; at most 25 MB each.
papers-name = What it is called for them
papers-name-hint = For example: medical report of May. The name of the file itself is not sent.
papers-about = What it is about
papers-about-hint = Only who may read this part there may read the document.
papers-keep = Leave in a picture what it says of place, time and camera
papers-add-button = Add this document
papers-without = Continue without documents
papers-link = Documents: add or remove
papers-later-note = A document is added by telling more about the person: what the consent does not cover yet, the person is asked first.
papers-not-now = A document can be added from when they have opened the referral until it ends. Until then, or after, make a new referral.
notice-papers-added = { $count ->
   *[other] The document is added. It has not been sent yet.
}
notice-papers-incomplete = { $count ->
   *[other] Choose a file, say what it is called and what it is about. Nothing was added.
}
notice-papers-level = { $count ->
   *[other] Documents go with level 3 only. Choose level 3, and “Documents” among the parts of the case file.
}
notice-papers-left = { $count ->
    [one] One document has not gone: choose its file again in the referral, under “Documents”.
   *[other] { $count } documents have not gone: choose their files again in the referral, under “Documents”.
}
