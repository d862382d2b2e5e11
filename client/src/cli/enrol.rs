//! `enrol CODE [--language LANG] [--relay HOST:PORT] [--practice] [--no-wait]`, and without a network `enrol CODE --root FILE --out FILE`, then
//! `enrol --answer FILE`.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use safeconduct_certs::{
    enrol::{code::InviteCode, paper::PaperKey, words::Language},
    system::SystemClock,
};
use zeroize::Zeroizing;

use super::{Context, ask, init::paper as on_paper, output::Words};
use crate::{
    api::{client::Api, shapes::Enrolled},
    config::{Config, RelayAddress},
    daemon::{self, Node, SUCCESSION_LOST},
    enrol::{self, Progress, Purpose},
    error::Told,
    exit::Exit,
};

/// Pause between two looks for the authority's answer.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// What to do when the answer could not be written.
const RUN_AGAIN: &str = "run the same command again: it goes on where it stopped";

#[derive(clap::Args)]
pub(super) struct Args {
    /// The invitation code: 45 letters and digits in nine groups.
    #[arg(required_unless_present = "answer")]
    code: Option<String>,
    /// The language in which you read the safety words: eng, fra, deu, ita, rus or spa; without it, this system's.
    #[arg(long, value_name = "LANG", value_parser = language)]
    language: Option<Language>,
    /// The relay that your authority named.
    #[arg(long, value_name = "HOST:PORT", value_parser = super::relay)]
    relay: Option<RelayAddress>,
    /// This node takes the place of one that is lost, whose succession key is on paper; the code is for that.
    #[arg(long)]
    paper: bool,
    /// Read the succession key from this file; without it, it is asked for on the terminal.
    #[arg(long, value_name = "FILE", requires = "paper")]
    paper_file: Option<PathBuf>,
    /// This folder is for exercises in a practice world, and for nothing else, for good.
    #[arg(long, conflicts_with = "answer")]
    practice: bool,
    /// Do not wait for the authority: run the same command again later.
    #[arg(long)]
    no_wait: bool,
    /// Without a network: write the request into this file, for the authority.
    #[arg(long, value_name = "FILE", requires = "root", conflicts_with = "paper")]
    out: Option<PathBuf>,
    /// Without a network: the authority's root file (`safeconduct-admin export-root`). It must be the one that the code names.
    #[arg(long, value_name = "FILE", requires = "out")]
    root: Option<PathBuf>,
    /// Without a network: the file with the authority's answer.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["code", "out", "no_wait", "relay"])]
    answer: Option<PathBuf>,
}

/// The code, and what is to be done with it.
struct Plan {
    invite: InviteCode,
    purpose: Purpose,
    relay: Option<RelayAddress>,
    language: Language,
    paper: Option<PaperKey>,
    no_wait: bool,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let language = args.language.unwrap_or_else(own_language);
    let code = args.code.map(Zeroizing::new);
    let invite = code.map(|code| enrol::parse_code(&code)).transpose()?;
    if Api::reach(&context.data)?.is_some() {
        return Err(Told::not_ready(
            "daemon-runs",
            "the daemon of this node is running",
            "stop it, enrol, and start it again; an enrolment under way it finishes by itself",
        ));
    }
    let paper = match args.paper {
        true => Some(enrol::parse_paper(&ask::paper(args.paper_file.as_deref())?)?),
        false => None,
    };
    let config = Config::load(&context.data)?;
    if let Some(answer) = args.answer {
        return take(context, config, language, &answer);
    }
    let invite = invite.ok_or_else(|| Told::usage("the invitation code is missing", "run `safeconduct enrol CODE`"))?;
    let purpose = if args.practice { Purpose::Practice } else { Purpose::Work };
    let plan = Plan { invite, purpose, relay: args.relay, language, paper, no_wait: args.no_wait };
    match (args.out, args.root) {
        (Some(out), Some(root)) => write(context, config, &plan, &root, &out),
        _ => over_the_network(context, config, &plan),
    }
}

