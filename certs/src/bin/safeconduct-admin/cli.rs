//! The command line as it is typed.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use safeconduct_certs::node::Role;
use safeconduct_protocol::id::AgencyId;

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
    /// Invite an agency; prints the code to give to its operator.
    Invite(Invite),
    /// Invite all agencies of a file, as on an authority's first day; prints a code for each.
    InviteList {
        /// A JSON list of `{"agency_id", "names": {"eng": …}, "country", "roles": […], "exercise": false}`.
        file: PathBuf,
        /// How many days the codes may be used.
        #[arg(long, default_value_t = 7)]
        days: u32,
        /// Write it down only; `publish` tells the relays.
        #[arg(long)]
        offline: bool,
    },
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
    /// Take a registration back for ever.
    Revoke {
        #[command(flatten)]
        whom: Whom,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
    /// Take a registration back for a time.
    Suspend(Whom),
    /// Give a suspended registration back.
    Resume(Whom),
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

/// An invitation.
#[derive(Args)]
pub(crate) struct Invite {
    /// The agency's id, for ever: two letters, a dot, a name.
    #[arg(long)]
    pub(crate) agency: AgencyId,
    /// A name, after its language's three letters; may be repeated.
    #[arg(long = "name", required = true, value_name = "LANG=NAME", value_parser = name)]
    pub(crate) names: Vec<(String, String)>,
    /// What the agency does, as referrals call it; may be repeated.
    #[arg(long = "role", required = true, value_name = "ROLE", value_parser = role)]
    pub(crate) roles: Vec<Role>,
    /// Where it works, two capital letters; without it, the first two letters of its id.
    #[arg(long, value_parser = country)]
    pub(crate) country: Option<[u8; 2]>,
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

/// What is audited.
#[derive(Args)]
pub(crate) struct AuditArgs {
    /// A proof file of a node instead: confirmed (exit 0) or refused (exit 1) with nothing but the file; no authority, no
    /// passphrase, no network is needed.
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

fn name(text: &str) -> Result<(String, String), &'static str> {
    let (language, name) = text.split_once('=').ok_or("LANG=NAME is needed, as in eng=Harbour House")?;
    if language.len() == 3 && language.bytes().all(|b| b.is_ascii_lowercase()) {
        Ok((language.to_owned(), name.to_owned()))
    } else {
        Err("the language is three small letters (ISO 639-3), as in eng")
    }
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_name(text).ok_or_else(|| {
        let names: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("no such role; there are {}", names.join(", "))
    })
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
    }
}
