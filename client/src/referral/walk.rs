//! Walks the JSON tree into the typed structs, and collects every finding with its place.
//!
//! One declaration per object ([`object`]) gives the struct, its reading, its writing in the schema's order and, in
//! tests, its comparison with `referral-v1.schema.json`.

use std::borrow::Cow;

use safeconduct_protocol::id::AgencyId;
use safeconduct_protocol::personal::Personal;
use zeroize::Zeroizing;

use super::code::Code;
use super::finding::Finding;
use super::json::Json;
use super::write::Writer;

/// Findings that one check reports at most; more say nothing new.
const FINDINGS_MAX: usize = 100;

/// A part of a referral that can be read from and written to JSON.
pub(crate) trait Member: Sized {
    /// Reads itself, or leaves a finding and gives `None`.
    fn read(node: Json, walk: &mut Walk) -> Option<Self>;
    /// Writes itself canonically.
    fn write(&self, out: &mut Writer);
    /// What the schema must say about it.
    #[cfg(test)]
    fn shape() -> Shape;
}

/// Who may see a member (REFERRAL §3.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Class {
    /// May be named in a message to the person at the screen.
    Operational,
    /// Never repeated.
    Sensitive,
    /// Never repeated.
    Identifying,
}

/// What a member looks like, for the comparison with the schema.
#[cfg(test)]
pub(crate) enum Shape {
    Object(Vec<Field>),
    List { min: usize, max: usize, item: Box<Self> },
    Text { min: usize, max: Option<usize>, pattern: String },
    Codes(&'static [&'static str]),
    Whole { min: i64, max: i64 },
    Bool,
    Map,
}

/// One member of an object, for the comparison with the schema.
#[cfg(test)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) needed: bool,
    pub(crate) class: Class,
    pub(crate) level: u8,
    pub(crate) shape: Shape,
}

/// The walk: where it is, and what it found.
pub(crate) struct Walk {
    findings: Vec<Finding>,
    path: String,
    level: u8,
    class: Class,
}

impl Walk {
    /// A walk over a referral that claims this disclosure level.
    pub(crate) const fn new(level: u8) -> Self {
        Self { findings: Vec::new(), path: String::new(), level, class: Class::Operational }
    }

    /// Everything found.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }

