//! One subcommand a function, over `safeconduct_certs::authority`; one file for each kind of act.

mod agree;
mod audit;
mod carry;
mod change;
mod decide;
mod found;
mod invite;
mod publish;
mod relay;
mod report;
mod root;
mod standing;
mod witness;

use std::{path::Path, process::ExitCode};

use safeconduct_certs::{
    authority::{AdminError, Office, error::Exit, office::read_root, publish::Told},
    system::{SystemClock, SystemEntropy},
};

use crate::{
    ask::{self, Times},
    cli::{Cli, Command, RelayAct},
    output::{self, Answer, Refusal},
    shell,
};

/// Does what the command line says.
pub(crate) fn run(cli: Cli) -> ExitCode {
    let json = cli.json;
    output::end(Desk { cli: &cli }.act(), json)
}

struct Desk<'c> {
    cli: &'c Cli,
}

impl Desk<'_> {
    fn act(&self) -> Result<Answer, Refusal> {
        match &self.cli.command {
            Command::Init { country, log_name, witnesses, quorum, .. } => {
                self.init(*country, log_name, &witness::named(witnesses, *quorum)?)
            }
            Command::Relay { act: RelayAct::Add { file } } => self.relay_add(file),
            Command::ExportRoot { out } => self.export_root(out),
            Command::Root { act } => self.root(act),
            Command::Invite(invite) => self.invite(invite),
            Command::Requests { offline } => self.requests(*offline),
            Command::InviteList(list) => self.invite_list(list),
            Command::Approve { agencies, words, offline } => self.approve(agencies, words, *offline),
            Command::Reject { agency, reason, offline } => self.reject(agency, reason, *offline),
            Command::Change(change) => self.change(change),
            Command::Revoke { whom, yes } => self.revoke(whom, *yes),
            Command::Suspend { whom, yes } => self.suspend(whom, *yes),
            Command::Resume(whom) => self.resume(whom),
            Command::Agree(agree) => self.agree(agree),
            Command::Introduce { root, out } => self.introduce(root, out),
            Command::Recognise(recognise) => self.recognise(recognise),
            Command::MinVersion { least, offline } => self.min_version(*least, *offline),
            Command::Import { file, relay } => self.import(file, *relay),
            Command::Export { out, answer, relay } => self.export(out, answer.as_ref(), *relay),
            Command::Publish => self.publish(),
            Command::Timestamp { offline } => self.timestamp(*offline),
            Command::ExportLog { out } => self.export_log(out),
            Command::WitnessKey { out } => self.witness_key(out),
            Command::Witness { root, log, out } => self.witness(root, log, out),
            Command::Cosignature { file, offline } => self.cosignature(file, *offline),
            Command::MinSuite { suite, yes, offline } => self.min_suite(*suite, *yes, *offline),
            Command::Policy => self.policy(),
            Command::Status => self.status(),
            Command::Audit(args) => self.audit(args),
            Command::Page(wanted) => crate::page::run(self.open()?, self.folder()?, wanted, self.cli.json),
            Command::Completions { shell } => Ok(shell::completions(*shell)),
            Command::Man { out } => shell::man(out.as_deref()),
        }
    }

    fn folder(&self) -> Result<&Path, Refusal> {
        let remedy = "give --dir DIR, or set SAFECONDUCT_ADMIN_DIR";
        let missing =
            || Refusal::new(Exit::Usage, "no-dir", "it is not said where the authority's directory is", remedy);
        self.cli.dir.as_deref().ok_or_else(missing)
    }

    fn open(&self) -> Result<Office, Refusal> {
        // Said before a passphrase is asked for.
        read_root(self.folder()?)?;
        self.open_with(&ask::passphrase(self.cli.passphrase_file.as_deref(), Times::Once)?)
    }

    fn open_with(&self, passphrase: &str) -> Result<Office, Refusal> {
        Ok(Office::open(self.folder()?, passphrase.as_bytes(), Box::new(SystemClock), Box::new(SystemEntropy))?)
    }
}

fn tell(office: &mut Office, offline: bool, answer: Answer) -> Result<Answer, Refusal> {
    if offline {
        return Ok(answer);
    }
    let told = told(office);
    finish(told, answer)
}

fn told(office: &mut Office) -> Result<Vec<Told>, Refusal> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        let fact = format!("no connection can be made: {}", error.kind());
        Refusal::new(Exit::NotReady, "no-runtime", fact, "check this machine's limits on open files")
    })?;
    let told = runtime.block_on(office.tell_relays())?;
    for abroad in runtime.block_on(office.tell_abroad())? {
        if let Err(error) = abroad.outcome {
            output::say(&format!(
                "safeconduct: the relay of {} at {} was not told: {error}; it takes our registry once its authority \
                 recognises ours",
                abroad.country, abroad.address
            ));
        }
    }
    Ok(told)
}

fn finish(told: Result<Vec<Told>, Refusal>, answer: Answer) -> Result<Answer, Refusal> {
    let told = match told {
        Ok(told) => told,
        Err(refusal) => return Err(refusal.after(answer)),
    };
    let failures = told.into_iter().filter_map(|told| told.outcome.err().map(|error| (told.relay.address, error)));
    // Tampering first, whatever else there is; and that nobody takes it goes before that one relay is away.
    let worst = failures.max_by_key(|(_, error)| (error.exit() as u8, matches!(error, AdminError::Quorum { .. })));
    match worst {
        None => Ok(answer),
        Some((address, error)) => Err(Refusal::from(error).at(&address).after(answer)),
    }
}
