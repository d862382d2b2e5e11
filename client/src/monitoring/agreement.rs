//! What a person here has agreed to: that from now on the report of each period goes to this co-ordinator's node by itself. One line each,
//! with who said so and when; it stays when it has ended. It holds for the node that the co-ordinator had then: another machine that the
//! authority alone has put in its place needs a yes of its own.

use rusqlite::{Connection, Row, params};
use safeconduct_certs::node::{ChangedBy, NodeState};
use safeconduct_protocol::{
    id::{AgencyId, KeyId, NodeId},
    time::Timestamp,
};

use super::part::Indicators;
use crate::{
    outbox::FailReason,
    people::Pseudonym,
    vault::{Vault, VaultError, int, uint},
};

/// One line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreement {
    /// The co-ordinator.
    pub agency: AgencyId,
    /// The node that it had then.
    pub node: NodeId,
    /// The identity key that this node had; none for an agreement that an older program has noted.
    pub key: Option<KeyId>,
    /// Which indicators go to it.
    pub indicators: Indicators,
    /// Who has agreed.
    pub officer: Pseudonym,
    /// When: only periods that end later go by themselves.
    pub since: Timestamp,
    /// When somebody here ended it.
    pub ended_at: Option<Timestamp>,
}

impl Agreement {
    /// Whether it was made with this node: the same one, whose key has changed by itself or by its paper since, if at all. A key that the
    /// authority alone has put in the place of that one may be anybody's.
    #[must_use]
    pub fn is_with(&self, node: &NodeState) -> bool {
        if node.id != self.node {
            return false;
        }
        let since = match &self.key {
            None => 0,
            Some(key) if node.key_id == *key => return true,
            Some(key) => match node.former_keys.iter().position(|former| former.key.key_id() == *key) {
                Some(at) => at,
                None => return false,
            },
        };
        node.former_keys.iter().skip(since).all(|former| former.by != ChangedBy::Authority)
    }
}

/// Who agrees to what.
pub(crate) struct NewAgreement<'a> {
    /// The co-ordinator.
    pub(crate) agency: &'a AgencyId,
    /// Its node.
    pub(crate) node: NodeId,
    /// The identity key of its node.
    pub(crate) key: KeyId,
    /// Which indicators.
    pub(crate) indicators: Indicators,
    /// Who.
    pub(crate) officer: Pseudonym,
}

const COLUMNS: &str = "SELECT agency, node, key, indicators, officer, since, ended_at FROM report_agreement";

fn read(row: &Row<'_>) -> Result<Agreement, VaultError> {
    const DAMAGED: VaultError = VaultError::Damaged { what: "an agreement about reports is altered" };
    let agency: String = row.get(0)?;
    let (key, ended): (Option<[u8; 32]>, Option<i64>) = (row.get(2)?, row.get(6)?);
    Ok(Agreement {
        agency: agency.parse().map_err(|_not| DAMAGED)?,
        node: NodeId::from_bytes(row.get(1)?),
        key: key.map(KeyId::from_bytes),
        indicators: Indicators::from_bits(row.get(3)?).ok_or(DAMAGED)?,
        officer: Pseudonym::new(row.get(4)?),
        since: Timestamp(uint(row.get(5)?)?),
        ended_at: ended.map(uint).transpose()?.map(Timestamp),
    })
}

fn lines(db: &Connection, condition: &str) -> Result<Vec<Agreement>, VaultError> {
    let mut statement = db.prepare(&format!("{COLUMNS} {condition} ORDER BY place"))?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// All of them, the ended ones too, oldest first.
///
/// # Errors
/// What the vault says.
pub fn all(db: &Connection) -> Result<Vec<Agreement>, VaultError> {
    lines(db, "")
}

/// Those that hold, oldest first.
///
/// # Errors
/// What the vault says.
pub fn that_hold(db: &Connection) -> Result<Vec<Agreement>, VaultError> {
    lines(db, "WHERE ended_at IS NULL")
}

/// The one that holds with this agency.
///
/// # Errors
/// What the vault says.
pub fn with(db: &Connection, agency: &AgencyId) -> Result<Option<Agreement>, VaultError> {
    let mut rows = db.prepare_cached(&format!("{COLUMNS} WHERE agency = ?1 AND ended_at IS NULL"))?;
    let mut rows = rows.query([agency.as_str()])?;
    rows.next()?.map(read).transpose()
}

/// Notes one, in the place of the one that holds with this agency, if any: it is ended, with what is queued by it.
///
/// # Errors
/// What the vault says.
pub(crate) fn agree(vault: &mut Vault, new: &NewAgreement<'_>, now: Timestamp) -> Result<(), VaultError> {
    let transaction = vault.begin()?;
    end_in(&transaction, new.agency, new.officer, now)?;
    let sql =
        "INSERT INTO report_agreement (agency, node, key, indicators, officer, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let (node, key) = (new.node.as_bytes(), new.key.as_bytes());
    let values = params![new.agency.as_str(), node, key, new.indicators.bits(), new.officer.as_bytes(), int(now.0)];
    transaction.execute(sql, values)?;
    Ok(transaction.commit()?)
}

/// Ends the one that holds, and gives up what is queued by it and has not left; whether there was one.
///
/// # Errors
/// What the vault says.
pub(crate) fn end(vault: &mut Vault, agency: &AgencyId, by: Pseudonym, now: Timestamp) -> Result<bool, VaultError> {
    let transaction = vault.begin()?;
    let ended = end_in(&transaction, agency, by, now)?;
    transaction.commit()?;
    Ok(ended)
}

fn end_in(db: &Connection, agency: &AgencyId, by: Pseudonym, now: Timestamp) -> Result<bool, VaultError> {
    let sql = "UPDATE report_agreement SET ended_by = ?2, ended_at = ?3 WHERE agency = ?1 AND ended_at IS NULL";
    let ended = db.execute(sql, params![agency.as_str(), by.as_bytes(), int(now.0)])? == 1;
    // Who ends it knows: nobody needs to be alarmed of what does not go.
    db.execute(
        "UPDATE outbox SET state = 'failed', reason = ?2, alarm = 0
            WHERE kind = 6 AND agency = ?1 AND state IN ('queued', 'sealed')",
        params![agency.as_str(), FailReason::ReportNotAgreed.as_str()],
    )?;
    Ok(ended)
}
