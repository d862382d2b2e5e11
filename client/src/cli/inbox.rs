//! `inbox`.

use super::{
    Context,
    output::{Words, plain, table},
    page::{PageArgs, more},
    verbs::Verbs,
    words,
};
use crate::{
    api::shapes::{Inbox, RefusedLine},
    error::Told,
    exit::Exit,
};

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    page: PageArgs,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    let page = args.page.page()?;
    Ok(context.output.answer(&Verbs::reach(context)?.inbox(page)?))
}

impl Words for Inbox {
    fn words(&self) -> String {
        let mut said = if self.messages.is_empty() { "no messages".to_owned() } else { self.shown() };
        for line in &self.messages {
            for note in &line.notes {
                let message = line.message_id.get(..8).unwrap_or(&line.message_id);
                let (from, mark) = (plain(&line.from), words::mark(line.exercise));
                said.push_str(&format!("\n\n{message} of {from}{mark}:\n{}", words::note(note)));
            }
        }
        if !self.refused.is_empty() {
            said.push_str("\n\nRefused, not shown, and not receipted (phone the sender; judged again after an upgrade or news of the registry):\n");
            said.push_str(&self.turned_away());
        }
        said.push_str(&more(self.next.as_deref()));
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
                let kind = format!("{}{}", line.kind, words::mark(line.exercise));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::shapes::{InboxLine, InboxNote, Shown};

    #[test]
    fn a_sender_whose_registration_was_not_confirmed_is_marked_in_the_list_and_in_the_message() {
        let note = |since_at| InboxNote { code: "sender-not-confirmed-since".to_owned(), since_at };
        let line = |since_at| InboxLine {
            message_id: "0123456789abcdef0123456789abcdef".to_owned(),
            from: "xa.lantern-helpline".to_owned(),
            referral_id: String::new(),
            kind: "Referral".to_owned(),
            urgency: "Urgent".to_owned(),
            received_at: 1_780_276_364,
            state: "new".to_owned(),
            exercise: false,
            notes: vec![note(since_at)],
        };
        let inbox = Inbox {
            messages: vec![line(Some(1_780_276_364)), line(None)],
            refused: Vec::new(),
            more: true,
            next: Some("17".to_owned()),
        };
        let shown = Shown {
            message_id: "0123456789abcdef0123456789abcdef".to_owned(),
            direction: "in".to_owned(),
            from: "xa.lantern-helpline".to_owned(),
            to: "xa.harbour-house".to_owned(),
            at: 1_780_276_364,
            state: "new".to_owned(),
            notes: vec![note(Some(1_780_276_364))],
            referral: None,
        };

        for text in [inbox.words(), shown.words()] {
            assert!(text.contains("had not been confirmed since 2026-06-01"), "{text}");
            assert!(text.contains("→ see `safeconduct directory`"), "{text}");
        }
        assert!(inbox.words().contains("had never been confirmed"));
        assert!(inbox.words().ends_with("\n\nThere are more: the same again with --after 17"));
        let json = serde_json::to_value(&shown).unwrap();
        assert_eq!(json["notes"][0]["since_at"], 1_780_276_364);
    }
}
