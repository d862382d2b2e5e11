//! `inbox`.

use super::{
    Context,
    output::{Words, table},
    verbs::Verbs,
    words,
};
use crate::{api::shapes::Inbox, error::Told, exit::Exit};

pub(super) fn run(context: &Context) -> Result<Exit, Told> {
    Ok(context.output.answer(&Verbs::reach(context)?.inbox()?))
}

impl Words for Inbox {
    fn words(&self) -> String {
        if self.messages.is_empty() {
            return "no messages".to_owned();
        }
        let rows: Vec<Vec<String>> = self
            .messages
            .iter()
            .map(|line| {
                let kind = if line.exercise { format!("{} (exercise)", line.kind) } else { line.kind.clone() };
                vec![
                    line.message_id.clone(),
                    words::time(line.received_at),
                    line.from.clone(),
                    kind,
                    line.urgency.clone(),
                    words::state(&line.state).to_owned(),
                ]
            })
            .collect();
        table(&["message", "received", "from", "kind", "urgency", "state"], &rows)
    }
}
