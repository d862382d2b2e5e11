//! The command line as it is typed.

mod root;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use safeconduct_certs::{
    directory::{
        codes::{AgeBand, Gender, Service, nearest},
        hours::{Always, Hours},
    },
    node::Role,
    registry::terms::What,
    utc,
};
use safeconduct_protocol::{id::AgencyId, time::Timestamp};

pub(crate) use self::root::{RootAct, RootChanges};

const EXIT_CODES: &str = "Exit codes: 0 done, 1 refused by a rule, 2 wrong usage, 3 not ready (passphrase, disk, \
                          another command at work), 4 a relay cannot be reached (the act stands; run `publish` later), \
                          5 tampering found (stop).";

/// The authority's tool: who is registered, under which keys, and until when.
///
/// Everything is kept in one directory and written down before a relay hears of it. When a relay cannot be reached
/// nothing is lost: run `publish` when it answers again.
#[derive(Parser)]
#[command(name = "safeconduct-admin", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    /// The authority's directory.
    #[arg(long, global = true, env = "SAFECONDUCT_ADMIN_DIR", value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Answer with one JSON object.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Read the passphrase from this file; without it, it is asked for on the terminal.
    #[arg(long, global = true, env = "SAFECONDUCT_ADMIN_PASSPHRASE_FILE", value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a new authority: keys and root file.
    Init {
        /// Two capital letters.
        #[arg(long, value_parser = country)]
        country: [u8; 2],
        /// The log's name, for ever: a host name and a path without a scheme.
        #[arg(long, value_name = "NAME")]
        log_name: String,
        /// A witness: `relay.pub` of a relay, or a file with another authority's witness key; may be repeated.
        #[arg(
            long = "witness",
            value_name = "FILE",
            required_unless_present = "no_witness",
            conflicts_with = "no_witness"
        )]
        witnesses: Vec<PathBuf>,
        /// How many witnesses must sign a head; without it, more than half.
        #[arg(long, value_name = "K", requires = "witnesses")]
        quorum: Option<u8>,
        /// Do without witnesses: whoever has the log key can then show two registries to two nodes.
        #[arg(long)]
        no_witness: bool,
    },
    /// Register relays.
    Relay {
        #[command(subcommand)]
        act: RelayAct,
    },
    /// Write the root file, which relays and everybody else may have.
    ExportRoot {
        /// Where to.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Change the authority's own keys and witnesses: a next version of the root file.
    Root {
        #[command(subcommand)]
        act: RootAct,
    },
    /// Invite an agency; prints the code to give to its operator.
    Invite(Box<Invite>),
    /// Invite all agencies of a file, as on an authority's first day; prints a code for each.
    InviteList(InviteList),
    /// Fetch and list the requests that wait.
    Requests {
        /// Only what has come already.
        #[arg(long)]
        offline: bool,
    },
    /// Approve an agency's request with the eight words that its operator reads to you.
    Approve {
        /// Which agency; several, when `--words` is given for each in the same order.
        #[arg(required = true, num_args = 1..)]
        agencies: Vec<AgencyId>,
        /// The eight words as you heard them; the first four letters of each suffice.
        #[arg(long, required = true)]
        words: Vec<String>,
        /// Write it down only; `publish` tells the relays.
        #[arg(long)]
        offline: bool,
    },
    /// Reject an agency's request.
    Reject {
        /// Which agency.
        agency: AgencyId,
        /// What its operator will read.
        #[arg(long, default_value = "")]
        reason: String,
        /// Write it down only; `publish` tells the relays.
        #[arg(long)]
        offline: bool,
    },
    /// Change what the directory says of an agency, or its home relay. Its keys only its own node changes.
    Change(Change),
    /// Take a registration back for ever.
    Revoke {
        #[command(flatten)]
        whom: Whom,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Take a registration back for a time.
    Suspend {
        #[command(flatten)]
        whom: Whom,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Give a suspended registration back.
    Resume(Whom),
    /// Say which roles may send what to which, across which borders, until when; or end an agreement.
    Agree(Agree),
    /// Write the file with which another country's authority can recognise this one.
    Introduce {
        /// Their root file.
        #[arg(long, value_name = "FILE")]
        root: PathBuf,
        /// Where to.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Recognise another country's authority by the file that it made with `introduce`; or end that.
    Recognise(Recognise),
    /// Raise the least version of sessions that relays and nodes take.
    MinVersion {
        /// Which version.
        least: u16,
        /// Write it down only; `publish` tells the relays.
        #[arg(long)]
        offline: bool,
    },
    /// Without a network: read a file of requests, from a node (`safeconduct enrol --out`) or a relay (`safeconduct-relay export`).
    Import {
        /// The file.
        file: PathBuf,
        /// The relay where the node of this file is to have its mailbox, by number; without it, the only one.
        #[arg(long, value_name = "NUMBER")]
        relay: Option<u32>,
    },
    /// Without a network: write everything that a relay must be told, or one agency's answer.
    Export {
        /// Where to.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Only the answer to this agency's request, for its node (`safeconduct enrol --answer`).
        #[arg(long, value_name = "AGENCY")]
        answer: Option<AgencyId>,
        /// For which relay, by number; without it, the only one.
        #[arg(long, value_name = "NUMBER", conflicts_with = "answer")]
        relay: Option<u32>,
    },
    /// Tell the relays everything that they do not know yet.
    Publish,
    /// Sign a fresh timestamp and publish it: every six hours, from a timer.
    Timestamp {
        /// Sign only; `publish` tells the relays.
        #[arg(long)]
        offline: bool,
    },
    /// Write the whole log for who audits or witnesses it; it names no agency.
    ExportLog {
        /// Where to.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Write the key with which this authority cosigns other logs: for the other's `init --witness`.
    WitnessKey {
        /// Where to.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Cosign another authority's head, when its log replays and continues what was signed before.
    Witness {
        /// Its root file; compare the fingerprint by telephone the first time.
        #[arg(long, value_name = "ROOT.SCR")]
        root: PathBuf,
        /// Its log, as `export-log` wrote it there.
        log: PathBuf,
        /// Where the cosigned head goes, for `cosignature` there.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Take over a cosignature that a witness has sent back.
    Cosignature {
        /// The cosigned head.
        file: PathBuf,
        /// Write it down only; `publish` tells the relays.
        #[arg(long)]
        offline: bool,
    },
    /// Retire the suites below this one: nodes that cannot do better are not sent to any more.
    MinSuite {
        /// The least suite that may be used.
        suite: u16,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        /// Write it down only; `publish` tells the relays.
        #[arg(long)]
        offline: bool,
    },
    /// Print log, witnesses and quorum in the form that C2SP tools read (tlog-policy).
    Policy,
    /// Show what is registered, invited, and still to be published.
    Status,
    /// Show what was done and refused here; or confirm the proof of a forked registry.
    Audit(AuditArgs),
    /// Serve a page for a browser on this machine, with the common acts.
    Page(crate::page::Wanted),
    /// Print a completion script.
    Completions {
        /// For which shell.
        shell: clap_complete::Shell,
    },
    /// Print or write the manual pages.
    Man {
        /// A directory for one page a command; without it the main page goes to stdout.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

/// Acts on relays.
#[derive(Subcommand)]
pub(crate) enum RelayAct {
    /// Register the relay that made this file. Then give its operator the root file, and publish.
    Add {
        /// `relay.pub`, made by `safeconduct-relay init`.
        file: PathBuf,
    },
}

/// Several invitations.
#[derive(Args)]
pub(crate) struct InviteList {
    /// A JSON list of records, each with the members of deploy/record.example.toml: `[{"agency_id": …, …}, …]`.
    pub(crate) file: PathBuf,
    /// How many days the codes may be used.
    #[arg(long, default_value_t = 7)]
    pub(crate) days: u32,
    /// Ids of a country that has no authority of its own, too; partners of other authorities never see such agencies.
    #[arg(long)]
    pub(crate) other_country: bool,
    /// Write it down only; `publish` tells the relays.
    #[arg(long)]
    pub(crate) offline: bool,
}

/// An invitation. What the options say stands before what the file says.
#[derive(Args)]
pub(crate) struct Invite {
    /// The agency's record as TOML or JSON, as deploy/record.example.toml shows it.
    #[arg(long, value_name = "FILE")]
    pub(crate) record: Option<PathBuf>,
    /// The agency's id, for ever: two letters, a dot, a name.
    #[arg(long, required_unless_present = "record")]
    pub(crate) agency: Option<AgencyId>,
    /// Invite a registered agency to put a new node in its node's place, when the old one or its key is lost or in other hands.
    #[arg(long, requires = "agency", conflicts_with_all = ["record", "names", "roles", "country", "represents", "other_country", "exercise"])]
    pub(crate) replace: bool,
    /// A name, after its language's three letters; may be repeated.
    #[arg(long = "name", required_unless_present_any = ["record", "replace"], value_name = "LANG=NAME", value_parser = name)]
    pub(crate) names: Vec<(String, String)>,
    /// What the agency does, as referrals call it; may be repeated.
    #[arg(long = "role", required_unless_present_any = ["record", "replace"], value_name = "ROLE", value_parser = role)]
    pub(crate) roles: Vec<Role>,
    /// The id is of a country that has no authority of its own; partners of other authorities never see such an agency.
    #[arg(long)]
    pub(crate) other_country: bool,
    /// Where it works, two capital letters; without it, the first two letters of its id.
    #[arg(long, value_parser = country)]
    pub(crate) country: Option<[u8; 2]>,
    /// An embassy's: whose state it is, two capital letters. Without it, nothing marked against the country of origin goes there.
    #[arg(long, value_parser = country)]
    pub(crate) represents: Option<[u8; 2]>,
    /// What it offers, as referrals call it; may be repeated.
    #[arg(long = "service", value_name = "SERVICE", value_parser = Service::typed)]
    pub(crate) services: Vec<Service>,
    /// A language in which it works without an interpreter, three letters; may be repeated.
    #[arg(long = "language", value_name = "LANG")]
    pub(crate) languages: Vec<String>,
    /// An age band that it serves; may be repeated.
    #[arg(long = "age", value_name = "BAND", value_parser = AgeBand::typed)]
    pub(crate) ages: Vec<AgeBand>,
    /// A gender that it serves; may be repeated.
    #[arg(long = "gender", value_name = "GENDER", value_parser = Gender::typed)]
    pub(crate) genders: Vec<Gender>,
    /// `24/7`; other opening hours stand in the file.
    #[arg(long, value_name = "24/7", value_parser = hours)]
    pub(crate) hours: Option<Hours>,
    /// A telephone number that is answered at any hour.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) phone_always: Option<String>,
    /// The ordinary telephone number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) phone: Option<String>,
    /// For training only: real referrals never go there.
    #[arg(long)]
    pub(crate) exercise: bool,
    /// How many days the code may be used.
    #[arg(long, default_value_t = 7)]
    pub(crate) days: u32,
    /// Write it down only; `publish` tells the relays.
    #[arg(long)]
    pub(crate) offline: bool,
}

/// An agreement.
#[derive(Args)]
pub(crate) struct Agree {
    /// A role that may send; may be repeated.
    #[arg(long = "from", value_name = "ROLE", value_parser = role, required_unless_present = "end")]
    pub(crate) from: Vec<Role>,
    /// A role that may receive; may be repeated.
    #[arg(long = "to", value_name = "ROLE", value_parser = role, required_unless_present = "end")]
    pub(crate) to: Vec<Role>,
    /// Only from agencies of this country; without it, of any.
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) from_country: Option<[u8; 2]>,
    /// Only to agencies of this country; without it, of any.
    #[arg(long, value_name = "COUNTRY", value_parser = country)]
    pub(crate) to_country: Option<[u8; 2]>,
    /// `enquiry` (without names) or `referral`; may be repeated; without it, both.
    #[arg(long, value_parser = what)]
    pub(crate) what: Vec<What>,
    /// The last day, or the moment of its end.
    #[arg(long, value_name = "DATE", value_parser = until)]
    pub(crate) until: Option<Timestamp>,
    /// Replace the agreement of this number; without it, a new one is made.
    #[arg(long)]
    pub(crate) number: Option<u32>,
    /// End the agreement of this number now.
    #[arg(long, value_name = "NUMBER", conflicts_with_all = ["from", "to", "until", "number"])]
    pub(crate) end: Option<u32>,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Write it down only; `publish` tells the relays.
    #[arg(long)]
    pub(crate) offline: bool,
}

/// Another authority.
#[derive(Args)]
pub(crate) struct Recognise {
    /// The file that it made for us with `introduce`.
    #[arg(required_unless_present = "end")]
    pub(crate) file: Option<PathBuf>,
    /// Its fingerprint, as it was read to you over the telephone; without it, you are shown it and asked.
    #[arg(long)]
    pub(crate) fingerprint: Option<String>,
    /// A role of theirs that may send to our agencies; may be repeated; without it, every role.
    #[arg(long = "from", value_name = "ROLE", value_parser = role)]
    pub(crate) from: Vec<Role>,
    /// A role of theirs that our agencies may send to; may be repeated; without it, every role.
    #[arg(long = "to", value_name = "ROLE", value_parser = role)]
    pub(crate) to: Vec<Role>,
    /// `enquiry` (without names) or `referral`; may be repeated; without it, both.
    #[arg(long, value_parser = what)]
    pub(crate) what: Vec<What>,
    /// The last day, or the moment of its end.
    #[arg(long, value_name = "DATE", value_parser = until)]
    pub(crate) until: Option<Timestamp>,
    /// End the recognition of this country now.
    #[arg(long, value_name = "COUNTRY", value_parser = country, conflicts_with_all = ["file", "until"])]
    pub(crate) end: Option<[u8; 2]>,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Write it down only; `publish` tells the relays.
    #[arg(long)]
    pub(crate) offline: bool,
}

/// A change of a registration by the authority.
#[derive(Args)]
pub(crate) struct Change {
    /// Which agency.
    pub(crate) agency: AgencyId,
    /// All of its names from now on, each after its language's three letters; may be repeated.
    #[arg(long = "name", value_name = "LANG=NAME", value_parser = name)]
    pub(crate) names: Vec<(String, String)>,
    /// All that it does from now on, as referrals call it; may be repeated.
    #[arg(long = "role", value_name = "ROLE", value_parser = role)]
    pub(crate) roles: Vec<Role>,
    /// Its whole record of the directory from now on: a JSON file, as in `invite-list`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["names", "roles"])]
    pub(crate) record: Option<PathBuf>,
    /// The number of the relay where its mailbox is from now on.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) relay: Option<u32>,
    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Write it down only; `publish` tells the relays.
    #[arg(long)]
    pub(crate) offline: bool,
}

/// What is audited.
#[derive(Args)]
pub(crate) struct AuditArgs {
    /// A proof file of a node instead: confirmed (exit 0) or refused (exit 1) with nothing but the file: no authority, passphrase or network.
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: Option<PathBuf>,
    /// The proof or the log must be of the authority with this fingerprint.
    #[arg(long, value_name = "TEXT")]
    pub(crate) fingerprint: Option<String>,
    /// An exported log instead: every entry and the head are verified (exit 0, else 5), and listed. No authority, no
    /// passphrase, no network is needed.
    #[arg(long, value_name = "FILE", requires = "root", conflicts_with = "proof")]
    pub(crate) log: Option<PathBuf>,
    /// The root file of the authority whose log it is.
    #[arg(long, value_name = "ROOT.SCR", requires = "log")]
    pub(crate) root: Option<PathBuf>,
}

/// Whose registration.
#[derive(Args)]
pub(crate) struct Whom {
    /// Which agency, or which relay (`xa.relay-1`).
    pub(crate) agency: AgencyId,
    /// Write it down only; `publish` tells the relays.
    #[arg(long)]
    pub(crate) offline: bool,
}

fn country(text: &str) -> Result<[u8; 2], &'static str> {
    match text.as_bytes() {
        [a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok([*a, *b]),
        _ => Err("two capital letters are needed"),
    }
}

fn what(text: &str) -> Result<What, &'static str> {
    [What::Enquiry, What::Referral]
        .into_iter()
        .find(|what| what.as_str() == text)
        .ok_or("enquiry or referral is needed")
}

/// The terms hold through the day or second that is named.
fn until(text: &str) -> Result<Timestamp, &'static str> {
    let last = utc::parse(text).ok_or("a date is needed, as 2027-12-31 or 2027-12-31T12:00:00Z")?;
    Ok(last.after(1))
}

fn name(text: &str) -> Result<(String, String), &'static str> {
    let (language, name) = text.split_once('=').ok_or("LANG=NAME is needed, as in eng=Harbour House")?;
    if language.len() == 3 && language.bytes().all(|b| b.is_ascii_lowercase()) {
        Ok((language.to_owned(), name.to_owned()))
    } else {
        Err("the language is three small letters (ISO 639-3), as in eng")
    }
}

fn role(text: &str) -> Result<Role, String> {
    let names = || Role::ALL.iter().map(|role| role.as_str());
    let same = |role: &Role| role.as_str().eq_ignore_ascii_case(text);
    Role::ALL
        .into_iter()
        .find(same)
        .ok_or_else(|| format!("no such role; the nearest one is {}", nearest(text, names())))
}

fn hours(text: &str) -> Result<Hours, &'static str> {
    Always::try_from(text.to_owned())
        .map(Hours::Always)
        .map_err(|_other| "only 24/7 can be given here; use --record FILE")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn names_and_countries_are_read_or_refused() {
        assert_eq!(name("eng=Harbour = House"), Ok(("eng".to_owned(), "Harbour = House".to_owned())));
        assert!(name("Harbour").is_err());
        assert!(name("en=x").is_err());
        assert_eq!(country("XA"), Ok(*b"XA"));
        assert!(country("xa").is_err());
        assert!(country("XAA").is_err());
        assert!(role("Shelter").unwrap_err().contains("NgoShelter"));
        assert_eq!(role("ngoshelter"), Ok(Role::NgoShelter));
    }
}
