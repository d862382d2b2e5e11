//! Who a registered node is: its roles, keys, status and history, as the replayed registry says.

use core::fmt;

use safeconduct_protocol::{
    crypto::sign::VerifyingKey,
    id::{KeyId, LeafHash, MailboxId, NodeId, RelayId},
    time::Timestamp,
};

macro_rules! roles {
    ($($bit:literal $name:ident $doc:literal),* $(,)?) => {
        /// What an agency does, in the order of the referral schema's list: the place is the bit in a leaf.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum Role {
            $(#[doc = $doc] $name,)*
        }

        impl Role {
            /// Every role, in order.
            pub const ALL: [Self; 24] = [$(Self::$name,)*];

            /// Place of the role's bit, 0 to 23.
            #[must_use]
            pub const fn bit(self) -> u32 {
                match self { $(Self::$name => $bit,)* }
            }

            /// The name as the referral schema and directory records write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name),)* }
            }
        }
    };
}

roles! {
    0 NgoShelter "A shelter run by a non-governmental organisation.",
    1 NgoSupport "Support outside a shelter.",
    2 Helpline "A telephone or chat line.",
    3 HealthService "Medical care.",
    4 SocialService "Public social care.",
    5 ChildProtection "Protection of children.",
    6 Guardianship "Guardians of unaccompanied children.",
    7 LegalAid "Lawyers and legal advice.",
    8 LabourInspectorate "Inspection of work places.",
    9 Police "Police.",
    10 BorderGuard "Border guard.",
    11 Prosecution "Public prosecution.",
    12 WitnessProtection "Protection of witnesses.",
    13 ImmigrationAuthority "Residence and immigration.",
    14 AsylumAuthority "Asylum.",
    15 CompetentAuthority "The authority that identifies trafficked persons.",
    16 Embassy "An embassy or consulate.",
    17 IomMission "A mission of the International Organization for Migration.",
    18 UnhcrMission "A mission of the UN refugee agency.",
    19 RedCrossCrescent "A Red Cross or Red Crescent society.",
    20 InternationalOrganisation "Another international organisation.",
    21 EducationTraining "Schooling and training.",
    22 NrmCoordinator "Co-ordination of a national referral mechanism.",
    23 NationalRapporteur "The national rapporteur.",
}

impl Role {
    /// The role of this name, exactly as [`Role::as_str`] writes it.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const RELAY_BIT: u32 = 1 << 31;
const EXERCISE_BIT: u32 = 1 << 30;
const AGENCY_BITS: u32 = (1 << 24) - 1;

/// The `roles` field of a leaf: either an agency with at least one role, or a relay.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Roles(u32);

impl Roles {
    /// A relay's.
    pub const RELAY: Self = Self(RELAY_BIT);

    /// An agency's; `None` without a role.
    #[must_use]
    pub fn agency(roles: &[Role], exercise: Exercise) -> Option<Self> {
        let bits = roles.iter().fold(0, |bits, role| bits | 1_u32.checked_shl(role.bit()).unwrap_or(0));
        let exercise = match exercise {
            Exercise::Yes => EXERCISE_BIT,
            Exercise::No => 0,
        };
        (bits != 0).then_some(Self(bits | exercise))
    }

    /// Reads the field; `None` for bits that mean nothing, an agency without roles, or a relay with roles.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Option<Self> {
        let agency = bits & AGENCY_BITS != 0;
        let relay = bits & RELAY_BIT != 0;
        let known = bits & !(AGENCY_BITS | RELAY_BIT | EXERCISE_BIT) == 0;
        if known && agency != relay { Some(Self(bits)) } else { None }
    }

    /// The field as it is signed.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether this is a relay.
    #[must_use]
    pub const fn is_relay(self) -> bool {
        self.0 & RELAY_BIT != 0
    }

    /// Whether this is an exercise node.
    #[must_use]
    pub const fn is_exercise(self) -> bool {
        self.0 & EXERCISE_BIT != 0
    }

    /// Whether the agency has this role.
    #[must_use]
    pub fn has(self, role: Role) -> bool {
        self.0 & 1_u32.checked_shl(role.bit()).unwrap_or(0) != 0
    }

    /// The agency's roles, in order.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.into_iter().filter(move |role| self.has(*role))
    }
}

/// Whether an agency takes part in exercises only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exercise {
    /// Training only: real referrals never go here.
    Yes,
    /// An agency that helps persons.
    No,
}

/// Whether a node may take part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeStatus {
    /// It may.
    Active,
    /// Not now.
    Suspended,
    /// Never again under this node id.
    Revoked {
        /// From when on, as the authority says; a leaf takes effect as soon as it is seen, whatever this says.
        effective: Timestamp,
    },
}

