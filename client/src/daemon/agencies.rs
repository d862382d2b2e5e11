//! Which agencies there are, and what the check of a referral needs to know of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use safeconduct_certs::{
    directory::{self, DirectoryKey, Record, hours::Hours},
    node::{NodeState, NodeStatus},
    registry::{Registry, terms::What},
};
use safeconduct_protocol::{
    id::{AgencyId, NodeId},
    time::Timestamp,
};

use super::{Node, agreed, judge};
use crate::{
    casework::clocks::{Known, Setting},
    doctor::KeyChange,
    error::Told,
    inbox::{ContentRefused, Haste, Summary},
    keys,
    referral::{
        policy::{AgencyFacts, Direction, RegistryFacts},
        profile::Profiles,
        text::Country,
    },
    registry::{Held, records},
    vault::{Vault, VaultError},
};

/// One agency: its directory record, and where its registration stands.
#[derive(Clone)]
pub(super) struct Agency {
    pub(super) node: NodeId,
    pub(super) status: NodeStatus,
    pub(super) record: Record,
}

/// The agencies of one registry copy. An id that two nodes claim names the one that is active.
pub(super) struct Agencies {
    by_id: BTreeMap<AgencyId, Agency>,
    /// The id that each of them has.
    by_node: BTreeMap<NodeId, AgencyId>,
    /// What casework needs to know of each.
    known: BTreeMap<NodeId, Known>,
    /// What countries' laws make stricter.
    profiles: Arc<Profiles>,
}

impl Default for Agencies {
    /// Nobody.
    fn default() -> Self {
        let profiles = Profiles::of_build();
        Self { by_id: BTreeMap::new(), by_node: BTreeMap::new(), known: BTreeMap::new(), profiles }
    }
}

impl Agencies {
    /// Opens the directory records of every node in `held`. A record that does not open, or is not what the registry
    /// commits to, names nobody; nor does that of an authority that does not speak for the node.
    fn open(vault: &Vault, held: &Held, key: &DirectoryKey) -> Result<Self, VaultError> {
        let mut all = Self::default();
        let mut sealed = vault.db().prepare("SELECT place, record FROM registry_leaf WHERE length(record) > 0")?;
        all.read(sealed.query([])?, held.registry(), key, &|_, _| true)?;
        let own_ids = own_ids(vault, held, key)?;
        let sql = "SELECT place, record FROM foreign_leaf WHERE authority = ?1 AND length(record) > 0";
        let mut sealed = vault.db().prepare(sql)?;
        for foreign in held.foreign() {
            // Another country's authority names its own agencies, and no agency of ours: neither by an id, nor by a node that
            // our own log names, or a second foreign one.
            let own_country = |state: &NodeState, record: &Record| {
                let country = foreign.country().to_string();
                let (prefix, _) = record.agency_id.as_str().split_once('.').unwrap_or_default();
                held.authority_of(&state.id) == Some(*foreign.authority())
                    && record.country == country
                    && prefix.eq_ignore_ascii_case(&country)
                    && !own_ids.contains(&record.agency_id)
            };
            all.read(sealed.query([foreign.authority()])?, foreign.registry(), foreign.directory(), &own_country)?;
        }
        Ok(all)
    }

    fn read(
        &mut self,
        mut rows: rusqlite::Rows<'_>,
        registry: &Registry,
        key: &DirectoryKey,
        may: &dyn Fn(&NodeState, &Record) -> bool,
    ) -> Result<(), VaultError> {
        while let Some(row) = rows.next()? {
            let place = crate::vault::uint(row.get(0)?)?;
            let record: Vec<u8> = row.get(1)?;
            let Some(state) = registry.leaf_node(place).and_then(|node| registry.node(&node)) else { continue };
            if let Ok(record) = directory::open(&record, key, state)
                && may(state, &record)
            {
                self.add(Agency { node: state.id, status: state.status, record });
            }
        }
        Ok(())
    }

