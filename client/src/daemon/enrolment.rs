//! Where this node's enrolment stands, and its steps in the vault.

use safeconduct_certs::{
    authority::root::RootFile,
    enrol::{
        answer::Answer,
        code::InviteCode,
        paper::PaperKey,
        request::{NewNode, Replaces},
        words::{Language, SafetyWords},
    },
    link::TlsKey,
    registry::succession::Succession,
};
use safeconduct_protocol::{
    crypto::{kem::KemSecret, sign::VerifyingKey},
    id::{AgencyId, InviteId, NodeId},
    secret::Secret,
};

use super::Node;
use crate::{
    api::shapes::Enrolled,
    enrol::Progress,
    error::Told,
    keys::{self, EnrolmentState},
    registry::RegistryError,
    renewal,
    vault::VaultError,
};

/// Where the enrolment with one invitation stands.
pub enum Standing {
    /// Not begun with this invitation.
    New,
    /// The request is made.
    Begun {
        /// The very bytes to hand in.
        request: Vec<u8>,
    },
    /// Approved.
    Approved,
}

impl Node {
    /// Where the enrolment with `invite` stands.
    ///
    /// # Errors
    /// `already-enrolled`, `enrolment-rejected`, or what the vault says.
    pub fn standing(&mut self, invite: &InviteId) -> Result<Standing, Told> {
        let Some(enrolment) = keys::enrolment(&self.vault)? else { return Ok(Standing::New) };
        match (enrolment.state, enrolment.invite == *invite) {
            (EnrolmentState::Approved, true) => Ok(Standing::Approved),
            (EnrolmentState::Approved, false) => Err(Told::refused(
                "already-enrolled",
                "this node is enrolled already, with another invitation",
                "use it as it is; a new node, also one that takes this one's place, needs a folder of its own: `safeconduct --data FOLDER enrol CODE`",
            )),
            (EnrolmentState::Rejected, true) => Err(rejected(enrolment.reason.as_deref())),
            (EnrolmentState::Requested, true) => Ok(Standing::Begun { request: enrolment.request }),
            (EnrolmentState::Requested | EnrolmentState::Rejected, false) => Ok(Standing::New),
        }
    }

    /// Makes and keeps the sealed request; the bytes to hand in. With the paper key of an existing node it asks for that node's
    /// place.
    ///
    /// # Errors
    /// What the vault says, `no-randomness`, or `practice-only` where this folder was for the other purpose before.
    pub fn begin_enrolment(
        &mut self,
        code: &InviteCode,
        root: &RootFile,
        address: &str,
        replaces: Option<(&PaperKey, NodeId)>,
    ) -> Result<Vec<u8>, Told> {
        self.stays_for(root)?;
        let seed = Secret::<32>::random(&mut self.entropy)?;
        let answer = KemSecret::from_bytes(seed.duplicate());
        let damaged = VaultError::Damaged { what: "the succession key is no key" };
        let succession = VerifyingKey::try_from(self.identity.succession_public).ok().ok_or(damaged)?;
        let new = NewNode {
            ik: &self.identity.key,
            succession,
            tls_spki: TlsKey::from_seed(keys::tls_seed(self.vault.dir())?).spki_hash(),
            mailbox: self.identity.mailbox,
            answer_key: answer.public(),
            node_random: self.identity.node_random,
            replaces: replaces.map(|(paper, node)| {
                let ik = *self.identity.public().as_bytes();
                let statement = Succession { node, ik, succession: self.identity.succession_public };
                Replaces { node, statement: statement.sign(&paper.signing_key()) }
            }),
        };
        let request = new.seal(code, root.enrol_key(), &mut self.entropy).map_err(|error| {
            Told::not_ready(
                "cannot-seal",
                error.to_string(),
                "check the operating system's random source, then try again",
            )
        })?;
        keys::begin_enrolment(&mut self.vault, code.invite(), address, root.as_bytes(), &request, &seed)?;
        self.identity = keys::identity(&self.vault)?;
        Ok(request)
    }

    /// Opens the authority's answer and keeps its verdict.
    ///
    /// # Errors
    /// `enrolment-rejected`, `answer-refused`, or what the vault says.
    pub fn answered(&mut self, sealed: &[u8]) -> Result<(), Told> {
        let enrolment = keys::enrolment(&self.vault)?.ok_or(RegistryError::NotEnrolled)?;
        let Some(secret) = enrolment.answer_secret else { return Ok(()) };
        let key = KemSecret::from_bytes(secret);
        let answer = Answer::open(sealed, &enrolment.invite, &self.identity.node, &key)
            .map_err(|error| Told::tampering("answer-refused", error.to_string(), error.remedy()))?;
        match answer {
            Answer::Approved(directory) => {
                Ok(keys::enrolment_approved(&self.vault, &Secret::new(*directory.reveal()))?)
            }
            Answer::InPlace(place) => {
                let directory = Secret::new(*place.directory.reveal());
                renewal::take_place(&mut self.vault, &place.node, &directory, place.from)?;
                self.identity = keys::identity(&self.vault)?;
                Ok(())
            }
            Answer::Rejected(reason) => {
                keys::enrolment_rejected(&self.vault, &reason)?;
                Err(rejected(Some(&reason)))
            }
        }
    }

    /// The answer of `enrol`.
    ///
    /// # Errors
    /// What the vault says.
    pub fn enrolled(&mut self, progress: Progress, language: Language) -> Result<Enrolled, Told> {
        let agency = keys::enrolment(&self.vault)?.and_then(|enrolment| enrolment.agency);
        let words = SafetyWords::of(&self.identity.public()).in_language(language);
        Ok(Enrolled {
            agency: agency.map(String::from),
            node: self.identity.node.to_hex(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            language: language.code().to_owned(),
            state: match progress {
                Progress::Waiting => "waiting",
                Progress::Approved => "approved",
            }
            .to_owned(),
            out: None,
        })
    }

    /// The enrolment as the vault has it.
    ///
    /// # Errors
    /// What the vault says.
    pub fn enrolment(&self) -> Result<Option<keys::Enrolment>, Told> {
        Ok(keys::enrolment(&self.vault)?)
    }

    /// Whether the authority has approved this node.
    ///
    /// # Errors
    /// What the vault says.
    pub fn is_approved(&self) -> Result<bool, Told> {
        Ok(keys::enrolment(&self.vault)?.is_some_and(|enrolment| enrolment.state == EnrolmentState::Approved))
    }

    /// The agency that this node speaks for.
    ///
    /// # Errors
    /// `not-enrolled`, or `registry-missing` before the registry was fetched.
    pub fn own_agency(&self) -> Result<AgencyId, Told> {
        let enrolment = keys::enrolment(&self.vault)?.ok_or(RegistryError::NotEnrolled)?;
        enrolment.agency.ok_or_else(|| {
            Told::not_ready(
                "registry-missing",
                "this node has not fetched the registry yet",
                "start the daemon and let it connect once: safeconduct daemon",
            )
        })
    }
}

/// No relay is named anywhere.
#[must_use]
pub fn no_relay() -> Told {
    Told::not_ready(
        "no-relay",
        "this node does not know its relay's address",
        "name it with --relay HOST:PORT, or as `relay` in config.toml",
    )
}

/// The authority said no.
pub(super) fn rejected(reason: Option<&str>) -> Told {
    let because = reason.filter(|reason| !reason.is_empty()).map(|reason| format!(": {reason}")).unwrap_or_default();
    Told::refused(
        "enrolment-rejected",
        format!("the authority has rejected this node{because}"),
        "phone your authority, and ask for a new invitation",
    )
}
