//! What was done here, when, and what was refused: the authority's own record, sealed line by line, only ever growing.

use std::path::Path;

use safeconduct_protocol::{entropy::Entropy, time::Timestamp};
use serde::{Deserialize, Serialize};

use super::{AdminError, append::AppendFile};
use crate::keyfile;

const FILE: &str = "audit.log";
const WHAT: &str = "the audit file";

/// One act.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuditLine {
    /// When, Unix seconds.
    pub time: u64,
    /// What was done or refused.
    pub act: String,
    /// About which agency, or empty.
    pub agency: String,
    /// What else is worth knowing.
    pub detail: String,
}

pub(super) struct Audit {
    file: AppendFile,
    lines: Vec<AuditLine>,
}

impl Audit {
    pub(super) fn open(folder: &Path, key: &[u8; 32]) -> Result<Self, AdminError> {
        let (file, items) = AppendFile::open(&folder.join(FILE), WHAT)?;
        let damaged = AdminError::Damaged { what: WHAT };
        let mut lines = Vec::with_capacity(items.len());
        for (place, item) in (0_u64..).zip(items) {
            let plain = keyfile::open_with_key(key, &purpose(place), &item).ok().ok_or(damaged)?;
            lines.push(serde_json::from_slice(&plain).ok().ok_or(damaged)?);
        }
        Ok(Self { file, lines })
    }

    pub(super) fn write(
        &mut self,
        key: &[u8; 32],
        now: Timestamp,
        act: &str,
        agency: &str,
        detail: &str,
        entropy: &mut dyn Entropy,
    ) -> Result<(), AdminError> {
        let line = AuditLine { time: now.0, act: act.to_owned(), agency: agency.to_owned(), detail: detail.to_owned() };
        let plain = serde_json::to_vec(&line).ok().ok_or(AdminError::Damaged { what: WHAT })?;
        let place = u64::try_from(self.lines.len()).unwrap_or(u64::MAX);
        self.file.append(&keyfile::seal_with_key(key, &purpose(place), &plain, entropy)?)?;
        self.lines.push(line);
        Ok(())
    }

    pub(super) fn lines(&self) -> &[AuditLine] {
        &self.lines
    }
}

/// The place is authenticated, so that lines are neither dropped from the middle nor exchanged.
fn purpose(place: u64) -> String {
    format!("safeconduct authority audit {place}")
}