    fn add(&mut self, agency: Agency) {
        let (id, node) = (agency.record.agency_id.clone(), agency.node);
        let taken = self.by_id.get(&id).is_some_and(|other| other.status == NodeStatus::Active);
        if taken {
            return;
        }
        self.by_node.insert(node, id.clone());
        let country = agency.record.country.clone();
        let zone = match &agency.record.hours {
            Some(Hours::Weekly(weekly)) => Some(weekly.zone.clone()),
            Some(Hours::Always(_)) | None => None,
        };
        self.known.insert(node, Known { agency: id.to_string(), country, zone });
        if let Some(former) = self.by_id.insert(id, agency).filter(|former| former.node != node) {
            self.by_node.remove(&former.node);
        }
    }

    /// All of them, relays too, by id.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Agency> {
        self.by_id.values()
    }

    /// What casework judges by.
    pub(super) fn setting(&self) -> Setting<'_> {
        Setting { profiles: &self.profiles, agencies: &self.known }
    }

    pub(super) fn of(&self, id: &AgencyId) -> Option<&Agency> {
        self.by_id.get(id)
    }

    pub(super) fn by_node(&self, node: &NodeId) -> Option<&Agency> {
        self.by_id.get(self.by_node.get(node)?)
    }

    /// What the check of a referral needs to know of an agency.
    pub(super) fn facts(&self, id: &AgencyId) -> Option<AgencyFacts> {
        let agency = self.of(id)?;
        let bits = agency.record.roles.iter().fold(0_u32, |bits, role| bits | 1 << role.0.bit());
        Some(AgencyFacts {
            agency: id.clone(),
            country: Country::of(&agency.record.country)?,
            roles: AgencyFacts::roles_of_bits(bits),
            represents: agency.record.represents.as_deref().and_then(Country::of),
            exercise: agency.record.exercise,
            active: agency.status == NodeStatus::Active,
        })
    }
}

/// Every id that our own log ever gave an agency: none of another authority's has it, even when ours was revoked.
fn own_ids(vault: &Vault, held: &Held, key: &DirectoryKey) -> Result<BTreeSet<AgencyId>, VaultError> {
    let mut ids = BTreeSet::new();
    if held.foreign().is_empty() {
        return Ok(ids);
    }
    let mut sealed = vault.db().prepare("SELECT place, record FROM registry_leaf WHERE length(record) > 0")?;
    let mut rows = sealed.query([])?;
    while let Some(row) = rows.next()? {
        let record: Vec<u8> = row.get(1)?;
        ids.extend(records::named_once(&record, key, held.registry(), crate::vault::uint(row.get(0)?)?));
    }
    Ok(ids)
}

impl Node {
    /// The agencies of the registry copy as it is now.
    pub(super) fn agencies(&mut self) -> Result<Arc<Agencies>, Told> {
        if let Some(agencies) = &self.agencies {
            return Ok(Arc::clone(agencies));
        }
        let key = keys::enrolment(&self.vault)?.and_then(|enrolment| enrolment.directory_key);
        let held = self.held()?.clone();
        let agencies = match key {
            Some(key) => Agencies::open(&self.vault, &held, &DirectoryKey::new(key))?,
            None => Agencies::default(),
        };
        let agencies = Arc::new(Agencies { profiles: Arc::clone(&self.profiles), ..agencies });
        self.agencies = Some(Arc::clone(&agencies));
        Ok(agencies)
    }

    /// Where a relay is, as its directory record says.
    pub(super) fn relay_record(&mut self, node: &NodeId) -> Result<Option<String>, Told> {
        Ok(self.agencies()?.by_node(node).and_then(|agency| agency.record.relay.clone()))
    }

    /// An agency by its id.
    pub(super) fn agency(&mut self, id: &AgencyId) -> Result<Option<Agency>, Told> {
        Ok(self.agencies()?.of(id).filter(|agency| agency.record.relay.is_none()).cloned())
    }