    /// Leaves a finding at the present place.
    pub(crate) fn refuse(&mut self, code: Code, fact: impl Into<Cow<'static, str>>) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding::refuse(code, self.path.clone(), fact));
        }
    }

    /// Leaves a finding with a remedy of its own.
    fn refuse_with(&mut self, code: Code, fact: impl Into<Cow<'static, str>>, remedy: String) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(Finding::refuse(code, self.path.clone(), fact).with_remedy(remedy));
        }
    }

    /// Does something one step deeper.
    pub(crate) fn within<R>(&mut self, token: &str, step: impl FnOnce(&mut Self) -> R) -> R {
        let length = self.path.len();
        self.path.push('/');
        self.path.push_str(token);
        let result = step(self);
        self.path.truncate(length);
        result
    }

    /// The text at this place.
    pub(crate) fn text(&mut self, node: Json) -> Option<Zeroizing<String>> {
        let Json::Text(text) = node else {
            self.refuse(Code::BadFormat, "a text in quotes is needed here");
            return None;
        };
        if unicode_normalization::is_nfc(&text) {
            Some(text)
        } else {
            self.refuse(Code::NotNfc, Code::NotNfc.fact());
            None
        }
    }

    /// The members of the object at this place.
    pub(crate) fn members(&mut self, node: Json) -> Option<Vec<(String, Json)>> {
        let Json::Object(members) = node else {
            self.refuse(Code::BadFormat, "an object in braces is needed here");
            return None;
        };
        Some(members)
    }

    /// A code that the list does not have. The text is repeated only where it says nothing about a person.
    pub(crate) fn unknown_code(&mut self, text: &str, codes: &[&str]) {
        let count = codes.len();
        let fact = self.shown(text).map_or_else(
            || format!("this is not one of the {count} codes of this version's list"),
            |text| format!("\"{text}\" is not one of the {count} codes of this version's list"),
        );
        let near = (self.class == Class::Operational).then(|| nearest(text, codes)).flatten();
        let remedy = match near {
            Some(near) => format!("did you mean {near}?"),
            None if count <= 12 => format!("choose from the list: {}", codes.join(", ")),
            None => Code::UnknownCode.remedy().to_owned(),
        };
        self.refuse_with(Code::UnknownCode, fact, remedy);
    }

    /// A text that is not of the form needed; `form` says which is.
    pub(crate) fn bad_format(&mut self, text: &str, form: &str) {
        let fact =
            self.shown(text).map_or_else(|| format!("this is not {form}"), |text| format!("\"{text}\" is not {form}"));
        self.refuse(Code::BadFormat, fact);
    }

    /// The text, if it may be repeated: of an operational member, short, plain ASCII.
    fn shown<'a>(&self, text: &'a str) -> Option<&'a str> {
        let plain = text.len() <= 60 && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"');
        (self.class == Class::Operational && plain && !text.is_empty()).then_some(text)
    }

    /// Takes one member out of an object and reads it; `None` if it is faulty, `Some(None)` if it is absent.
    pub(crate) fn may<T: Member>(
        &mut self,
        members: &mut Vec<(String, Json)>,
        name: &'static str,
        class: Class,
        level: u8,
    ) -> Option<Option<T>> {
        let Some(at) = members.iter().position(|(key, _)| key == name) else { return Some(None) };
        let (_, node) = members.swap_remove(at);
        let outer = core::mem::replace(&mut self.class, class);
        let value = self.within(name, |walk| {
            if level > walk.level {
                let fact =
                    format!("a level {} referral cannot carry this member, which belongs to level {level}", walk.level);
                walk.refuse(Code::LevelExceeded, fact);
                return None;
            }
            T::read(node, walk)
        });
        self.class = outer;
        value.map(Some)
    }

    /// Like [`Self::may`], for a member that must be there.
    pub(crate) fn need<T: Member>(
        &mut self,
        members: &mut Vec<(String, Json)>,
        name: &'static str,
        class: Class,
        level: u8,
    ) -> Option<T> {
        let value = self.may(members, name, class, level)?;
        if value.is_none() {
            self.within(name, |walk| walk.refuse(Code::MissingMember, Code::MissingMember.fact()));
        }
        value
    }

    /// What is left of an object is unknown to this version.
    pub(crate) fn leftover(&mut self, members: Vec<(String, Json)>, known: &[&str]) {
        for (key, _) in members {
            let remedy = nearest(&key, known)
                .map_or_else(|| Code::UnknownMember.remedy().to_owned(), |near| format!("did you mean \"{near}\"?"));
            let fact = Code::UnknownMember.fact();
            match plain_token(&key) {
                Some(token) => {
                    self.within(token, |walk| walk.refuse_with(Code::UnknownMember, fact, remedy));
                }
                None => self.refuse_with(Code::UnknownMember, fact, remedy),
            }
        }
    }
}

/// A member name that may stand in a pointer: one that looks like a field, not like a person's data.
pub(crate) fn plain_token(key: &str) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    ((1..=40).contains(&key.len()) && key.bytes().all(plain)).then_some(key)
}

/// The nearest of `known`, if it is near.
fn nearest<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    if text.len() > 60 {
        return None;
    }
    known
        .iter()
        .map(|candidate| (strsim::jaro_winkler(text, candidate), *candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, candidate)| candidate)
}

/// A list of at least `MIN` and at most `MAX` different items.
#[derive(Clone, PartialEq, Eq)]
pub struct List<T, const MIN: usize, const MAX: usize>(Vec<T>);

