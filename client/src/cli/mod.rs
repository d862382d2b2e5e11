//! The command `safeconduct`: one command a file; `output` alone writes to stdout and stderr.

use std::{ffi::OsString, path::PathBuf};

use clap::{CommandFactory as _, Parser, Subcommand, error::ErrorKind};
use safeconduct_certs::{
    command_line,
    system::{CORE_DUMPS_ON, no_core_dumps},
};
use safeconduct_protocol::id::AgencyId;

use crate::{config::RelayAddress, error::Told, exit::Exit};

mod ask;
mod audit;
mod backup;
mod check;
mod closed;
mod completions;
mod consent;
mod daemon;
mod directory;
mod doctor;
mod document;
mod draft;
mod enquire;
mod enrol;
mod evidence;
mod export;
mod file;
mod import;
mod inbox;
mod init;
#[cfg(test)]
mod irreversible;
mod key;
mod lock;
mod man;
mod output;
mod page;
mod page_at;
mod passphrase;
mod people;
mod ping;
mod post;
mod profile;
mod progress;
mod receipts;
mod referral;
mod registry;
mod report;
mod resend;
mod restore;
mod seen;
mod send;
mod send_again;
mod show;
mod status;
mod token;
mod verbs;
mod words;

use output::Output;

/// Safeconduct: refer trafficked persons between agencies, end-to-end encrypted, with signed receipts.
#[derive(Parser)]
#[command(name = "safeconduct", version, about, long_about = None, propagate_version = true, after_help = AFTER_HELP)]
struct Cli {
    /// Folder that holds this node's vault, configuration and socket.
    #[arg(long, global = true, env = "SAFECONDUCT_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// Answer with one JSON object on stdout.
    #[arg(long, global = true)]
    json: bool,
    /// File that holds the vault's passphrase; else the systemd credential `passphrase`, else a prompt.
    #[arg(long, global = true, env = "SAFECONDUCT_PASSPHRASE_FILE", value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "Exit codes: 0 done, 1 refused by a rule, 2 wrong usage, 3 not ready, \
    4 unreachable (a retry helps), 5 tampering found (stop, and phone your authority).";

#[derive(Subcommand)]
enum Command {
    /// Make this node's keys and its encrypted vault.
    Init(init::Args),
    /// Enrol this node with an invitation code of your authority.
    Enrol(enrol::Args),
    /// Run the node: send, receive, acknowledge. Stays in the foreground.
    Daemon,
    /// Check a referral file by itself, without registry and without sending it.
    Check(check::Args),
    /// Send a referral to an agency.
    Send(send::Args),
    /// Send a message again that failed or got no receipt in time; the recipient shows it once.
    SendAgain(send_again::Args),
    /// Note that somebody has seen a message that failed or expired: its alarm ends.
    Seen(seen::Args),
    /// List the messages that came in.
    Inbox(inbox::Args),
    /// Ask one agency or several for help, without names.
    Enquire(enquire::Args),
    /// What is said beside a referral's acts: notes, questions, answers, where things stand.
    #[command(subcommand)]
    Post(post::Command),
    /// Consents that persons take back.
    #[command(subcommand)]
    Consent(consent::Command),
    /// What becomes of referrals: list them, accept, decline, ask, close, withdraw.
    #[command(subcommand)]
    Referral(referral::Command),
    /// Files that go with referrals: attach, list, fetch, save.
    #[command(subcommand)]
    Document(document::Command),
    /// Show one message whole.
    Show(show::Args),
    /// Show what waits, what was sent and what arrived, and how the node stands.
    Status(status::Args),
    /// List the receipts of one message.
    Receipts(receipts::Args),
    /// List the registered agencies, search them, or show one.
    Directory(directory::Args),
    /// Send an agency's node an empty sealed message and wait for its signed receipt.
    Ping(ping::Args),
    /// Try everything that sending needs, and say in plain words what is wrong.
    Doctor,
    /// Renew this node's keys, and show where a change of them stands.
    #[command(subcommand)]
    Key(key::Command),
    /// Write a sealed backup of this node to a file, also while the daemon runs; or try one.
    Backup(backup::Args),
    /// Put a backup back into an empty data folder, on this or another machine; or accept a vault that was put back.
    Restore(restore::Args),
    /// Send again what an agency has lost that was restored from a backup.
    Resend(resend::Args),
    /// Say where the page for people is, in a browser on this machine.
    Page(page_at::Args),
    /// Lock what persons may read through the running daemon; it goes on receiving.
    Lock,
    /// Open it again with the passphrase.
    Unlock,
    /// Change the vault's passphrase; the daemon must be stopped.
    Passphrase(passphrase::Args),
    /// Export and verify evidence.
    #[command(subcommand)]
    Evidence(evidence::Command),
    /// Who works at this agency, and what each may do.
    #[command(subcommand)]
    People(people::Command),
    /// Programs that may use this node through the local API.
    #[command(subcommand)]
    Token(token::Command),
    /// What countries' laws make stricter, and what must be reported there.
    #[command(subcommand)]
    Profile(profile::Command),
    /// What this node can prove about the authority's registry.
    #[command(subcommand)]
    Registry(registry::Command),
    /// How many persons were referred, never who: count a period, release it, add up what agencies released.
    #[command(subcommand)]
    Report(report::Command),
    /// Write referrals for another case management system.
    #[command(subcommand)]
    Export(export::Command),
    /// Read what another case management system has written.
    #[command(subcommand)]
    Import(import::Command),
    /// Print a shell's completion script.
    Completions(completions::Args),
    /// Write the manual pages.
    Man(man::Args),
}

impl Command {
    /// Works without a node's folder.
    const fn needs_no_node(&self) -> bool {
        if let Self::Backup(args) = self {
            return args.needs_no_node();
        }
        if let Self::Report(command) = self {
            return command.needs_no_node();
        }
        if let Self::Profile(command) = self {
            return command.needs_no_node();
        }
        matches!(
            self,
            Self::Check(_)
                | Self::Import(_)
                | Self::Evidence(evidence::Command::Verify { .. })
                | Self::Completions(_)
                | Self::Man(_)
        )
    }
}

/// What every command needs to know.
struct Context {
    data: PathBuf,
    passphrase_file: Option<PathBuf>,
    output: Output,
}

/// Runs the command line and returns its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    if no_core_dumps().is_err() {
        Output::new(false).say(&format!("safeconduct: warning: {CORE_DUMPS_ON}"));
    }
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return not_parsed(&arguments, &error),
    };
    let output = Output::new(cli.json);
    let data = match cli.data.map_or_else(default_data, Ok) {
        Ok(data) => data,
        // Checking and verifying are for anyone, anywhere.
        Err(_) if cli.command.needs_no_node() => PathBuf::new(),
        Err(told) => return output.refuse(&told),
    };
    let context = Context { data, passphrase_file: cli.passphrase_file, output };
    match dispatch(&context, cli.command) {
        Ok(exit) => exit,
        Err(told) => context.output.refuse(&told),
    }
}

