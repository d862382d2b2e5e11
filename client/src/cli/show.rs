//! `show MESSAGE`.

use super::{
    Context,
    output::{Words, plain},
    verbs::Verbs,
    words,
};
use crate::{api::shapes::Shown, error::Told, exit::Exit};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The message's id, or its first digits.
    message: String,
}

pub(super) fn run(context: &Context, args: Args) -> Result<Exit, Told> {
    Ok(context.output.answer(&Verbs::reach(context)?.show(args.message)?))
}

impl Words for Shown {
    fn words(&self) -> String {
        let mut text = format!(
            "message   {}\nfrom      {}\nto        {}\n{}  {}\nstate     {}\n",
            self.message_id,
            plain(&self.from),
            plain(&self.to),
            if self.direction == "in" { "received" } else { "queued  " },
            words::time(self.at),
            words::state(&self.state),
        );
        if self.referral.as_ref().is_some_and(|referral| referral["header"]["exercise"] == true) {
            text.insert_str(0, words::EXERCISE);
        }
        for note in &self.notes {
            text.push_str(&format!("\n{}\n", words::note(note)));
        }
        match &self.referral {
            Some(referral) => outline(referral, 0, &mut text),
            None => text.push_str("\nThe content is not kept here any more.\n"),
        }
        text
    }
}

/// A referral's sections in the order in which they are read.
const SECTIONS: [&str; 7] = ["header", "enquiry", "summary", "consents", "identity", "case_file", "handling"];

/// A referral as an indented outline: member names as in the schema, one value a line.
pub(super) fn outline(value: &serde_json::Value, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match value {
        serde_json::Value::Object(members) => {
            let first = SECTIONS.iter().filter_map(|name| members.get_key_value(*name));
            let rest = members.iter().filter(|(name, _)| !SECTIONS.contains(&name.as_str()));
            for (name, member) in first.chain(rest) {
                line(&indent, name, member, depth, text);
            }
        }
        serde_json::Value::Array(items) => {
            for item in items {
                line(&indent, "-", item, depth, text);
            }
        }
        serde_json::Value::Null
        | serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::String(_) => line(&indent, "", value, depth, text),
    }
}

fn line(indent: &str, name: &str, value: &serde_json::Value, depth: usize, text: &mut String) {
    if depth == 0 {
        text.push('\n');
    }
    match value {
        serde_json::Value::Object(_) | serde_json::Value::Array(_) => {
            text.push_str(&format!("{indent}{}\n", plain(name)));
            outline(value, depth.saturating_add(1), text);
        }
        serde_json::Value::String(words) => text.push_str(&format!("{indent}{}  {}\n", plain(name), plain(words))),
        serde_json::Value::Null | serde_json::Value::Bool(_) | serde_json::Value::Number(_) => {
            text.push_str(&format!("{indent}{}  {value}\n", plain(name)));
        }
    }
}
