//! Who at the agency sees which members of a referral (REFERRAL §3.1, §3.2, §9.3): a pure function of the referral, the
//! person's roles, and whether the referral is theirs.
//!
//! | Part | At the desk | Intake | Caseworker, theirs | Supervisor | Auditor, admin |
//! |---|---|---|---|---|---|
//! | level 0: header, enquiry, consents, handling | yes | yes | yes | yes | nothing |
//! | level 1: summary, reasons of overrides, extensions | | yes | yes | yes | |
//! | level 2: identity | | | yes | yes | |
//! | level 3: case file | | | each section by its name | each section by its name | |
//!
//! A caseworker whose referral it is not is *at the desk*. With the marking `NamedCaseworkerOnly` the desk sees nothing, intake sees
//! level 0, and a supervisor gives a reason that is kept. A document goes with the section that governs it.
//!
//! What identifies a person is masked until somebody asks to see it, but for the case code, by which agencies speak of the person.
//! What must not be done comes first, before any name.

use zeroize::Zeroizing;

use crate::{
    error::Told,
    people::{LocalRole, Roles},
    referral::{
        self, Referral,
        codes::{Marking, NeverContact, Section},
        sieve::Sieve,
    },
};

/// Whose referral it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Assignment {
    /// It is assigned to the person who looks.
    Theirs,
    /// It is assigned to somebody else, or to nobody yet.
    NotTheirs,
}

/// Who looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Viewer {
    /// What the person may do here.
    pub roles: Roles,
    /// Whether the referral is theirs.
    pub assignment: Assignment,
}

/// Whether what identifies a person is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Names {
    /// `null` stands in its place.
    Masked,
    /// It is shown; whoever shows it keeps a record of that.
    Shown,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// What identifies a person.
    pub names: Names,
    /// Sections of the case file, by name; the others are folded.
    pub sections: &'a [Section],
    /// Why a supervisor looks at what one caseworker alone should see; kept by whoever shows it.
    pub reason: Option<&'a str>,
}

impl Ask<'_> {
    /// Everything masked, every section folded.
    pub const LEAST: Self = Self { names: Names::Masked, sections: &[], reason: None };
}

/// What must not be done; told before any name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// The marking `NoFamilyContact`.
    NoFamilyContact,
    /// What the person's safe contact forbids.
    Never(NeverContact),
}

impl Caution {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::NoFamilyContact,
        Self::Never(NeverContact::Voicemail),
        Self::Never(NeverContact::Sms),
        Self::Never(NeverContact::Email),
        Self::Never(NeverContact::CallBack),
        Self::Never(NeverContact::MentionAgency),
        Self::Never(NeverContact::ContactFamily),
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoFamilyContact => "NoFamilyContact",
            Self::Never(never) => never.as_str(),
        }
    }

    /// One sentence for the screen.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoFamilyContact => "do not contact the family, nor anybody close to the person",
            Self::Never(NeverContact::Voicemail) => "never leave a voice message",
            Self::Never(NeverContact::Sms) => "never send a text message",
            Self::Never(NeverContact::Email) => "never write an e-mail",
            Self::Never(NeverContact::CallBack) => "never call back",
            Self::Never(NeverContact::MentionAgency) => "never say which agency is calling",
            Self::Never(NeverContact::ContactFamily) => "never contact the family",
        }
    }
}

/// What somebody sees of a referral. No `Debug`: it holds a person's data.
pub struct View {
    first: Vec<Caution>,
    content: Zeroizing<Vec<u8>>,
    shown: Vec<Section>,
    folded: Vec<Section>,
    withheld: bool,
    masked: bool,
}

impl View {
    /// What must not be done: shown first.
    #[must_use]
    pub fn first(&self) -> &[Caution] {
        &self.first
    }

    /// JSON of what may be seen; `null` stands where something is masked.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// The sections that are shown, documents' sections too.
    #[must_use]
    pub fn shown(&self) -> &[Section] {
        &self.shown
    }