fn dispatch(context: &Context, command: Command) -> Result<Exit, Told> {
    match command {
        Command::Init(args) => init::run(context, args),
        Command::Enrol(args) => enrol::run(context, args),
        Command::Daemon => daemon::run(context),
        Command::Check(args) => check::run(context, &args),
        Command::Send(args) => send::run(context, args),
        Command::SendAgain(args) => send_again::run(context, args),
        Command::Seen(args) => seen::run(context, args),
        Command::Inbox(args) => inbox::run(context, args),
        Command::Enquire(args) => enquire::run(context, args),
        Command::Post(command) => post::run(context, command),
        Command::Consent(command) => consent::run(context, command),
        Command::Referral(command) => referral::run(context, command),
        Command::Document(command) => document::run(context, command),
        Command::Show(args) => show::run(context, args),
        Command::Status(args) => status::run(context, args),
        Command::Receipts(args) => receipts::run(context, args),
        Command::Directory(args) => directory::run(context, args),
        Command::Ping(args) => ping::run(context, args),
        Command::Doctor => doctor::run(context),
        Command::Key(command) => key::run(context, command),
        Command::Backup(args) => backup::run(context, args),
        Command::Restore(args) => restore::run(context, args),
        Command::Resend(args) => resend::run(context, args),
        Command::Page(args) => page_at::run(context, &args),
        Command::Lock => lock::lock(context),
        Command::Unlock => lock::unlock(context),
        Command::Passphrase(args) => passphrase::run(context, args),
        Command::Evidence(command) => evidence::run(context, command),
        Command::People(command) => people::run(context, command),
        Command::Token(command) => token::run(context, command),
        Command::Profile(command) => profile::run(context, command),
        Command::Registry(command) => registry::run(context, command),
        Command::Report(command) => report::run(context, command),
        Command::Export(command) => export::run(context, command),
        Command::Import(command) => import::run(context, command),
        Command::Completions(args) => completions::run(context, args),
        Command::Man(args) => man::run(context, &args),
    }
}

/// Help and version are answers; anything else that clap says is a usage error, in JSON when `--json` was typed.
fn not_parsed(arguments: &[OsString], error: &clap::Error) -> Exit {
    let output = Output::new(arguments.iter().any(|argument| argument == "--json"));
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return output.answer_text(&error.render().to_string());
    }
    let text = error.render().to_string();
    if let Some(remedy) = closed::remedy(error) {
        return output.refuse(&Told::usage(command_line::fact(&text), remedy));
    }
    let missing = error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
    let fact = if missing { "a command is missing".to_owned() } else { command_line::fact(&text) };
    output.refuse(&Told::usage(fact, "run `safeconduct --help`, or `safeconduct COMMAND --help`"))
}

