//! Texts: single lines, prose, and the forms that have a pattern. Wiped on drop; no `Debug`.

use zeroize::Zeroizing;

use super::code::Code;
use super::json::Json;
use super::walk::{Member, Walk};
use super::write::Writer;

/// Whether a single-line text (a name) may not hold this character: controls, C1, invisible space, line and paragraph
/// separators, everything that changes direction by force, byte-order mark, tag characters. Joiners and direction
/// marks (U+200C to U+200F, U+061C) stay: Persian, Indic and mixed-direction names need them.
const fn is_unsafe_in_line(c: char) -> bool {
    is_unsafe_in_prose(c) || matches!(c, '\t' | '\n' | '\r' | '\u{2066}'..='\u{2069}')
}

/// The same for prose, where lines may break and directions be isolated.
const fn is_unsafe_in_prose(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{200b}'
            | '\u{2028}'..='\u{202e}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// Whether nothing in a single line misleads whoever reads it.
pub(crate) fn is_safe_line(text: &str) -> bool {
    !text.chars().any(is_unsafe_in_line)
}

/// Whether nothing in a text of several lines misleads whoever reads it.
pub(crate) fn is_safe_prose(text: &str) -> bool {
    !text.chars().any(is_unsafe_in_prose)
}

/// Refuses the first unsafe character by its number, which says nothing about the person.
fn check_characters(text: &str, walk: &mut Walk, is_unsafe: fn(char) -> bool) -> bool {
    let found = text.chars().find(|c| is_unsafe(*c));
    if let Some(c) = found {
        walk.refuse(
            Code::UnsafeCharacter,
            format!("the text holds an invisible or direction-changing character (U+{:04X})", u32::from(c)),
        );
    }
    found.is_none()
}

/// Counts Unicode scalar values; the text is in NFC already.
fn check_length(text: &str, walk: &mut Walk, min: usize, max: usize) -> bool {
    let count = text.chars().count();
    if count > max {
        walk.refuse(Code::TooLong, format!("the text has {count} characters; {max} fit"));
    } else if count < min {
        walk.refuse(Code::BadFormat, format!("the text has {count} characters; at least {min} are needed"));
    }
    (min..=max).contains(&count)
}

/// One line of 1 to `MAX` characters: names and the like.
#[derive(Clone, PartialEq, Eq)]
pub struct Line<const MAX: usize>(Zeroizing<String>);

/// Prose of `MIN` to `MAX` characters, lines allowed.
#[derive(Clone, PartialEq, Eq)]
pub struct Prose<const MIN: usize, const MAX: usize>(Zeroizing<String>);

impl<const MAX: usize> Line<MAX> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MIN: usize, const MAX: usize> Prose<MIN, MAX> {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The pattern of [`Line`] in the schema.
#[cfg(test)]
const LINE_PATTERN: &str =
    "^[^\\u0000-\\u001f\\u007f-\\u009f\\u200b\\u2028-\\u202e\\u2066-\\u2069\\ufeff\u{e0000}-\u{e007f}]+$";
/// The pattern of [`Prose`] in the schema.
#[cfg(test)]
const PROSE_PATTERN: &str =
    "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u200b\\u2028-\\u202e\\ufeff\u{e0000}-\u{e007f}]*$";

impl<const MAX: usize> Member for Line<MAX> {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        let text = walk.text(node)?;
        let safe = check_characters(&text, walk, is_unsafe_in_line);
        let fits = check_length(&text, walk, 1, MAX);
        (safe && fits).then_some(Self(text))
    }

    fn write(&self, out: &mut Writer) {
        out.text(&self.0);
    }

    #[cfg(test)]
    fn shape() -> super::walk::Shape {
        super::walk::Shape::Text { min: 1, max: Some(MAX), pattern: LINE_PATTERN.to_owned() }
    }
}

impl<const MIN: usize, const MAX: usize> Member for Prose<MIN, MAX> {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        let text = walk.text(node)?;
        let safe = check_characters(&text, walk, is_unsafe_in_prose);
        let fits = check_length(&text, walk, MIN, MAX);
        (safe && fits).then_some(Self(text))
    }

    fn write(&self, out: &mut Writer) {
        out.text(&self.0);
    }

    #[cfg(test)]
    fn shape() -> super::walk::Shape {
        super::walk::Shape::Text { min: MIN, max: Some(MAX), pattern: PROSE_PATTERN.to_owned() }
    }
}

