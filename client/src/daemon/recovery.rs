//! Backups, restores of this node and of its partners, and the head that the relay keeps.

use std::path::{Path, PathBuf};

use safeconduct_protocol::{id::AgencyId, time::DAY_S};
use zeroize::Zeroizing;

use super::Node;
use crate::{
    api::recovered::{BackedUp, ChainLoss, LostLine, OwnRestore, Resend},
    error::Told,
    log::event,
    note::{Agency, Count, Note},
    recovery::{
        backup,
        chains::{self, ChainTrouble},
        folder, head,
        head::Judged,
        notice,
        resend::{self, PartnerRestore},
        restore,
    },
};

/// A backup older than this is of little use, in seconds.
pub(crate) const BACKUP_S_MAX: u64 = 7 * DAY_S;

impl Node {
    /// The head that the relay keeps of this node, at the beginning of a session: the next head to put.
    ///
    /// # Errors
    /// `vault-rolled-back`, `vault-cloned`: nothing may be sent or taken any more. Or what the vault says.
    pub fn judge_head(&mut self, kept: &[u8]) -> Result<Vec<u8>, Told> {
        let now = self.now();
        let settled = restore::settle(&mut self.vault, &mut self.identity, kept, now, &mut self.entropy)?;
        if let Some((told, head)) = settled {
            self.relay_stock = None;
            tracing::info!(event = event::RESTORED, count = told, epoch = self.identity.epoch);
            return Ok(head.as_bytes().to_vec());
        }
        self.hold_against(kept)?;
        self.next_head()
    }

    /// The head that the relay keeps after one was put.
    ///
    /// # Errors
    /// As [`Node::judge_head`].
    pub fn hold_against(&mut self, kept: &[u8]) -> Result<(), Told> {
        let now = self.now();
        if head::judge(&mut self.vault, &self.identity, kept, now)? == Judged::NotOurs {
            tracing::warn!(event = event::HEAD_FOREIGN);
        }
        Ok(())
    }

    /// The next head to put; durable here first.
    ///
    /// # Errors
    /// What the vault says.
    pub fn next_head(&mut self) -> Result<Vec<u8>, Told> {
        let now = self.now();
        Ok(head::next(&mut self.vault, &self.identity, now, &mut self.entropy)?.as_bytes().to_vec())
    }

    /// Whether one of this node's fixed times has come to put its head.
    ///
    /// # Errors
    /// What the vault says.
    pub fn head_due(&mut self) -> Result<bool, Told> {
        Ok(head::is_due(&self.vault, &self.identity.node, self.now())?)
    }

    /// `backup`.
    ///
    /// # Errors
    /// `file-exists`, `file`, or what the vault says: there is no file then.
    pub fn backup(&mut self, out: &Path) -> Result<BackedUp, Told> {
        if !out.is_absolute() {
            return Err(Told::usage("the backup's path is relative", "name it from the root folder on"));
        }
        let now = self.now();
        let bytes = backup::take(&self.vault, out, now, &mut self.entropy)?;
        Ok(BackedUp { file: out.display().to_string(), bytes, made_at: now.0 })
    }

    /// A backup into the folder for them in the data folder, by whoever looks after this node and knows the passphrase with which it opens.
    ///
    /// # Errors
    /// As [`Self::looks_after`] and [`Self::backup`].
    pub fn backup_here(&mut self, by: Option<&str>, passphrase: &Zeroizing<String>) -> Result<BackedUp, Told> {
        self.looks_after(by, passphrase)?;
        let out = folder::next(self.vault.dir(), self.now())?;
        // The file's place means the same to whoever copies it.
        self.backup(&from_root(&out)?)
    }

    /// The backup of this name in that folder, for whoever may try it.
    ///
    /// # Errors
    /// `not-your-role`, `no-backup`, or what the vault says.
    pub fn backup_named(&self, by: Option<&str>, name: &str) -> Result<PathBuf, Told> {
        self.is_admin(by)?;
        let none =
            || Told::refused("no-backup", "there is no such backup in the folder for them", "choose one of the list");
        folder::named(self.vault.dir(), name).ok_or_else(none)
    }

    /// Names of the backups in that folder, newest first.
    #[must_use]
    pub fn backups(&self) -> Vec<String> {
        folder::list(self.vault.dir())
    }

    /// Whether this is the passphrase of the open vault.
    ///
    /// # Errors
    /// `wrong-passphrase`, or what the vault says.
    pub fn check_passphrase(&mut self, passphrase: &Zeroizing<String>) -> Result<(), Told> {
        Ok(self.vault.check_passphrase(passphrase)?)
    }

    /// When the last backup was made, Unix seconds.
    ///
    /// # Errors
    /// What the vault says.
    pub fn backup_at(&self) -> Result<Option<u64>, Told> {
        Ok(backup::last(&self.vault)?.map(|at| at.0))
    }

