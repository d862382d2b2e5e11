//! `token new | list | end`.

use clap::Subcommand;

use super::{
    Context, ask, closed,
    output::{Words, plain, table},
    verbs::Verbs,
    words,
};
use crate::{
    api::tokens::{NewToken, TokenLine, TokenMade, Tokens},
    error::Told,
    exit::Exit,
};

#[derive(Subcommand)]
pub(super) enum Command {
    /// Admit a program to the local API, and show its token this once.
    New {
        /// What the program is called here.
        name: String,
        /// What it may do; may be given again.
        #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = closed::scopes())]
        scopes: Vec<String>,
        /// The person of this agency who acts through it.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the programs that are admitted.
    List,
    /// End a token: what the program asks from now on is refused.
    End {
        /// What the program is called here.
        name: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let mut verbs = Verbs::reach(context)?;
    Ok(match command {
        Command::New { name, scopes, by } => context.output.answer(&verbs.new_token(&NewToken { name, scopes, by })?),
        Command::List => context.output.answer(&verbs.tokens()?),
        Command::End { name, yes } => {
            let about = format!("what the program {} asks from now on is refused, for good", plain(&name));
            ask::confirmed_unless(context, yes, &about)?;
            context.output.answer(&verbs.end_token(name)?)
        }
    })
}

impl Words for TokenMade {
    fn words(&self) -> String {
        format!(
            "{}\nshown this once: give it to {} and to nobody else; whoever has it acts here as that person",
            self.token.0.as_str(),
            self.line.name
        )
    }
}

impl Words for Tokens {
    fn words(&self) -> String {
        if self.tokens.is_empty() {
            return "no program is admitted".to_owned();
        }
        table(&["program", "may", "acts as", "since", ""], &self.tokens.iter().map(row).collect::<Vec<_>>())
    }
}

fn row(line: &TokenLine) -> Vec<String> {
    let serves = if line.serves { "" } else { "serves no more: that person does not work here" };
    let officer = line.officer.get(..8).unwrap_or_default().to_owned();
    vec![line.name.clone(), line.scopes.join(", "), officer, words::time(line.made_at), serves.to_owned()]
}