impl<T, const MIN: usize, const MAX: usize> List<T, MIN, MAX> {
    /// The items.
    #[must_use]
    pub fn as_slice(&self) -> &[T] {
        &self.0
    }

    /// The items, one by one.
    pub fn iter(&self) -> core::slice::Iter<'_, T> {
        self.0.iter()
    }
}

impl<T: Clone, const MAX: usize> List<T, 0, MAX> {
    /// The items for which `keep` holds; none if there is none.
    pub(crate) fn only(&self, keep: impl Fn(&T) -> bool) -> Option<Self> {
        let kept: Vec<T> = self.0.iter().filter(|item| keep(item)).cloned().collect();
        (!kept.is_empty()).then_some(Self(kept))
    }
}

impl<T: Member, const MIN: usize, const MAX: usize> Member for List<T, MIN, MAX> {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        let Json::List(nodes) = node else {
            walk.refuse(Code::BadFormat, "a list in square brackets is needed here");
            return None;
        };
        let count = nodes.len();
        if count > MAX {
            walk.refuse(Code::TooLong, format!("the list has {count} items; {MAX} fit"));
        }
        if count < MIN {
            walk.refuse(Code::MissingMember, format!("the list has {count} items; at least {MIN} is needed"));
        }
        let mut items = Vec::with_capacity(count.min(MAX));
        let mut texts: Vec<Zeroizing<Vec<u8>>> = Vec::with_capacity(count.min(MAX));
        for (index, node) in nodes.into_iter().take(MAX).enumerate() {
            walk.within(&index.to_string(), |walk| {
                let Some(item) = T::read(node, walk) else { return };
                let text = Writer::bytes_of(|out| item.write(out));
                if texts.contains(&text) {
                    walk.refuse(Code::BadFormat, "this item stands in the list twice");
                }
                texts.push(text);
                items.push(item);
            });
        }
        (items.len() == count && (MIN..=MAX).contains(&count)).then_some(Self(items))
    }

    fn write(&self, out: &mut Writer) {
        out.begin('[');
        for item in &self.0 {
            out.item();
            item.write(out);
        }
        out.end(']');
    }

    #[cfg(test)]
    fn shape() -> Shape {
        Shape::List { min: MIN, max: MAX, item: Box::new(T::shape()) }
    }
}

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Whole<const MIN: i64, const MAX: i64>(i64);

impl<const MIN: i64, const MAX: i64> Whole<MIN, MAX> {
    /// The number.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> Member for Whole<MIN, MAX> {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        if let Json::Whole(number) = node
            && (MIN..=MAX).contains(&number)
        {
            return Some(Self(number));
        }
        walk.refuse(Code::BadFormat, format!("a whole number from {MIN} to {MAX} is needed here"));
        None
    }

    fn write(&self, out: &mut Writer) {
        out.raw(&self.0.to_string());
    }

    #[cfg(test)]
    fn shape() -> Shape {
        Shape::Whole { min: MIN, max: MAX }
    }
}

impl Member for bool {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        if let Json::Bool(value) = node {
            return Some(value);
        }
        walk.refuse(Code::BadFormat, "true or false is needed here");
        None
    }

    fn write(&self, out: &mut Writer) {
        out.raw(if *self { "true" } else { "false" });
    }

    #[cfg(test)]
    fn shape() -> Shape {
        Shape::Bool
    }
}

impl<T: Member> Member for Personal<T> {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        T::read(node, walk).map(Self::new)
    }

    fn write(&self, out: &mut Writer) {
        self.reveal(out.purpose()).write(out);
    }

    #[cfg(test)]
    fn shape() -> Shape {
        T::shape()
    }
}

impl Member for AgencyId {
    fn read(node: Json, walk: &mut Walk) -> Option<Self> {
        let text = walk.text(node)?;
        let id = text.parse::<Self>().ok();
        if id.is_none() {
            walk.bad_format(&text, "an agency id (two letters, dot, lower-case name with hyphens)");
        }
        id
    }