fn over_the_network(context: &Context, config: Config, plan: &Plan) -> Result<Exit, Told> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Told::not_ready("no-runtime", format!("the system gives no event loop: {}", error.kind()), "try again")
    })?;
    let clock = Arc::new(SystemClock);
    if Node::look(&context.data).is_err() {
        // A code that serves nobody leaves nothing behind: neither a vault nor a succession key on paper.
        let relay = plan.relay.clone().or_else(|| config.relay.clone()).ok_or_else(daemon::no_relay)?;
        runtime.block_on(enrol::may_begin(&plan.invite, plan.purpose, relay.as_str(), clock.clone()))?;
    }
    let mut node = open_or_make(context, &plan.relay, config)?;
    runtime.block_on(async {
        let mut shown = false;
        loop {
            let progress = enrol::step(
                &mut node,
                &plan.invite,
                plan.purpose,
                plan.relay.as_ref(),
                plan.paper.as_ref(),
                clock.clone(),
            )
            .await?;
            let enrolled = node.enrolled(progress, plan.language)?;
            if !shown && progress == Progress::Waiting {
                context.output.say(&announcement(&enrolled, plan.language));
                if !plan.no_wait {
                    context.output.say(WAITING);
                }
                shown = true;
            }
            if plan.no_wait || progress == Progress::Approved {
                return Ok(context.output.answer_once(&enrolled, RUN_AGAIN));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    })
}

/// The request into a file.
fn write(context: &Context, config: Config, plan: &Plan, root: &Path, out: &Path) -> Result<Exit, Told> {
    let root = enrol::root_from_file(&plan.invite, plan.purpose, root)?;
    let address = plan.relay.clone().or_else(|| config.relay.clone()).ok_or_else(daemon::no_relay)?;
    let mut node = open_or_make(context, &plan.relay, config)?;
    let progress = enrol::write_request(&mut node, &plan.invite, &root, address.as_str(), out)?;
    let mut enrolled = node.enrolled(progress, plan.language)?;
    if progress == Progress::Waiting {
        context.output.say(&announcement(&enrolled, plan.language));
        enrolled.out = Some(out.display().to_string());
    }
    Ok(context.output.answer_once(&enrolled, RUN_AGAIN))
}

/// The answer out of a file.
fn take(context: &Context, config: Config, language: Language, answer: &Path) -> Result<Exit, Told> {
    Node::look(&context.data)?;
    let passphrase = ask::passphrase(context)?;
    let mut node = Node::open_with(&context.data, &passphrase, config)?;
    let progress = enrol::take_answer(&mut node, answer)?;
    let enrolled = node.enrolled(progress, language)?;
    Ok(context.output.answer_once(&enrolled, RUN_AGAIN))
}

fn language(text: &str) -> Result<Language, String> {
    let codes = || Language::ALL.map(Language::code).join(", ");
    Language::from_code(text).ok_or_else(|| format!("there are safety words in {}", codes()))
}

/// The language of this system's messages where there are words in it, else English.
fn own_language() -> Language {
    locale().and_then(|locale| Language::of_locale(&locale)).unwrap_or(Language::English)
}

/// The locale of this system's messages, if one is set.
pub(super) fn locale() -> Option<String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set)
}

/// The vault that is there, or a new one; then the succession key is shown at once, and is not kept: what comes next may wait for days.
fn open_or_make(context: &Context, relay: &Option<RelayAddress>, config: Config) -> Result<Node, Told> {
    if Node::look(&context.data).is_ok() {
        Node::succession_was_seen(&context.data)?;
        let passphrase = ask::passphrase(context)?;
        return Node::open_with(&context.data, &passphrase, config);
    }
    let passphrase = ask::new_passphrase(context)?;
    let (node, made) = Node::init(&context.data, &passphrase, relay.clone(), config)?;
    context.output.say_once(&on_paper(&made.succession.0), SUCCESSION_LOST)?;
    node.succession_seen()?;
    Ok(node)
}

const WAITING: &str = "Waiting for the authority's approval. This goes on by itself; you may also end it with Ctrl-C and run \
    the same command again later.";

fn announcement(enrolled: &Enrolled, language: Language) -> String {
    format!(
        "\nPhone your authority, at the number that you know, and read these eight {language} words to it:\n\n    {}\n\n\
         It types what it hears, and approves this node only if they are right. (Words in another language: --language, one \
         of {})\n",
        enrolled.words.join(" "),
        Language::ALL.map(Language::code).join(", "),
    )
}

impl Words for Enrolled {
    fn words(&self) -> String {
        match (&self.out, self.state.as_str()) {
            (_, "approved") => "approved: this node is enrolled. Next: safeconduct daemon".to_owned(),
            (Some(out), _) => format!(
                "the request is in {out}. Carry it to your authority, which runs: safeconduct-admin import FILE\nIt gives you a \
                 file back. Then: safeconduct enrol --answer FILE"
            ),
            (None, _) => {
                "waiting for the authority; run the same command again to see whether it has approved".to_owned()
            }
        }
    }
}
