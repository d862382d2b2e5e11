//! `enrol CODE [--relay HOST:PORT] [--no-wait]`.

use std::{path::PathBuf, sync::Arc, time::Duration};

use safeconduct_certs::system::SystemClock;
use zeroize::Zeroizing;

use super::{
    Context, ask,
    init::{KEY_LOST, paper as on_paper},
    output::Words,
};
use crate::{
    api::{client::Api, shapes::Enrolled},
    config::{Config, RelayAddress},
    daemon::Node,
    enrol::{self, Progress},
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
    code: String,
    /// The relay that your authority named.
    #[arg(long, value_name = "HOST:PORT", value_parser = super::relay)]
    relay: Option<RelayAddress>,
    /// This node takes the place of one that is lost, whose succession key is on paper; the code is for that.
    #[arg(long)]
    paper: bool,
    /// Read the succession key from this file; without it, it is asked for on the terminal.
    #[arg(long, value_name = "FILE", requires = "paper")]
    paper_file: Option<PathBuf>,
    /// Do not wait for the authority: run the same command again later.
    #[arg(long)]
    no_wait: bool,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let code = Zeroizing::new(args.code);
    let invite = enrol::parse_code(&code)?;
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
    let (mut node, succession) = open_or_make(context, &args.relay, config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Told::not_ready("no-runtime", format!("the system gives no event loop: {}", error.kind()), "try again")
    })?;
    runtime.block_on(async {
        let clock = Arc::new(SystemClock);
        let mut shown = false;
        loop {
            let progress = enrol::step(&mut node, &invite, args.relay.as_ref(), paper.as_ref(), clock.clone()).await?;
            let enrolled = node.enrolled(progress, succession.clone())?;
            if !shown {
                context.output.say(&announcement(&enrolled));
                shown = true;
            }
            if args.no_wait || matches!(progress, Progress::Approved) {
                return Ok(context.output.answer_once(&enrolled, RUN_AGAIN));
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    })
}

/// The vault that is there, or a new one; then with the succession key, which nobody has seen yet.
fn open_or_make(
    context: &Context,
    relay: &Option<RelayAddress>,
    config: Config,
) -> Result<(Node, Option<String>), Told> {
    if Node::look(&context.data).is_ok() {
        let passphrase = ask::passphrase(context)?;
        return Ok((Node::open_with(&context.data, &passphrase, config)?, None));
    }
    let passphrase = ask::new_passphrase(context)?;
    let (node, made) = Node::init(&context.data, &passphrase, relay.clone(), config)?;
    context.output.say_once(&on_paper(&made.succession), KEY_LOST)?;
    Ok((node, Some(made.succession)))
}

fn announcement(enrolled: &Enrolled) -> String {
    format!(
        "\nRead these eight words to your authority over the telephone:\n\n    {}\n\nThen it approves this node.",
        enrolled.words.join(" ")
    )
}

impl Words for Enrolled {
    fn words(&self) -> String {
        if self.state == "approved" {
            "approved: this node is enrolled. Next: safeconduct daemon".to_owned()
        } else {
            "waiting for the authority; run the same command again to see whether it has approved".to_owned()
        }
    }
}
