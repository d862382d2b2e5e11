//! The command line as it is typed.

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};
use safeconduct_certs::{node::Role, registry::terms::What, utc};
use safeconduct_protocol::{id::AgencyId, time::Timestamp};

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
    /// Tell the relays everything that they do not know yet.
    Publish,
    /// Sign a fresh timestamp and publish it: every six hours, from a timer.
    Timestamp {
        /// Sign only; `publish` tells the relays.
        #[arg(long)]
        offline: bool,
    },
    /// Show what is registered, invited, and still to be published.
    Status,
    /// Show what was done and refused here.
    Audit,
    /// Serve a page for a browser on this machine, with the common acts.
    Page(Page),
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

/// The page.
#[derive(Args)]
pub(crate) struct Page {
    /// The port on 127.0.0.1; without it, one that is free.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1024..))]
    pub(crate) port: Option<u16>,
    /// Close after so many minutes without use (or seconds, as in 90s); the keys go from memory then.
    #[arg(long, value_name = "MINUTES", default_value = "15", value_parser = idle)]
    pub(crate) lock_after: Duration,
    /// Open the page in this desktop's browser.
    #[arg(long)]
    pub(crate) open: bool,
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

/// At most a working day.
fn idle(text: &str) -> Result<Duration, &'static str> {
    let (number, unit_s) = text.strip_suffix('s').map_or((text, 60), |number| (number, 1));
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit_s));
    let seconds = seconds.filter(|seconds| (1..=12 * 60 * 60).contains(seconds));
    seconds.map(Duration::from_secs).ok_or("1 to 720 minutes are needed")
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
