//! One function for each reader of bytes from outside, and the samples that its fuzzing begins with.

mod authorities;
mod carriage;
mod documents;
mod enrolment;
mod logs;
mod objects;
mod pages;
mod persons;
mod proven;
mod registries;
mod requested;
mod rest;
mod sealed;
mod sessions;
mod settings;
mod transfers;
mod wire;

use crate::input::AS_IT_IS;

/// What a target's corpus begins with, by name.
pub type Seeds = Vec<(String, Vec<u8>)>;

/// One target.
pub struct Target {
    /// Its name: of the function, of the target in `fuzz/` and of its folder there.
    pub name: &'static str,
    /// Reads one input and stops when anything does not hold.
    pub run: fn(&[u8]),
    /// The inputs that its corpus begins with.
    pub seeds: fn() -> Seeds,
}

/// Every sample as it is, by its place: the whole of it in one byte, and in two where a byte says how it is changed.
fn each_sample(count: usize, flags: &[u8]) -> Seeds {
    let one = |at: u8| (format!("sample-{at}"), [&[at], flags].concat());
    (0..u8::try_from(count).unwrap_or(AS_IT_IS)).map(one).collect()
}

/// An input that is taken as it is.
fn as_it_is(name: &str, bytes: &[u8]) -> (String, Vec<u8>) {
    (name.to_owned(), [&[AS_IT_IS], bytes].concat())
}

macro_rules! targets {
    ($($module:ident::$name:ident: $what:literal),* $(,)?) => {
        $(
            #[doc = $what]
            pub fn $name(data: &[u8]) {
                $module::$name::run(data);
            }
        )*

        /// Every target.
        pub const TARGETS: &[Target] =
            &[$(Target { name: stringify!($name), run: $name, seeds: $module::$name::seeds }),*];
    };
}

targets! {
    wire::frames: "Frames of a session: one encoding, and lengths that are judged before anything is held.",
    wire::blob_frames: "Frames of the streams that carry sealed documents.",
    sessions::relay_session: "A relay's end of a session, fed a stream of bytes in pieces.",
    sessions::node_session: "A node's end of a session, fed a stream of bytes in pieces.",
    transfers::node_transfer: "A node's end of a transfer.",
    transfers::relay_transfer: "A relay's end of a transfer.",
    sealed::envelopes: "Sealed envelopes, and what is in them: changed, signed and sealed anew, then opened.",
    objects::contents: "What a message contains: receipts, control, reports, acts.",
    objects::prekeys: "Prekey records, signed anew.",
    objects::receipts: "Receipts, settlements, heads, notices, acts and links of a chain.",
    documents::chunks: "Chunks of sealed documents, what a post says of one, and what a document is by its bytes.",
    documents::pictures: "Pictures that are stripped of all that is not the picture.",
    logs::notes: "Signed notes, checkpoints, timestamps and keys of witnesses.",
    logs::proofs: "Proofs of the log, against the log itself.",
    logs::exports: "Whole logs as files.",
    registries::leaves: "Entries of the registry, signed anew and replayed after the golden log.",
    registries::records: "Directory records, as they are and sealed anew, and drafts of them.",
    enrolment::spoken: "What people type: invitation codes, paper keys, safety words, fingerprints.",
    enrolment::requests: "Sealed requests, answers and requests for changes.",
    authorities::roots: "Root files and proposals of their next version, signed anew.",
    authorities::introductions: "What authorities and relays hand over in files.",
    carriage::carried: "Files that are carried where there is no network.",
    proven::evidence: "Evidence of messages and referrals, and proofs of forks: what verifies was signed.",
    rest::key_files: "Secrets at rest.",
    rest::backups: "Backups, whose content is changed and sealed anew.",
    persons::referrals: "Referrals in JSON: strictly read, judged, written and read again.",
    persons::drafts: "Short forms of referrals, and their completion.",
    persons::tables: "Referrals as CSV.",
    requested::posts: "Posts and details of acts.",
    requested::reports: "Reports of agencies.",
    requested::bodies: "Bodies of requests to the daemon's interfaces.",
    pages::forms: "Forms of the page.",
    pages::uploads: "Forms of the page that bring files, in pieces.",
    settings::profiles: "Country profiles.",
    settings::node_settings: "A node's configuration.",
    settings::relay_settings: "A relay's configuration.",
}