/// Declares a text whose form is fixed.
macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident, $fits:expr, $form:literal, $pattern:literal, $min:literal, $max:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name(Zeroizing<String>);

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> core::cmp::Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Takes a text of this form.
            #[must_use]
            pub fn of(text: &str) -> Option<Self> {
                let fits: fn(&str) -> bool = $fits;
                fits(text).then(|| Self(Zeroizing::new(text.to_owned())))
            }
        }

        impl Member for $name {
            fn read(node: Json, walk: &mut Walk) -> Option<Self> {
                let text = walk.text(node)?;
                let value = Self::of(&text);
                if value.is_none() {
                    walk.bad_format(&text, $form);
                }
                value
            }

            fn write(&self, out: &mut Writer) {
                out.text(&self.0);
            }

            #[cfg(test)]
            fn shape() -> super::walk::Shape {
                super::walk::Shape::Text { min: $min, max: $max, pattern: $pattern.to_owned() }
            }
        }
    )+};
}

forms! {
    /// A UUID of version 4 (RFC 9562), random: never derived from the person.
    Uuid, is_uuid, "a UUID of version 4 in lower case",
        "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", 0, None;
    /// ISO 3166-1 alpha-2.
    Country, |text| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase()),
        "a country code of two capital letters", "^[A-Z]{2}$", 0, None;
    /// ISO 3166-2; no town.
    Region, is_region, "a region code like XA-04", "^[A-Z]{2}-[A-Z0-9]{1,3}$", 0, None;
    /// ISO 639-3.
    Lang, |text| text.len() == 3 && text.bytes().all(|b| b.is_ascii_lowercase()),
        "a language code of three small letters", "^[a-z]{3}$", 0, None;
    /// E.164.
    Phone, is_phone, "a telephone number of digits only, with + in front", "^\\+?[1-9][0-9]{1,14}$", 0, None;
    /// A mail address.
    Email, is_email, "a mail address",
        "^[^@\\s\\u0000-\\u001f\\u007f-\\u009f\\u200b\\u2028-\\u202e\\u2066-\\u2069\\ufeff\u{e0000}-\u{e007f}]{1,64}@[^@\\s\\u0000-\\u001f\\u007f-\\u009f\\u200b\\u2028-\\u202e\\u2066-\\u2069\\ufeff\u{e0000}-\u{e007f}]{1,189}$",
        0, Some(254);
    /// A pseudonym, fresh for each referral.
    CaseCode, is_case_code, "a case code of 4 to 32 capital letters, digits and hyphens",
        "^[A-Z0-9][A-Z0-9-]{3,31}$", 0, None;
    /// SHA-256 as hex digits.
    Sha256, |text| text.len() == 64 && text.bytes().all(is_hex), "64 hex digits in lower case", "^[0-9a-f]{64}$", 0, None;
    /// A functional inbox, never a person.
    Desk, is_desk, "a desk: 1 to 40 small letters, digits and hyphens", "^[a-z0-9-]+$", 1, Some(40);
    /// A country profile and its version, `XA@3`.
    ProfileRef, is_profile_ref, "a country profile and version like XA@3", "^[A-Z]{2}@[0-9]{1,5}$", 4, Some(12);
    /// ISO 15924.
    Script, is_script, "a script code like Latn", "^[A-Z][a-z]{3}$", 0, None;
    /// The key of a profile's extension, `XA.shelter_scheme`.
    ExtensionKey, is_extension_key, "an extension key like XA.shelter_scheme", "^[A-Z]{2}\\.[a-z][a-z0-9_]{1,30}$", 0, None;
}

const fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && groups.iter().all(|group| group.bytes().all(is_hex))
        && groups.get(2).is_some_and(|group| group.starts_with('4'))
        && groups.get(3).is_some_and(|group| group.starts_with(['8', '9', 'a', 'b']))
}

fn is_region(text: &str) -> bool {
    text.split_once('-').is_some_and(|(country, part)| {
        Country::of(country).is_some()
            && (1..=3).contains(&part.len())
            && part.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (2..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain = |part: &str| part.chars().all(|c| c != '@' && !c.is_whitespace() && !is_unsafe_in_line(c));
    text.chars().count() <= 254
        && (1..=64).contains(&local.chars().count())
        && (1..=189).contains(&domain.chars().count())
        && plain(local)
        && plain(domain)
}

fn is_case_code(text: &str) -> bool {
    (4..=32).contains(&text.len())
        && !text.starts_with('-')
        && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-')
}

fn is_desk(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

fn is_profile_ref(text: &str) -> bool {
    text.split_once('@').is_some_and(|(country, version)| {
        Country::of(country).is_some()
            && (1..=5).contains(&version.len())
            && version.bytes().all(|b| b.is_ascii_digit())
    })
}

fn is_script(text: &str) -> bool {
    text.len() == 4
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().skip(1).all(|b| b.is_ascii_lowercase())
}

fn is_extension_key(text: &str) -> bool {
    text.split_once('.').is_some_and(|(country, name)| {
        Country::of(country).is_some()
            && (2..=31).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_lowercase())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    })
}

impl ProfileRef {
    /// The country.
    #[must_use]
    pub fn country(&self) -> Option<Country> {
        self.as_str().split_once('@').and_then(|(country, _)| Country::of(country))
    }

    /// The version.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.as_str().split_once('@').and_then(|(_, version)| version.parse().ok()).unwrap_or(0)
    }
}

/// Values of extension fields that fit.
const EXTENSIONS_MAX: usize = 20;
/// Characters of one value.
const EXTENSION_CHARS_MAX: usize = 200;

/// Fields that a country profile adds: codes only. Written in the order of their keys.
#[derive(Clone, PartialEq, Eq)]
pub struct Extensions(Vec<(ExtensionKey, Zeroizing<String>)>);

impl Extensions {
    /// Key and value, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&ExtensionKey, &str)> {
        self.0.iter().map(|(key, value)| (key, value.as_str()))
    }
}

impl Member for Extensions {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        let members = walk.members(node)?;
        let count = members.len();
        if count > EXTENSIONS_MAX {
            walk.refuse(Code::TooLong, format!("there are {count} extension fields; {EXTENSIONS_MAX} fit"));
            return None;
        }
        let mut fields = Vec::with_capacity(count);
        for (key, node) in members {
            let Some(key) = ExtensionKey::of(&key) else {
                walk.refuse(Code::BadFormat, "a name here is not an extension key like XA.shelter_scheme");
                continue;
            };
            let value = walk.within(key.as_str(), |walk| {
                let value = walk.text(node)?;
                let safe = check_characters(&value, walk, is_unsafe_in_line);
                let fits = check_length(&value, walk, 0, EXTENSION_CHARS_MAX);
                (safe && fits).then_some(value)
            });
            fields.extend(value.map(|value| (key, value)));
        }
        fields.sort_by(|one, other| one.0.cmp(&other.0));
        (fields.len() == count).then_some(Self(fields))
    }

    fn write(&self, out: &mut Writer) {
        out.begin('{');
        for (key, value) in &self.0 {
            out.member(key.as_str());
            out.text(value);
        }
        out.end('}');
    }

    #[cfg(test)]
    fn shape() -> super::walk::Shape {
        super::walk::Shape::Map
    }
}