    /// What a node is called: its agency's id, else the beginning of its own.
    pub(super) fn called(&mut self, node: &NodeId) -> Result<String, Told> {
        let found = self.agencies()?.by_node(node).map(|agency| agency.record.agency_id.to_string());
        Ok(found.unwrap_or_else(|| node.short().to_string()))
    }

    /// The registry copy has changed: forgets what was read from the one before, and notes this node's agency.
    pub(super) fn name_agency(&mut self) -> Result<(), Told> {
        self.agencies = None;
        let node = self.identity.node;
        let own = self.agencies()?.by_node(&node).map(|agency| agency.record.agency_id.clone());
        if let Some(own) = own {
            keys::set_agency(&self.vault, &own)?;
        }
        Ok(())
    }

    /// Keys that the authority alone has changed, or is about to.
    pub(super) fn key_changes(&mut self) -> Result<Vec<KeyChange>, Told> {
        let own = self.identity.node;
        let changed = |state: &NodeState| {
            let pending = state.pending.as_ref().map(|change| change.from);
            (state.authority_override || pending.is_some()).then_some((state.id, pending))
        };
        let held = match self.held() {
            Ok(held) => held,
            Err(told) if told.code == "not-enrolled" => return Ok(Vec::new()),
            Err(told) => return Err(told),
        };
        let ours = held.registry().nodes().filter_map(changed);
        let abroad = held.foreign().iter().flat_map(|one| {
            let speaks = |state: &&NodeState| held.authority_of(&state.id) == Some(*one.authority());
            one.registry().nodes().filter(speaks).filter_map(changed)
        });
        let found: Vec<_> = ours.chain(abroad).collect();
        found
            .into_iter()
            .map(|(node, from)| Ok(KeyChange { agency: self.called(&node)?, own: node == own, from }))
            .collect()
    }

    /// What the registry says about both ends of a referral.
    pub(super) fn registry_facts(&mut self, from: &AgencyId, to: &AgencyId) -> Result<RegistryFacts, Told> {
        let age_s = self.registry_age_s()?;
        let agencies = self.agencies()?;
        Ok(RegistryFacts { age_s, sender: agencies.facts(from), recipient: agencies.facts(to) })
    }

    fn registry_age_s(&mut self) -> Result<u64, Told> {
        let now = self.now();
        Ok(self.held()?.registry().newest_time().map_or(u64::MAX, |signed| now.since(signed)))
    }

    /// Judges what comes in by the same table as what goes out.
    pub(super) fn content_judge(&mut self, now: Timestamp) -> Result<ContentJudge, Told> {
        let age_s = self.registry_age_s()?;
        let held = Some(self.held_copy()?);
        Ok(ContentJudge { now, age_s, own: self.identity.node, agencies: self.agencies()?, held })
    }
}

/// Judges a referral that came.
pub(super) struct ContentJudge {
    now: Timestamp,
    age_s: u64,
    own: NodeId,
    agencies: Arc<Agencies>,
    held: Option<Held>,
}