    fn write(&self, out: &mut Writer) {
        out.text(self.as_str());
    }

    #[cfg(test)]
    fn shape() -> Shape {
        Shape::Text { min: 0, max: None, pattern: "^[a-z]{2}\\.[a-z0-9][a-z0-9-]{1,38}$".to_owned() }
    }
}

/// Declares an object: `need` or `may`, class, lowest level, JSON name, field, type.
///
/// Class `S` or `I` puts the value inside [`Personal`]; `s` and `i` are objects and lists of objects, whose members
/// are each wrapped by themselves.
macro_rules! object {
    (
        $(#[$doc:meta])*
        $name:ident {
            $($kind:ident $class:ident $level:literal $json:literal $field:ident: $ty:ty;)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq)]
        pub struct $name {
            $(
                #[doc = concat!("`", $json, "`, from level ", stringify!($level), ".")]
                pub $field: $crate::referral::walk::slot!($kind $class $ty),
            )+
        }

        impl $crate::referral::walk::Member for $name {
            fn read(node: $crate::referral::json::Json, walk: &mut $crate::referral::walk::Walk) -> Option<Self> {
                let mut members = walk.members(node)?;
                $(
                    let $field = walk.$kind(
                        &mut members, $json, $crate::referral::walk::class!($class), $level,
                    );
                )+
                walk.leftover(members, &[$($json),+]);
                Some(Self { $($field: $field?,)+ })
            }

            fn write(&self, out: &mut $crate::referral::write::Writer) {
                out.begin('{');
                $(
                    $crate::referral::walk::put!($kind $class $level, out, $json, &self.$field);
                )+
                out.end('}');
            }

            #[cfg(test)]
            fn shape() -> $crate::referral::walk::Shape {
                $crate::referral::walk::Shape::Object(vec![$(
                    $crate::referral::walk::Field {
                        name: $json,
                        needed: stringify!($kind) == "need",
                        class: $crate::referral::walk::class!($class),
                        level: $level,
                        shape: <$ty as $crate::referral::walk::Member>::shape(),
                    },
                )+])
            }
        }
    };
}

/// The type of a field.
macro_rules! slot {
    (need O $ty:ty) => { $ty };
    (need o $ty:ty) => { $ty };
    (need s $ty:ty) => { $ty };
    (need i $ty:ty) => { $ty };
    (need S $ty:ty) => { safeconduct_protocol::personal::Personal<$ty> };
    (need I $ty:ty) => { safeconduct_protocol::personal::Personal<$ty> };
    (may $class:ident $ty:ty) => { Option<$crate::referral::walk::slot!(need $class $ty)> };
}

/// The class of a field.
macro_rules! class {
    (O) => {
        $crate::referral::walk::Class::Operational
    };
    (o) => {
        $crate::referral::walk::Class::Operational
    };
    (S) => {
        $crate::referral::walk::Class::Sensitive
    };
    (s) => {
        $crate::referral::walk::Class::Sensitive
    };
    (I) => {
        $crate::referral::walk::Class::Identifying
    };
    (i) => {
        $crate::referral::walk::Class::Identifying
    };
}

/// Whether a field is a value, and no object with members of its own.
macro_rules! whole {
    (O) => {
        true
    };
    (S) => {
        true
    };
    (I) => {
        true
    };
    ($class:ident) => {
        false
    };
}

/// Writes a field, as far as it may be seen.
macro_rules! put {
    (need $class:ident $level:literal, $out:ident, $json:literal, $value:expr) => {
        let class = $crate::referral::walk::class!($class);
        let whole = $crate::referral::walk::whole!($class);
        $out.part($json, class, $level, whole, |out| $crate::referral::walk::Member::write($value, out));
    };
    (may $class:ident $level:literal, $out:ident, $json:literal, $value:expr) => {
        if let Some(value) = $value {
            $crate::referral::walk::put!(need $class $level, $out, $json, value);
        }
    };
}

pub(crate) use {class, object, put, slot, whole};
