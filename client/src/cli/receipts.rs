//! `receipts MESSAGE`.

use super::{
    Context,
    output::{Words, table},
    verbs::Verbs,
    words,
};
use crate::{api::shapes::Receipts, error::Told, exit::Exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The message's id, or its first digits.
    message: String,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    Ok(context.output.answer(&Verbs::reach(context)?.receipts(args.message)?))
}

impl Words for Receipts {
    fn words(&self) -> String {
        if self.receipts.is_empty() {
            return "no receipts yet".to_owned();
        }
        let rows: Vec<Vec<String>> = self
            .receipts
            .iter()
            .map(|line| vec![words::time(line.at), line.by.clone(), words::state(&line.kind).to_owned()])
            .collect();
        table(&["when", "signed by", "says"], &rows)
    }
}
