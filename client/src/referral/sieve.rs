//! What of a referral is written for somebody who may not see all of it: by level, class and section.

use super::codes::Section;
use super::walk::Class;

/// What happens with a member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Passes {
    /// It is written.
    Whole,
    /// It is there, and `null` is written in its place.
    Masked,
    /// It is left out.
    Not,
}

/// What passes, and where in the referral the writing is.
pub(crate) struct Sieve {
    level: u8,
    masks: bool,
    sections: Vec<Section>,
    at: Vec<&'static str>,
    masked: bool,
}

/// The member that holds level 3, section by section.
const CASE_FILE: &str = "case_file";
/// The pseudonym by which agencies speak of the person: it is shown where names are masked (REFERRAL §9.3).
const PSEUDONYM: &str = "case_code";

/// The section that a member of the case file is.
fn section(member: &str) -> Option<Section> {
    Some(match member {
        "narrative" => Section::Narrative,
        "medical" => Section::Medical,
        "psychosocial" => Section::Psychosocial,
        "immigration" => Section::Immigration,
        "justice" => Section::Justice,
        "return" => Section::Return,
        "support_plan" => Section::SupportPlan,
        "events" => Section::Events,
        "attachments" => Section::Attachments,
        _ => return None,
    })
}

impl Sieve {
    /// Lets members up to `level` pass, of the case file these sections; masks what identifies, if `masks`.
    pub(crate) const fn new(level: u8, masks: bool, sections: Vec<Section>) -> Self {
        Self { level, masks, sections, at: Vec::new(), masked: false }
    }

    /// Whether anything was masked.
    pub(super) const fn masked(&self) -> bool {
        self.masked
    }

    /// What happens with this member; `whole` if it is a value and no object with members of its own.
    pub(super) fn passes(&mut self, name: &str, class: Class, level: u8, whole: bool) -> Passes {
        let wanted = |section| self.sections.contains(&section);
        let left_out = match self.at.as_slice() {
            [] => name == CASE_FILE && self.sections.is_empty(),
            [CASE_FILE] => !section(name).is_some_and(wanted),
            _ => false,
        };
        if level > self.level || left_out {
            return Passes::Not;
        }
        if self.masks && whole && class == Class::Identifying && name != PSEUDONYM {
            self.masked = true;
            return Passes::Masked;
        }
        Passes::Whole
    }

    /// Steps into a member.
    pub(super) fn enter(&mut self, name: &'static str) {
        self.at.push(name);
    }

    /// Steps out of it.
    pub(super) fn leave(&mut self) {
        self.at.pop();
    }
}
