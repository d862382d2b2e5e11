//! Registering a relay, and finding the registered ones.

use std::collections::BTreeMap;

use safeconduct_protocol::id::{AgencyId, LeafHash, MailboxId, RelayId};

use super::{AdminError, Office, relay_file::RelayFile};
use crate::{
    directory::{self, Record},
    node::{NodeStatus, Roles},
    registry::leaf::{LeafFields, LeafKind, SUITES_1},
};

/// A relay that the authority talks to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RelayContact {
    /// Its number.
    pub id: RelayId,
    /// Its name in the directory, with which it can be suspended or revoked.
    pub agency: AgencyId,
    /// `host:port`.
    pub address: String,
    /// SPKI hash of the key that it must prove.
    pub tls_spki: [u8; 32],
}

impl Office {
    /// Registers a relay under the next number. The same file again is the same relay.
    ///
    /// # Errors
    /// [`AdminError::Leaf`] when its keys stand in the log already, [`AdminError::Record`].
    pub fn add_relay(&mut self, file: &RelayFile) -> Result<RelayContact, AdminError> {
        let known = self.relay_contacts()?.into_iter().find(|contact| {
            let same_node = self
                .registry
                .relay(contact.id)
                .is_some_and(|state| state.id == file.node && state.ik == file.ik && state.tls_spki == file.tls_spki);
            same_node && contact.address == file.address
        });
        if let Some(contact) = known {
            return Ok(contact);
        }
        let number = self.registry.relays().map(|relay| relay.home_relay.0).max().unwrap_or(0).saturating_add(1);
        let country = self.root().country().to_owned();
        let agency = AgencyId::try_from(format!("{}.relay-{number}", country.to_lowercase()));
        let agency = agency.map_err(|_bad| directory::RecordRefused::Malformed)?;
        let names = BTreeMap::from([("eng".to_owned(), format!("Relay {number}"))]);
        let bare = Record::bare(agency.clone(), names, country, Vec::new(), false);
        let record = Record { relay: Some(file.address.clone()), ..bare };
        let (sealed, commitment) = directory::seal(&record, &self.keys.directory, &file.node, self.entropy.as_mut())?;
        let fields = LeafFields {
            kind: LeafKind::Add,
            seq: self.registry.size(),
            node: file.node,
            previous: LeafHash::from_bytes([0; 32]),
            effective: self.now()?,
            ik: *file.ik.as_bytes(),
            succession: [0; 32],
            tls_spki: file.tls_spki,
            home_relay: RelayId(number),
            mailbox: MailboxId::from_bytes([0; 16]),
            roles: Roles::RELAY.bits(),
            suites: SUITES_1,
            directory: commitment,
            ml_dsa: None,
            terms: None,
        };
        self.append(&fields, &sealed)?;
        self.note_act("relay-add", agency.as_str(), &file.address)?;
        Ok(RelayContact { id: RelayId(number), agency, address: file.address.clone(), tls_spki: file.tls_spki })
    }

    /// The relays that are not revoked, by number: a suspended one is still told, above all that it is.
    ///
    /// # Errors
    /// [`AdminError::Damaged`].
    pub fn relay_contacts(&self) -> Result<Vec<RelayContact>, AdminError> {
        let standing =
            |registered: &super::office::Registered<'_>| !matches!(registered.state.status, NodeStatus::Revoked { .. });
        let contact = |registered: super::office::Registered<'_>| {
            Some(RelayContact {
                id: registered.state.home_relay,
                agency: registered.record.agency_id.clone(),
                address: registered.record.relay?,
                tls_spki: registered.state.tls_spki,
            })
        };
        Ok(self.registered()?.into_iter().filter(standing).filter_map(contact).collect())
    }
}