    /// The sections of the case file that would be shown if they were asked for by name.
    #[must_use]
    pub fn folded(&self) -> &[Section] {
        &self.folded
    }

    /// Whether there is more that this person may not see.
    #[must_use]
    pub const fn withheld(&self) -> bool {
        self.withheld
    }

    /// Whether something that identifies a person stands behind a mask.
    #[must_use]
    pub const fn masked(&self) -> bool {
        self.masked
    }

    /// The sections that are shown, as the log of views keeps them: bit *i* is the *i*-th section of the schema's list.
    #[must_use]
    pub fn bits(&self) -> u16 {
        let bit = |section: &Section| Section::ALL.iter().position(|of| of == section).map_or(0, |place| 1 << place);
        self.shown.iter().map(bit).fold(0, |bits, bit| bits | bit)
    }
}

/// Why somebody sees nothing at all.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hidden {
    /// The person's roles do not work on referrals.
    NotYourRole,
    /// It is for its caseworker only.
    NotAssigned,
}

impl From<Hidden> for Told {
    fn from(hidden: Hidden) -> Self {
        match hidden {
            Hidden::NotYourRole => Self::refused(
                "not-your-role",
                "your role sees what was done with a referral, and nothing of what is in it",
                "ask a caseworker or a supervisor",
            ),
            Hidden::NotAssigned => Self::refused(
                "not-assigned",
                "the referral is for its own caseworker only, and it is not assigned to you",
                "have a supervisor assign it to you",
            ),
        }
    }
}

/// What `viewer` sees of `referral`.
///
/// # Errors
/// [`Hidden`] when it is nothing at all.
pub fn view(referral: &Referral, viewer: Viewer, ask: &Ask<'_>) -> Result<View, Hidden> {
    let ceiling = ceiling(referral, viewer, ask)?;
    let present = referral::sections(referral);
    let wanted = |section: &Section| level(*section) < 3 || ask.sections.contains(section);
    let may = |section: &Section| level(*section) <= ceiling;
    let mut seen = referral.clone();
    if let Some(file) = &mut seen.case_file {
        file.attachments = file.attachments.as_ref().and_then(|list| list.only(|document| wanted(&document.section)));
    }
    let documents = seen.case_file.as_ref().is_some_and(|file| file.attachments.is_some());
    let mut sections: Vec<Section> = ask.sections.to_vec();
    sections.retain(|section| *section != Section::Attachments);
    if documents {
        sections.push(Section::Attachments);
    }
    let has_file = present.iter().any(|section| level(*section) == 3 && sections.contains(section));
    if !has_file {
        sections.clear();
    }
    let masks = ask.names == Names::Masked;
    let (content, masked) = referral::sieved(&seen, &|| Sieve::new(ceiling, masks, sections.clone()));
    let is_shown =
        |section: &&Section| may(section) && (wanted(section) || documents && **section == Section::Attachments);
    let shown: Vec<Section> = present.iter().filter(is_shown).copied().collect();
    let folded = present.iter().filter(|section| may(section) && !is_shown(section)).copied().collect();
    let withheld = present.iter().any(|section| !may(section));
    Ok(View { first: cautions(referral, ceiling), content, shown, folded, withheld, masked })
}

/// The level that a section belongs to.
#[must_use]
pub const fn level(section: Section) -> u8 {
    match section {
        Section::Enquiry => 0,
        Section::Summary => 1,
        Section::Identity => 2,
        Section::Narrative
        | Section::Medical
        | Section::Psychosocial
        | Section::Immigration
        | Section::Justice
        | Section::Return
        | Section::SupportPlan
        | Section::Events
        | Section::Attachments => 3,
    }
}

/// The highest level that the person reads of what is said beside a referral.
///
/// # Errors
/// [`Hidden`] when it is nothing at all.
pub fn reads_up_to(referral: &Referral, viewer: Viewer) -> Result<u8, Hidden> {
    ceiling(referral, viewer, &Ask::LEAST)
}