impl ContentJudge {
    /// What casework judges by.
    pub(super) fn setting(&self) -> Setting<'_> {
        self.agencies.setting()
    }

    /// Whether it is known which agency this node is.
    pub(super) fn knows(&self, sender: &NodeId) -> bool {
        self.agencies.by_node(sender).is_some()
    }

    /// Whether the ends that a referral states are the node that signed it, and this one.
    fn are_ends(&self, sender: &NodeId, from: &AgencyId, to: &AgencyId) -> Result<(), ContentRefused> {
        let is = |node: &NodeId, stated: &AgencyId| {
            self.agencies.by_node(node).is_some_and(|agency| agency.record.agency_id == *stated)
        };
        if !is(sender, from) {
            return Err(ContentRefused("sender-is-another-agency".to_owned()));
        }
        if !is(&self.own, to) {
            return Err(ContentRefused("addressed-to-another-agency".to_owned()));
        }
        Ok(())
    }

    /// Whether our authority lets the sender send this here: the sender's own check is not relied upon.
    fn is_agreed(&self, sender: &NodeId, what: What) -> Result<(), ContentRefused> {
        let Some(held) = &self.held else { return Ok(()) };
        let country = |node: &NodeId| agreed::border_of(self.agencies.by_node(node));
        let ends = ((sender, country(sender)), (&self.own, country(&self.own)));
        held.agreed(ends.0, ends.1, what, self.now).map_err(|refused| ContentRefused(refused.code().to_owned()))
    }

    /// What lists show of it. A partner may neither write in another agency's name nor pass on what it received as if
    /// it were addressed to this agency.
    pub(super) fn validate(&self, sender: &NodeId, bytes: &[u8]) -> Result<Summary, ContentRefused> {
        let line = crate::referral::parse(bytes).map(|referral| referral.summary_line());
        let ends = line.ok().and_then(|line| Some((line.from.parse().ok()?, line.to.parse().ok()?)));
        if let Some((from, to)) = &ends {
            self.are_ends(sender, from, to)?;
        }
        let facts = ends.map(|(from, to)| RegistryFacts {
            age_s: self.age_s,
            sender: self.agencies.facts(&from),
            recipient: self.agencies.facts(&to),
        });
        let accepted =
            judge::judge(bytes, Direction::Inbound, self.now, &self.agencies.profiles, facts).map_err(|told| {
                let first = told.findings.iter().find(|finding| finding.severity == "refuse");
                ContentRefused(first.map_or_else(|| told.code.clone(), |finding| finding.code.clone()))
            })?;
        self.is_agreed(sender, agreed::what_of(accepted.referral.kind()))?;
        let line = accepted.referral.summary_line();
        let urgent = accepted.referral.urgency().cannot_wait();
        Ok(Summary {
            referral_id: line.referral_id,
            kind: line.kind.to_owned(),
            urgency: line.urgency.to_owned(),
            haste: if urgent { Haste::Urgent } else { Haste::Ordinary },
            exercise: line.exercise,
            referral: Box::new(accepted.referral),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &[u8] = include_bytes!("../../../tests/samples/01-woman-sex-industry-shelter.json");
    /// 2026-06-01T12:00:00Z, at which the samples are judged.
    const NOW: Timestamp = Timestamp(1_780_315_200);

    const HELPLINE: NodeId = NodeId::from_bytes([1; 32]);
    const SHELTER: NodeId = NodeId::from_bytes([2; 32]);
    const PARTNER: NodeId = NodeId::from_bytes([3; 32]);

    fn judge_at(own: NodeId) -> ContentJudge {
        let agencies = [
            (HELPLINE, "xa.lantern-helpline", "Helpline"),
            (SHELTER, "xa.harbour-house", "NgoShelter"),
            (PARTNER, "xa.north-shelter", "NgoShelter"),
        ];
        let mut all = Agencies::default();
        for (node, id, role) in agencies {
            let record = serde_json::json!({
                "agency_id": id, "names": {"eng": id}, "country": "XA", "roles": [role], "exercise": false
            });
            let record: Record = serde_json::from_value(record).unwrap();
            all.add(Agency { node, status: NodeStatus::Active, record });
        }
        ContentJudge { now: NOW, age_s: 0, own, agencies: Arc::new(all), held: None }
    }

    fn refused(judge: &ContentJudge, sender: &NodeId) -> Option<String> {
        judge.validate(sender, SAMPLE).err().map(|refused| refused.0)
    }

    #[test]
    fn a_referral_comes_from_the_agency_that_signed_it_to_this_one_alone() {
        assert_eq!(refused(&judge_at(SHELTER), &HELPLINE), None);
        assert_eq!(refused(&judge_at(SHELTER), &PARTNER).as_deref(), Some("sender-is-another-agency"));
        assert_eq!(refused(&judge_at(PARTNER), &HELPLINE).as_deref(), Some("addressed-to-another-agency"));
    }

    #[test]
    fn a_sender_without_a_directory_record_is_not_known() {
        assert!(judge_at(SHELTER).knows(&HELPLINE));
        assert!(!judge_at(SHELTER).knows(&NodeId::from_bytes([9; 32])));
    }
}
