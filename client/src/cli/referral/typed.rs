//! What a person types for a step: its command, with what it cannot do without.

use std::fmt::Write as _;

use crate::{
    casework::words::{step, step_of},
    cli::{command, output::plain},
};

/// Steps by their names as commands for the referral `id`, one a line, each once.
pub(super) fn possible(names: &[String], id: &str) -> String {
    let tree = command();
    let mut text = String::new();
    let mut told: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        // A step of a later version has no command here.
        let verb = step_of(name).and_then(|found| step(found).verb);
        let typed = verb.and_then(|verb| typed(&tree, verb, id)).unwrap_or_else(|| plain(name));
        if !told.contains(&typed) {
            let head = if told.is_empty() { "possible" } else { "" };
            writeln!(text, "{head:<9} {typed}").ok();
            told.push(typed);
        }
    }
    text
}

/// The whole command; none where the program has no such verb.
fn typed(tree: &clap::Command, verb: &str, id: &str) -> Option<String> {
    let mut text = "safeconduct".to_owned();
    let mut at = tree;
    let mut flags = Vec::new();
    for word in verb.split(' ') {
        match word.strip_prefix("--") {
            Some(flag) => {
                at.get_arguments().find(|argument| argument.get_long() == Some(flag))?;
                flags.push(word);
            }
            None => {
                at = at.find_subcommand(word)?;
                write!(text, " {word}").ok()?;
            }
        }
    }
    if at.has_subcommands() {
        return None;
    }
    for argument in at.get_arguments().filter(|argument| argument.is_required_set()) {
        let value = argument.get_id().as_str();
        match argument.get_long() {
            Some(long) => write!(text, " --{long} {}", value.to_uppercase()).ok()?,
            None if value == "id" => write!(text, " {id}").ok()?,
            None => write!(text, " {}", value.to_uppercase()).ok()?,
        }
    }
    flags.iter().try_for_each(|flag| write!(text, " {flag}")).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::casework::life::{act::possible as life, code::Step, table::TABLE, terms::Hand};

    #[test]
    fn every_step_that_a_person_may_do_is_a_command_of_the_program() {
        let tree = command();
        let persons = |step: &&Step| {
            let rows = TABLE.iter().filter(|row| row.step == **step);
            rows.flat_map(|row| row.by).any(|(_, hand)| *hand != Hand::Node)
        };
        for one in Step::ALL.iter().filter(persons) {
            let verb = step(*one).verb.unwrap();
            let command = typed(&tree, verb, "17dbf0fa").unwrap_or_else(|| panic!("{verb}"));
            assert!(command.starts_with("safeconduct ") && !command.contains(one.as_str()), "{command}");
        }
        assert_eq!(typed(&tree, "referral vanish", "17dbf0fa"), None);
        assert_eq!(typed(&tree, "referral accept --loudly", "17dbf0fa"), None);
        assert_eq!(typed(&tree, "referral", "17dbf0fa"), None);
    }

    #[test]
    fn what_is_possible_is_told_as_what_can_be_typed_each_once() {
        let names = |steps: &[Step]| steps.iter().map(|step| step.as_str().to_owned()).collect::<Vec<_>>();
        let steps =
            [Step::InfoRequested, Step::Accepted, Step::Declined, Step::WithdrawalApplied, Step::ErasureCertified];

        let text = possible(&names(&steps), "17dbf0fa");

        assert_eq!(
            text,
            "possible  safeconduct referral ask 17dbf0fa --text TEXT\n          safeconduct referral accept 17dbf0fa\n          \
             safeconduct referral decline 17dbf0fa --reason REASON\n          safeconduct referral erase 17dbf0fa\n"
        );
        assert_eq!(
            possible(&names(&life(None, crate::casework::life::terms::Side::Sender, &[Hand::Node])), "17dbf0fa"),
            ""
        );
    }
}
