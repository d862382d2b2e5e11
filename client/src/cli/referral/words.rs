//! What `referral …` answers, in words.

use super::typed;
use crate::{
    api::cases::{LogLine, ReferralLine, ReferralShown, Referrals},
    casework::words as said,
    cli::{
        output::{Words, plain, table},
        page::more,
        show, words,
    },
};

fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

/// A state in words, with why it ended so.
fn state(line: &ReferralLine) -> String {
    let word = said::state(&line.state);
    line.why.as_ref().map_or_else(|| word.to_owned(), |why| format!("{word}: {}", said::why(why)))
}

impl Words for Referrals {
    fn words(&self) -> String {
        if self.referrals.is_empty() {
            return "no referrals".to_owned();
        }
        let row = |line: &ReferralLine| {
            vec![
                short(&line.id).to_owned(),
                if line.side == "sent" { "to" } else { "from" }.to_owned(),
                line.agency.clone(),
                format!("{}{}", line.kind, words::mark(line.exercise)),
                line.urgency.clone(),
                line.level.to_string(),
                state(line),
                said::turn(&line.turn).to_owned(),
                line.due_at.map(words::time).unwrap_or_default(),
                if line.late { "LATE" } else { "" }.to_owned(),
            ]
        };
        let rows: Vec<Vec<String>> = self.referrals.iter().map(row).collect();
        let head = ["referral", "", "agency", "kind", "urgency", "level", "state", "turn", "due", ""];
        let mut text = table(&head, &rows);
        for line in &self.referrals {
            for code in &line.news {
                let (agency, mark) = (plain(&line.agency), words::mark(line.exercise));
                text.push_str(&format!("\n\n(!) {} {agency}{mark}: {}", short(&line.id), said::news(code)));
            }
        }
        text.push_str(&more(self.next.as_deref()));
        text
    }
}

impl Words for ReferralShown {
    fn words(&self) -> String {
        let line = &self.line;
        let preposition = if line.side == "sent" { "to" } else { "from" };
        let mut text = format!(
            "referral  {}  ({})\n{preposition:<8}  {}\nkind      {}, {}, level {}, revision {}\nstate     {} since {}\n",
            short(&line.id),
            line.referral_id,
            plain(&line.agency),
            line.kind,
            line.urgency,
            line.level,
            self.revision,
            state(line),
            words::time(line.state_at),
        );
        if line.exercise {
            text.insert_str(0, words::EXERCISE);
        }
        for code in &line.news {
            text.push_str(&format!("(!)       {}\n", said::news(code)));
        }
        for (name, at) in [("due", line.due_at), ("ends", Some(line.expires_at)), ("erased on", self.erase_at)] {
            if let Some(at) = at {
                text.push_str(&format!("{name:<9} {}\n", words::time(at)));
            }
        }
        if let Some(hold) = &self.hold {
            text.push_str(&format!("held      by law: {}\n", plain(hold)));
        }
        if !self.told.is_empty() {
            let told: Vec<String> = self.told.iter().map(|agency| plain(agency)).collect();
            text.push_str(&format!("told, too {}\n", told.join(", ")));
        }
        if self.missing > 0 {
            text.push_str(&format!("gap       {} of the acts are still missing; they are asked for\n", self.missing));
        }
        if !self.possible.is_empty() {
            text.push_str(&typed::possible(&self.possible, short(&line.id)));
        }
        text.push('\n');
        for entry in &self.log {
            text.push_str(&entry.words());
        }
        for caution in &self.cautions {
            text.push_str(&format!("\n!!        {caution}\n"));
        }
        if let Some(referral) = &self.referral {
            show::outline(referral, 0, &mut text);
        }
        if self.masked {
            text.push_str("\nWhat identifies the person is masked; --show-identity shows it.\n");
        }
        if !self.ended.is_empty() {
            text.push_str(&format!(
                "\nnot shown: {}; the consent for it has ended, and the sender can ask the person anew\n",
                self.ended.join(", ")
            ));
        }
        if !self.folded.is_empty() {
            text.push_str(&format!("\nfolded: {}; --section shows one\n", self.folded.join(", ")));
        }
        for warning in &self.warnings {
            text.push_str(&format!("\nwarning: {}", warning.words()));
        }
        text
    }
}

impl LogLine {
    fn words(&self) -> String {
        let why = self.why.as_ref().map(|why| format!(": {}", said::why(why))).unwrap_or_default();
        let level = self.level.map(|level| format!(", level {level}")).unwrap_or_default();
        let by = if self.by == "node" { " (its node)" } else { "" };
        let remark = self.remark.as_ref().map(|remark| said::remark(remark));
        let remark = remark.map(|remark| format!("  [does not count: {remark}]")).unwrap_or_default();
        let (at, did) = (words::time(self.at), said::did(&self.event));
        let mut text = format!("{at}  {}{by} {did}{why}{level}{remark}\n", plain(&self.agency));
        if let Some(serde_json::Value::Object(details)) = &self.details {
            for (name, value) in details {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                text.push_str(&format!("    {}  {}\n", plain(name), plain(&value)));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_told_in_words_and_to_programs_by_its_names() {
        let line = LogLine {
            at: 1_780_276_364,
            event: "Declined".to_owned(),
            agency: "xa.harbour-house".to_owned(),
            by: "person".to_owned(),
            why: Some("NoCapacity".to_owned()),
            level: None,
            details: None,
            transition: None,
            remark: Some("not-now".to_owned()),
        };

        let told = "2026-06-01 01:12:44 UTC  xa.harbour-house declined it: no place or no time  \
                    [does not count: it was not possible then]\n";
        assert_eq!(line.words(), told);
        let json = serde_json::to_value(&line).unwrap();
        assert!(json["event"] == "Declined" && json["why"] == "NoCapacity" && json["remark"] == "not-now", "{json}");
        let asked =
            LogLine { event: "InfoRequested".to_owned(), why: None, remark: None, by: "node".to_owned(), ..line };
        assert!(asked.words().ends_with("xa.harbour-house (its node) asked for information\n"), "{}", asked.words());
    }
}