/// `$STATE_DIRECTORY` under systemd, else the user's data folder.
fn default_data() -> Result<PathBuf, Told> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("STATE_DIRECTORY")
        .or_else(|| folder("XDG_DATA_HOME").map(|base| base.join("safeconduct")))
        .or_else(|| folder("HOME").map(|home| home.join(".local/share/safeconduct")))
        .ok_or_else(|| Told::usage("there is no data folder", "name one with --data DIR or SAFECONDUCT_DATA"))
}

fn command() -> clap::Command {
    Cli::command()
}

fn agency(text: &str) -> Result<AgencyId, String> {
    text.parse::<AgencyId>().map_err(|error| error.to_string())
}

fn relay(text: &str) -> Result<RelayAddress, String> {
    text.parse::<RelayAddress>().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn every_command_takes_the_global_options_on_either_side() {
        for line in [
            "safeconduct --data d --json inbox",
            "safeconduct inbox --data d --json",
            "safeconduct document watch 0123abcd --wait 60",
            "safeconduct inbox --limit 20 --after 7",
            "safeconduct status --limit 20 --after 7",
            "safeconduct send f.json --to xa.harbour-house --data d",
            "safeconduct send f.json --to xa.harbour-house --by Anna --second Boris --second-secret-file f",
            "safeconduct people add Anna --role caseworker --role admin",
            "safeconduct people list --all --json",
            "safeconduct people roles Anna --role intake --by Boris --by-secret-file f",
            "safeconduct referral draft new form.json --to xa.harbour-house --by Anna",
            "safeconduct referral draft show 0a1b --out f",
            "safeconduct referral draft edit 0a1b - --json",
            "safeconduct enrol CODE --relay r:1 --no-wait",
            "safeconduct directory",
            "safeconduct directory search --service EmergencyShelter --language ron --country RO --age child",
            "safeconduct directory show xa.harbour-house --json",
            "safeconduct evidence export 00 --out f --with-content",
            "safeconduct evidence list",
            "safeconduct profile install f --yes --by Anna --by-secret-file s",
            "safeconduct evidence list 0123abcd --json",
            "safeconduct evidence report 0123abcd --format html --out f --by Anna",
            "safeconduct evidence report --all --since 2026-01-01 --until 2026-03-31 --format csv --out f",
            "safeconduct backup --out f",
            "safeconduct backup verify f",
            "safeconduct restore f",
            "safeconduct restore --confirm",
            "safeconduct resend xa.harbour-house --yes",
            "safeconduct enquire form.json --to xa.harbour-house --to xa.north-shelter --by Anna",
            "safeconduct consent withdraw 17dbf0fa-850a-4120-86cf-88253a8163c8 --yes",
            "safeconduct referral new-from 0123abcd",
            "safeconduct post note 0123abcd --text hello --to xa.harbour-house",
            "safeconduct post list 0123abcd",
            "safeconduct referral draft send 0a1b --to xa.harbour-house",
            "safeconduct referral list --in --state opened --late --search har",
            "safeconduct referral accept 0123abcd --from 2026-06-03 --yes --json",
            "safeconduct referral decline 0123abcd --reason NoCapacity --suggest xa.north-shelter --yes",
            "safeconduct report compute 2026-Q3",
            "safeconduct report release --out f --yes",
            "safeconduct report schedule on",
            "safeconduct report national a b --csv c",
            "safeconduct report agree xa.nrm-coordinator --indicators M01,M05 --by Anna --yes",
            "safeconduct report end xa.nrm-coordinator",
            "safeconduct report travelling",
            "safeconduct report send 2026-Q3 --yes",
            "safeconduct report received --period 2026-Q3",
            "safeconduct report set-aside xa.harbour-house 2026-Q3 --reason r --yes --by Anna",
            "safeconduct report chart --file a --out b",
            "safeconduct export csv --out f --without-identity",
            "safeconduct import csv f --out d",
            "safeconduct token new desk --scope read --scope act --by Anna",
            "safeconduct token end desk --json",
        ] {
            assert!(Cli::try_parse_from(line.split(' ')).is_ok(), "{line}");
        }
    }

    #[test]
    fn what_lacks_something_or_contradicts_itself_is_refused() {
        for line in [
            "safeconduct backup",
            "safeconduct restore",
            "safeconduct restore f --confirm",
            "safeconduct backup verify",
            "safeconduct evidence report --format html --out f",
            "safeconduct evidence report 0123abcd --all --format html --out f",
            "safeconduct evidence report 0123abcd --since 2026-01-01 --format csv --out f",
            "safeconduct report chart",
            "safeconduct report schedule perhaps",
            "safeconduct inbox --limit 201",
            "safeconduct status --after x",
            "safeconduct status 0123abcd --after 7",
        ] {
            assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
