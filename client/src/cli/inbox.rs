//! `inbox`.

use super::{
    Context,
    output::{Words, table},
    verbs::Verbs,
    words,
};
use crate::{
    api::shapes::{Inbox, RefusedLine},
    error::Told,
    exit::Exit,
};

pub(super) fn run(context: &Context) -> Result<Exit, Told> {
    Ok(context.output.answer(&Verbs::reach(context)?.inbox()?))
}

impl Words for Inbox {
    fn words(&self) -> String {
        let mut said = if self.messages.is_empty() { "no messages".to_owned() } else { self.shown() };
        if !self.refused.is_empty() {
            said.push_str("\n\nRefused, not shown, and not receipted (phone the sender):\n");
            said.push_str(&self.turned_away());
        }
        said
    }
}

impl Inbox {
    fn turned_away(&self) -> String {
        let line = |line: &RefusedLine| {
            vec![line.message_id.clone(), words::time(line.received_at), line.from.clone(), line.code.clone()]
        };
        table(&["message", "received", "from", "rule"], &self.refused.iter().map(line).collect::<Vec<_>>())
    }

    fn shown(&self) -> String {
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
