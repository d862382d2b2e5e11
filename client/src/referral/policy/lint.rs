//! D02, addendum A8: what looks like an identifier in free text.

use safeconduct_protocol::personal::Reveal;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::Case;
use super::table::Out;
use crate::referral::code::Code;
use crate::referral::finding::Finding;

/// Digits in a row that look like a number.
const ROW_MAX: usize = 4;
/// Digits with separators between them that look like a telephone number.
const SEPARATED_MAX: usize = 6;

/// Lints the texts of levels 0 and 1: refuses up to level 1, warns above, where the person is named anyway.
pub(super) fn texts(case: &Case<'_>, findings: &mut Out) {
    let referral = case.referral;
    let summary = referral.summary.as_ref();
    let risk = summary.and_then(|summary| summary.risk.as_ref());
    let texts = [
        ("/enquiry/note", referral.enquiry.note.as_ref().map(|note| note.as_str())),
        (
            "/summary/text",
            summary.and_then(|summary| summary.text.as_ref()).map(|text| text.reveal(Reveal::ToCheck).as_str()),
        ),
        (
            "/summary/risk/note",
            risk.and_then(|risk| risk.note.as_ref()).map(|note| note.reveal(Reveal::ToCheck).as_str()),
        ),
    ];
    for (pointer, text) in texts {
        if !text.is_some_and(contains_identifier) {
            continue;
        }
        findings.push(if referral.level() <= 1 {
            Finding::plain(Code::NoteContainsIdentifier, pointer)
        } else {
            Finding::warn(Code::NoteContainsIdentifier, pointer, Code::NoteContainsIdentifier.fact())
        });
    }
}

/// Whether a text holds a mail address, a web address, or a number that may be a telephone's or a document's.
pub(super) fn contains_identifier(text: &str) -> bool {
    // Compatibility forms first: full-width digits and signs are digits and signs.
    let text = Zeroizing::new(text.nfkc().filter(|c| !is_joiner(*c)).collect::<String>());
    let text = Zeroizing::new(without_dates(&text));
    text.split_whitespace().any(is_address) || has_number(&text)
}

pub(super) const fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}'..='\u{200f}' | '\u{61c}' | '\u{ad}' | '\u{2060}' | '\u{2066}'..='\u{2069}')
}

/// The text without ISO dates, which are no identifiers.
fn without_dates(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    let mut before_is_digit = false;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() && !before_is_digit && starts_with_date(rest) {
            kept.push('\u{b7}');
            rest = rest.split_at_checked(10).map_or("", |(_, rest)| rest);
            before_is_digit = false;
        } else {
            kept.push(c);
            rest = rest.split_at_checked(c.len_utf8()).map_or("", |(_, rest)| rest);
            before_is_digit = c.is_numeric();
        }
    }
    kept
}

/// `2026-06-03`, not followed by a digit or a further part.
fn starts_with_date(text: &str) -> bool {
    let Some((date, rest)) = text.split_at_checked(10) else { return false };
    let formed = date.bytes().enumerate().all(|(index, byte)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    let part = |range: core::ops::Range<usize>| date.get(range).and_then(|part| part.parse::<u16>().ok());
    let plausible = part(0..4).is_some_and(|year| (1900..=2100).contains(&year))
        && part(5..7).is_some_and(|month| (1..=12).contains(&month))
        && part(8..10).is_some_and(|day| (1..=31).contains(&day));
    formed && plausible && !rest.starts_with(|c: char| c.is_numeric() || c == '-')
}

fn is_address(word: &str) -> bool {
    let lower = Zeroizing::new(word.to_lowercase());
    let mail = lower.split_once('@').is_some_and(|(local, domain)| {
        local.ends_with(char::is_alphanumeric) && domain.starts_with(char::is_alphanumeric)
    });
    mail || lower.contains("://") || lower.contains("www.")
}

/// Five digits in a row, or seven with separators between.
fn has_number(text: &str) -> bool {
    let (mut row, mut separated, mut gap) = (0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        if c.is_numeric() {
            row += 1;
            separated += 1;
            gap = 0;
        } else {
            row = 0;
            gap += 1;
            let separates =
                matches!(c, ' ' | '\u{a0}' | '-' | '.' | '/' | '(' | ')' | '+' | '\u{2010}'..='\u{2015}' | '_');
            if !separates || gap > 2 {
                separated = 0;
            }
        }
        if row > ROW_MAX || separated > SEPARATED_MAX {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_are_found_in_any_digits() {
        for text in [
            "Ask for Dipak on 9990200044",
            "call 99 90 20 0",
            "+999 (0)10-00 11",
            "99902",
            "٠١٢٣٤ please",
            "９９９０２",
            "9\u{200d}9\u{200d}9\u{200d}0\u{200d}2",
            "write to d.sample@mail.example.",
            "d.sample＠mail.example",
            "see http://a.example/x",
            "WWW.a.example",
            "2026-06-031234",
            "1234-56-78",
        ] {
            assert!(contains_identifier(text), "{text}");
        }
    }

    #[test]
    fn dates_times_and_counts_are_not_identifiers() {
        for text in [
            "arrives 2026-06-03, leaves 2026-06-10",
            "the ages range from about 20 to 55",
            "from 05:00 to 21:30",
            "14 men, 2 containers, 11 weeks",
            "room 1234",
            "meet @ noon",
            "",
        ] {
            assert!(!contains_identifier(text), "{text}");
        }
    }
}