/// Who said yes to a change of keys, beside the authority.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ChangedBy {
    /// The identity key until then: an ordinary renewal.
    IdentityKey,
    /// The succession key on paper: the identity key was lost, or somebody else may have it.
    SuccessionKey,
    /// Nobody: the authority alone.
    Authority,
}

/// A key that the node used before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormerKey {
    /// The key.
    pub key: VerifyingKey,
    /// Index of the leaf that replaced it.
    pub replaced_at: u64,
    /// Who replaced it.
    pub by: ChangedBy,
    /// What it signed before counts while the authority's signed time has not passed this: after an ordinary renewal as long as
    /// an envelope can be under way, otherwise never.
    pub counts_until: Option<Timestamp>,
}

/// A place where the node's envelopes waited before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormerHome {
    /// At which relay.
    pub relay: RelayId,
    /// In which mailbox.
    pub mailbox: MailboxId,
    /// The node may still collect there while the authority's signed time has not passed this.
    pub open_until: Timestamp,
}

/// A change of keys that only the authority signed: it waits 72 hours, visibly.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PendingChange {
    /// Index of the leaf.
    pub index: u64,
    /// The new identity key.
    pub ik: VerifyingKey,
    /// When it takes effect, measured by the authority's signed timestamps and never by the local clock.
    pub from: Timestamp,
}

/// A node as the registry has it now.
#[derive(Clone, Debug)]
pub struct NodeState {
    /// Constant over key changes.
    pub id: NodeId,
    /// Current identity key; a relay's receipt key.
    pub ik: VerifyingKey,
    /// Its key id.
    pub key_id: KeyId,
    /// The succession key on paper; none for a relay.
    pub succession: Option<VerifyingKey>,
    /// SHA-256 of the SubjectPublicKeyInfo of the key that it proves in TLS.
    pub tls_spki: [u8; 32],
    /// Relay where its mailbox is; its own number for a relay.
    pub home_relay: RelayId,
    /// Its mailbox; zero for a relay.
    pub mailbox: MailboxId,
    /// What it does.
    pub roles: Roles,
    /// Suites that it opens: bit 0 is suite 1.
    pub suites: u32,
    /// Commitment to its directory record.
    pub directory: [u8; 32],
    /// Whether it may take part.
    pub status: NodeStatus,
    /// Index of its first leaf.
    pub added_at: u64,
    /// Index of its newest leaf.
    pub last_index: u64,
    /// Hash of its newest leaf.
    pub last_leaf: LeafHash,
    /// `effective` of its newest leaf.
    pub last_effective: Timestamp,
    /// Keys that it used before, oldest first.
    pub former_keys: Vec<FormerKey>,
    /// Places where its envelopes waited before, oldest first.
    pub former_homes: Vec<FormerHome>,
    /// A key change by the authority alone that has not taken effect.
    pub pending: Option<PendingChange>,
    /// Whether the current key came by the authority alone: shown to everybody.
    pub authority_override: bool,
}

impl NodeState {
    /// Whether it may take part now.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == NodeStatus::Active
    }

    /// Whether it is a relay.
    #[must_use]
    pub const fn is_relay(&self) -> bool {
        self.roles.is_relay()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_its_place_in_the_list() {
        for (place, role) in (0..).zip(Role::ALL) {
            assert_eq!(role.bit(), place);
            assert_eq!(Role::from_name(role.as_str()), Some(role));
        }
        assert_eq!(Role::from_name("ngoshelter"), None);
    }

    #[test]
    fn roles_are_an_agencys_or_a_relays_and_no_unknown_bit_is_taken() {
        let roles = Roles::agency(&[Role::NgoShelter, Role::NationalRapporteur], Exercise::Yes).unwrap();
        assert_eq!(roles.bits(), 1 | 1 << 23 | 1 << 30);
        assert_eq!(Roles::from_bits(roles.bits()), Some(roles));
        assert_eq!(roles.iter().collect::<Vec<_>>(), [Role::NgoShelter, Role::NationalRapporteur]);
        assert_eq!(Roles::agency(&[], Exercise::No), None);
        for bad in [0, 1 << 24, 1 << 29 | 1, 1 << 30, 1 << 31 | 1] {
            assert_eq!(Roles::from_bits(bad), None, "{bad:#x}");
        }
        assert_eq!(Roles::from_bits(1 << 31), Some(Roles::RELAY));
    }

    #[test]
    fn an_exercise_stays_one_in_every_form() {
        let real = Roles::agency(&[Role::NgoShelter], Exercise::No).unwrap();
        let exercise = Roles::agency(&[Role::NgoShelter], Exercise::Yes).unwrap();
        assert!(exercise.is_exercise() && !real.is_exercise() && !Roles::RELAY.is_exercise());
        assert!(Roles::from_bits(exercise.bits()).unwrap().is_exercise());
        assert!(!Roles::from_bits(real.bits()).unwrap().is_exercise());
    }
}