/// The highest level that the person sees.
fn ceiling(referral: &Referral, viewer: Viewer, ask: &Ask<'_>) -> Result<u8, Hidden> {
    let roles = viewer.roles;
    if !roles.works() {
        return Err(Hidden::NotYourRole);
    }
    let has = |role| roles.has(role);
    let for_one_only = referral.handling.markings.as_slice().contains(&Marking::NamedCaseworkerOnly);
    let with_reason = ask.reason.is_some_and(|reason| !reason.trim().is_empty());
    let theirs = has(LocalRole::Caseworker) && viewer.assignment == Assignment::Theirs;
    if theirs || has(LocalRole::Supervisor) && (!for_one_only || with_reason) {
        return Ok(3);
    }
    // A supervisor does all that intake does.
    if has(LocalRole::Intake) || has(LocalRole::MayAccept) || has(LocalRole::Supervisor) {
        return Ok(if for_one_only { 0 } else { 1 });
    }
    if for_one_only { Err(Hidden::NotAssigned) } else { Ok(0) }
}

/// What must not be done, as far as the person may know it.
fn cautions(referral: &Referral, ceiling: u8) -> Vec<Caution> {
    let marked = referral.handling.markings.as_slice().contains(&Marking::NoFamilyContact);
    let never =
        referral.identity.as_ref().filter(|_| ceiling >= 2).and_then(|identity| identity.safe_contact.never.as_ref());
    let family = marked.then_some(Caution::NoFamilyContact);
    family.into_iter().chain(never.into_iter().flat_map(|list| list.iter().copied().map(Caution::Never))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: &[u8] = include_bytes!("../../../tests/samples/05-domestic-servitude-medical-vital-interest.json");

    fn referral(markings: &str) -> Referral {
        let mut value: serde_json::Value = serde_json::from_slice(FULL).unwrap();
        value["handling"]["markings"] = serde_json::from_str(markings).unwrap();
        value["identity"]["safe_contact"]["never"] = serde_json::json!(["Sms", "ContactFamily"]);
        referral::parse(value.to_string().as_bytes()).ok().unwrap()
    }

    fn seen(referral: &Referral, roles: &[LocalRole], assignment: Assignment, ask: &Ask<'_>) -> serde_json::Value {
        let viewer = Viewer { roles: Roles::of(roles), assignment };
        serde_json::from_slice(view(referral, viewer, ask).ok().unwrap().content()).unwrap()
    }

    #[test]
    fn each_role_sees_up_to_its_level_and_no_further() {
        use Assignment::{NotTheirs, Theirs};
        let referral = referral("[]");
        for (role, assignment, level) in [
            (LocalRole::Caseworker, NotTheirs, 0),
            (LocalRole::Intake, NotTheirs, 1),
            (LocalRole::Intake, Theirs, 1),
            (LocalRole::MayAccept, NotTheirs, 1),
            (LocalRole::Caseworker, Theirs, 3),
            (LocalRole::Supervisor, NotTheirs, 3),
        ] {
            let ask = Ask { sections: &[Section::Medical], ..Ask::LEAST };
            let seen = seen(&referral, &[role], assignment, &ask);
            let parts = ["enquiry", "summary", "identity", "case_file"];
            let there: Vec<bool> = parts.iter().map(|part| seen.get(part).is_some()).collect();
            assert_eq!(there, [true, level >= 1, level >= 2, level >= 3], "{}", role.as_str());
        }
        for role in [LocalRole::Auditor, LocalRole::Admin] {
            let viewer = Viewer { roles: Roles::of(&[role]), assignment: Theirs };
            assert_eq!(view(&referral, viewer, &Ask::LEAST).err(), Some(Hidden::NotYourRole));
        }
    }

    #[test]
    fn names_are_masked_until_somebody_asks_and_the_case_code_is_not() {
        let referral = referral("[]");
        let of = |names| seen(&referral, &[LocalRole::Caseworker], Assignment::Theirs, &Ask { names, ..Ask::LEAST });

        let (masked, shown) = (of(Names::Masked), of(Names::Shown));

        assert!(masked["identity"]["names"][0]["full"].is_null() && shown["identity"]["names"][0]["full"].is_string());
        assert_eq!(masked["summary"]["case_code"], shown["summary"]["case_code"]);
        // What is written about the person and does not name them is not masked.
        assert!(masked["summary"]["vic_TraffickingStatus"].is_string());
    }

    #[test]
    fn a_section_of_the_case_file_is_shown_when_it_is_asked_for_by_name() {
        let referral = referral("[]");
        let viewer = Viewer { roles: Roles::of(&[LocalRole::Caseworker]), assignment: Assignment::Theirs };
        let folded = view(&referral, viewer, &Ask::LEAST).ok().unwrap();
        let ask = Ask { sections: &[Section::Medical], ..Ask::LEAST };
        let unfolded = view(&referral, viewer, &ask).ok().unwrap();
        let json: serde_json::Value = serde_json::from_slice(folded.content()).unwrap();

        assert!(json.get("case_file").is_none() && folded.folded() == [Section::Medical] && !folded.withheld());
        assert!(unfolded.folded().is_empty() && unfolded.shown().contains(&Section::Medical));
        assert_eq!(unfolded.bits() ^ folded.bits(), 1 << 4);
    }

    #[test]
    fn what_must_not_be_done_comes_first_and_only_to_who_may_know_it() {
        let referral = referral("[\"NoFamilyContact\"]");
        let of =
            |role| view(&referral, Viewer { roles: Roles::of(&[role]), assignment: Assignment::Theirs }, &Ask::LEAST);
        let words = |view: View| view.first().iter().map(|caution| caution.words()).collect::<Vec<_>>();

        assert_eq!(words(of(LocalRole::Intake).ok().unwrap()), [Caution::NoFamilyContact.words()]);
        assert_eq!(
            words(of(LocalRole::Caseworker).ok().unwrap()),
            [Caution::NoFamilyContact.words(), "never send a text message", "never contact the family"]
        );
    }

    #[test]
    fn what_is_for_one_caseworker_only_is_hidden_from_the_others() {
        let referral = referral("[\"NamedCaseworkerOnly\"]");
        let of = |role, assignment, reason| {
            let viewer = Viewer { roles: Roles::of(&[role]), assignment };
            view(&referral, viewer, &Ask { reason, ..Ask::LEAST }).map(|view| view.shown().to_vec())
        };
        let all = [Section::Enquiry, Section::Summary, Section::Identity];
        use Assignment::{NotTheirs, Theirs};

        assert!(of(LocalRole::Caseworker, NotTheirs, None) == Err(Hidden::NotAssigned));
        assert!(of(LocalRole::Caseworker, Theirs, None).ok().unwrap() == all);
        assert!(of(LocalRole::Intake, NotTheirs, None).ok().unwrap() == [Section::Enquiry]);
        assert!(of(LocalRole::Supervisor, NotTheirs, Some(" ")).ok().unwrap() == [Section::Enquiry]);
        assert!(of(LocalRole::Supervisor, NotTheirs, Some("complaint of 1 June")).ok().unwrap() == all);
        // A reason given by somebody else opens nothing.
        assert!(of(LocalRole::Intake, NotTheirs, Some("curious")).ok().unwrap() == [Section::Enquiry]);
    }

    #[test]
    fn nothing_at_all_is_refused_with_a_code_and_what_to_do() {
        let (role, assigned): (Told, Told) = (Hidden::NotYourRole.into(), Hidden::NotAssigned.into());

        assert_eq!((role.code.as_str(), assigned.code.as_str()), ("not-your-role", "not-assigned"));
        assert!(!role.remedy.is_empty() && !assigned.remedy.is_empty() && !role.message.ends_with('.'));
    }
}
