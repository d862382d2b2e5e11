//! `people list | add | roles | end | secret`.

use std::path::PathBuf;

use clap::Subcommand;

use super::{
    Context, ask, closed,
    output::{Words, plain, table},
    verbs::Verbs,
    words,
};
use crate::{
    api::people::{AddPerson, EndPerson, People, Person, SetRoles, SetSecret, Typed, Word},
    error::Told,
    exit::Exit,
};

/// The admin who says so.
#[derive(clap::Args)]
pub(super) struct By {
    /// The admin who says so; left out for the first person recorded.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// File with the admin's secret; else it is asked for at the terminal.
    #[arg(long, value_name = "FILE", requires = "by")]
    by_secret_file: Option<PathBuf>,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// List who works here.
    List {
        /// Those too who do not any more.
        #[arg(long)]
        all: bool,
    },
    /// Record somebody. The first one is an admin; from then on an admin says who else works here.
    Add {
        /// The name, as the person writes it. It stays in this vault; other agencies see a pseudonym.
        name: String,
        /// What the person may do; may be given again.
        #[arg(long = "role", value_name = "ROLE", required = true, value_parser = closed::local_roles())]
        roles: Vec<String>,
        /// File with the secret that the person has chosen; else it is asked for at the terminal.
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
        #[command(flatten)]
        by: By,
    },
    /// Say what somebody may do from now on, instead of before. What the person has open ends; who said so is kept.
    Roles {
        /// The name.
        name: String,
        /// What the person may do; may be given again. Roles that are not given are taken away.
        #[arg(long = "role", value_name = "ROLE", required = true, value_parser = closed::local_roles())]
        roles: Vec<String>,
        #[command(flatten)]
        by: By,
    },
    /// Note that somebody does not work here any more. What the person did stays.
    End {
        /// The name.
        name: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        by: By,
    },
    /// Give somebody another secret: with the one of before, or by an admin.
    Secret {
        /// The name.
        name: String,
        /// File with the new secret; else it is asked for at the terminal.
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
        #[command(flatten)]
        by: By,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<Exit, Told> {
    let output = context.output;
    match command {
        Command::List { all } => Ok(output.answer(&Verbs::reach(context)?.people(all)?)),
        Command::Add { name, roles, secret_file, by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = by.word()?;
            let secret = Typed(ask::new_secret(&name, secret_file.as_deref())?);
            Ok(output.answer(&verbs.add_person(&AddPerson { name, roles, secret, by })?))
        }
        Command::Roles { name, roles, by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = by.said()?;
            Ok(output.answer(&verbs.set_person_roles(&SetRoles { name, roles, by })?))
        }
        Command::End { name, yes, by } => {
            let mut verbs = Verbs::reach(context)?;
            let about = format!("{} can do nothing here any more, and comes back as somebody else only", plain(&name));
            ask::confirmed_unless(context, yes, &about)?;
            let by = by.said()?;
            Ok(output.answer(&verbs.end_person(&EndPerson { name, by })?))
        }
        Command::Secret { name, secret_file, by } => {
            let mut verbs = Verbs::reach(context)?;
            let by = match by.word()? {
                Some(by) => by,
                None => Word { name: name.clone(), secret: Typed(ask::secret(&name, None)?) },
            };
            let secret = Typed(ask::new_secret(&name, secret_file.as_deref())?);
            Ok(output.answer(&verbs.set_person_secret(&SetSecret { name, secret, by })?))
        }
    }
}

impl By {
    /// The admin who says so; there must be one.
    fn said(self) -> Result<Word, Told> {
        self.word()?.ok_or_else(|| Told::usage("an admin says who works here", "add --by NAME"))
    }

    /// Who says so, with the secret.
    pub(super) fn word(self) -> Result<Option<Word>, Told> {
        let Some(name) = self.by else { return Ok(None) };
        let secret = Typed(ask::secret(&name, self.by_secret_file.as_deref())?);
        Ok(Some(Word { name, secret }))
    }
}

impl Words for People {
    fn words(&self) -> String {
        if self.people.is_empty() {
            return "nobody is recorded: whoever opens this vault does everything, and nothing that needs two"
                .to_owned();
        }
        let rows: Vec<Vec<String>> = self.people.iter().map(row).collect();
        table(&["name", "may", "since", "until"], &rows)
    }
}

fn row(person: &Person) -> Vec<String> {
    let until = person.until_at.map(words::time).unwrap_or_default();
    vec![person.name.clone(), person.roles.join(", "), words::time(person.since_at), until]
}