    /// The last restore of this vault, and what partners say that it has lost.
    pub(super) fn own_restore(&mut self) -> Result<Option<OwnRestore>, Told> {
        let Some(newest) = restore::newest(&self.vault)? else { return Ok(None) };
        let mut lost = Vec::new();
        for loss in notice::losses(&self.vault)? {
            lost.push(ChainLoss { agency: self.called(&loss.partner)?, held: loss.held, seen: loss.seen });
        }
        let (at, copy_of) = (newest.at.0, newest.copy_of.0);
        Ok(Some(OwnRestore { epoch: newest.epoch, at, copy_of, pending: newest.pending, lost }))
    }

    /// What `resend` would send to an agency that was restored.
    ///
    /// # Errors
    /// `not-restored` when it has not told of a restore; `unknown-agency`.
    pub fn resend_list(&mut self, agency: &AgencyId) -> Result<Resend, Told> {
        let restore = self.restore_of(agency)?;
        self.resend_of(agency.to_string(), &restore)
    }

    /// `resend`, after a person's yes.
    ///
    /// # Errors
    /// As [`Node::resend_list`]; `recipient-not-active`.
    pub fn resend(&mut self, agency: &AgencyId) -> Result<Resend, Told> {
        let restore = self.restore_of(agency)?;
        self.recipient(agency)?;
        let mut list = self.resend_of(agency.to_string(), &restore)?;
        let now = self.now();
        resend::send(&mut self.vault, &restore, now)?;
        list.sent = true;
        Ok(list)
    }

    fn restore_of(&mut self, agency: &AgencyId) -> Result<PartnerRestore, Told> {
        let node = self.recipient_node(agency)?;
        resend::of(&self.vault, &node)?.ok_or_else(|| {
            Told::refused(
                "not-restored",
                format!("{agency} has not told this node that it was restored"),
                "if they have lost something, send it anew: safeconduct send FILE --to AGENCY",
            )
        })
    }

    fn resend_of(&mut self, agency: String, restore: &PartnerRestore) -> Result<Resend, Told> {
        let lost = resend::lost(&self.vault, restore)?;
        let line = |lost: &resend::Lost| LostLine {
            message_id: lost.entry.message.to_hex(),
            referral_id: lost.entry.referral_id.clone().unwrap_or_default(),
            sent_at: lost.entry.queued_at.0,
            kept: lost.is_kept,
        };
        Ok(Resend {
            agency,
            restored_at: restore.restored_at.0,
            copy_of: restore.copy_of.0,
            messages: lost.iter().map(line).collect(),
            answered: restore.answered,
            sent: false,
        })
    }

    /// Partners that were restored and that nobody here has answered, and that have lost something.
    pub(super) fn open_restores(&mut self) -> Result<Vec<Resend>, Told> {
        if !resend::is_open(&self.vault)? {
            return Ok(Vec::new());
        }
        let mut open = Vec::new();
        for restore in resend::restores(&self.vault)?.into_iter().filter(|restore| !restore.answered) {
            let agency = self.called(&restore.partner)?;
            let list = self.resend_of(agency, &restore)?;
            if !list.messages.is_empty() {
                open.push(list);
            }
        }
        Ok(open)
    }

    /// Chains that cannot be one machine's, and restores that a person here has to answer.
    pub(super) fn recovery_alarms(&mut self) -> Result<Vec<Note>, Told> {
        let mut alarms = Vec::new();
        for (partner, trouble) in chains::alarms(&self.vault, self.now())? {
            let agency = Agency(self.called(&partner)?);
            alarms.push(match trouble {
                ChainTrouble::Forked => Note::ChainForked { agency },
                ChainTrouble::WentBack => Note::ChainBack { agency },
                ChainTrouble::OwnLonger => Note::ChainLonger { agency },
            });
        }
        for open in self.open_restores()? {
            let kept = open.messages.iter().filter(|line| line.kept).count();
            let gone = open.messages.len().saturating_sub(kept);
            let (agency, count) = (Agency(open.agency), Count::of(kept));
            alarms.push(if gone == 0 {
                Note::Restored { agency, count }
            } else {
                Note::RestoredErased { agency, count, gone: Count::of(gone) }
            });
        }
        Ok(alarms)
    }
}

/// A path that means the same to the daemon as to whoever types it.
///
/// # Errors
/// When the current folder is gone.
pub(crate) fn from_root(path: &Path) -> Result<PathBuf, Told> {
    std::path::absolute(path).map_err(|error| {
        Told::not_ready(
            "no-folder",
            format!("the current folder cannot be told: {}", error.kind()),
            "name the whole path",
        )
    })
}
