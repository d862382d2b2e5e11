//! What the page tells of the evidence of one referral: each proof that is here, judged now, and whether the file of it holds.

use safeconduct_certs::{authority::root::RootFile, evidence::Known};

use super::{Node, proof::verified_lines};
use crate::{
    api::audit::AuditedCase,
    casework::life::terms::{Hand, Side},
    error::Told,
    evidence::{
        audit::{self, Desk},
        export::{Contents, ExportError},
        referral,
    },
};

/// The evidence of one referral. It holds no content and no name.
pub struct EvidenceShown {
    /// Every act and receipt, with what it proves.
    pub case: AuditedCase,
    /// Whether this agency sent it.
    pub is_sent: bool,
    /// What came of verifying the file as whoever gets it does.
    pub file: FileNow,
    /// Whether who looks may take the file with its content: a supervisor, while there is any.
    pub with_content: bool,
    /// By what others know the authority.
    pub fingerprint: String,
}

/// The file of evidence, made and verified just now.
pub enum FileNow {
    /// Nothing was signed yet, or not all of it can be shown yet: why.
    None(Told),
    /// It holds: so many statements are proven.
    Holds(u64),
    /// It does not.
    Fails(Told),
}

impl Node {
    /// The evidence of a referral, every signature of it verified again. Who may see where it stands may see this: nothing of the content is in
    /// it.
    ///
    /// # Errors
    /// `unknown-referral`, `person-missing`, `person-unknown`, or what the vault says.
    pub fn evidence_shown(&mut self, id: &str, by: Option<&str>) -> Result<EvidenceShown, Told> {
        let officer = self.acting(by)?;
        let row = self.case(id)?;
        let (now, held, agency, own) =
            (self.now(), self.held_copy()?, self.own_agency()?.to_string(), self.identity.node);
        let agencies = self.agencies()?;
        let setting = agencies.setting();
        let desk = Desk { own, held: &held, setting: &setting, agency: &agency, now };
        let case = audit::case(self.vault.db(), &desk, row.place)?;
        let root = held.registry().root();
        let file = match referral::bundle(self.vault.db(), &held, (&row, &own), Contents::Without, now) {
            Ok(bundle) => match verified_lines(bundle.to_json().as_bytes(), Known::Root(root)) {
                Ok(lines) => {
                    let proven = lines.iter().filter(|line| line.proven).count();
                    FileNow::Holds(u64::try_from(proven).unwrap_or(u64::MAX))
                }
                Err(told) => FileNow::Fails(told),
            },
            Err(ExportError::Vault(error)) => return Err(error.into()),
            Err(refused) => FileNow::None(refused.into()),
        };
        let is_here = referral::has_content(self.vault.db(), &row)?;
        Ok(EvidenceShown {
            case,
            is_sent: row.side == Side::Sender,
            file,
            with_content: is_here && officer.does(Hand::Supervisor).is_ok(),
            fingerprint: root.fingerprint().to_string(),
        })
    }

    /// The root file of this node's own authority, by which a file that somebody brings is judged.
    ///
    /// # Errors
    /// `registry-missing`, or what the vault says.
    pub fn own_root(&mut self) -> Result<RootFile, Told> {
        Ok(self.held_copy()?.registry().root().clone())
    }
}
