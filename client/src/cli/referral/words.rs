//! What `referral …` answers, in words.

use crate::{
    api::cases::{LogLine, ReferralLine, ReferralShown, Referrals},
    casework::{life::state::State, store::news::News},
    cli::{
        output::{Words, plain, table},
        show, words,
    },
};

fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}

/// A state in words, with why it ended so.
fn state(line: &ReferralLine) -> String {
    let word = State::ALL.iter().find(|one| one.code() == line.state).map_or(line.state.as_str(), |one| one.word());
    line.why.as_ref().map_or_else(|| word.to_owned(), |why| format!("{word}: {why}"))
}

/// What a caseworker should look at, in words.
fn news(code: &str) -> &'static str {
    match News::from_name(code) {
        Some(News::Told) => "there is news",
        Some(News::SafetyCheck) => "the person was not reached, or declined: is she or he safe?",
        Some(News::AskAgain) => "it could not be sent, or nobody decided in time: send it again, or to another agency",
        Some(News::Crossed) => "they accepted as its time ended: `safeconduct referral reinstate` lets it count",
        Some(News::Equivocation) => "their node has signed two different things under one number: phone them",
        Some(News::Unanswered) => "nobody has answered, and no other agency may be asked by itself: phone them",
        Some(News::WithdrawalOverdue) => {
            "it was withdrawn over 72 hours ago and is not erased: `safeconduct referral erase`"
        }
        Some(News::AnswerSoon) => "half of the time to answer has passed",
        Some(News::ConsentEnds) => "a consent ends soon, or has ended: ask the person",
        Some(News::ReflectionEnds) => "a reflection period ends soon, or has ended",
        Some(News::OverrideOpen) => {
            "an act without consent needs its notice to the person or its review: `safeconduct referral override-notice`"
        }
        Some(News::RiskOutdated) => "a risk assessment counts no more: assess it anew",
        Some(News::GuardianMissing) => "the child has no guardian in the time that the law gives",
        Some(News::HoldReview) => {
            "does the law still hold it? `safeconduct referral hold` says so anew, `release-hold` ends it"
        }
        None => "something of a later version",
    }
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
                line.turn.clone(),
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
                text.push_str(&format!("\n\n(!) {} {agency}{mark}: {}", short(&line.id), news(code)));
            }
        }
        if let Some(next) = &self.next {
            text.push_str(&format!("\n\nmore: --after {next}"));
        }
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
            text.push_str(&format!("(!)       {}\n", news(code)));
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
            text.push_str(&format!("possible  {}\n", self.possible.join(", ")));
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
        let why = self.why.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
        let level = self.level.map(|level| format!(" level {level}")).unwrap_or_default();
        let by = if self.by == "node" { ", by its node" } else { "" };
        let remark = self.remark.as_ref().map(|remark| format!("  [does not count: {remark}]")).unwrap_or_default();
        let at = words::time(self.at);
        let mut text = format!("{at}  {}{why}{level}  {}{by}{remark}\n", self.event, plain(&self.agency));
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
    fn every_piece_of_news_has_its_words() {
        for one in News::ALL {
            assert_ne!(news(one.as_str()), news("later"), "{}", one.as_str());
        }
    }
}
