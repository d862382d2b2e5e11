//! Strict JSON: UTF-8 without a byte-order mark, no member twice, no lone surrogate, bounded depth and size
//! (RFC 8259, and RFC 7493 where it is stricter).

use core::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use super::code::Code;
use super::finding::Finding;
use super::walk::plain_token;

/// Bytes of JSON that are read at most.
pub(crate) const INPUT_BYTES_MAX: usize = 1024 * 1024;
/// Objects and lists inside each other, the outermost counted.
pub(crate) const DEPTH_MAX: usize = 8;

/// A JSON value. No `Debug`: it may hold personal data.
pub(crate) enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without fraction or exponent that fits.
    Whole(i64),
    /// Any other number: no member of a referral takes one.
    Fraction,
    /// A string.
    Text(Zeroizing<String>),
    /// An array.
    List(Vec<Self>),
    /// An object, its members in the order of the file, each name once.
    Object(Vec<(String, Self)>),
}

impl Json {
    /// A member of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, node)| node)
    }
}

/// Reads one JSON value.
///
/// # Errors
/// What is wrong with the bytes, before anything is known about a referral.
pub(crate) fn parse(bytes: &[u8]) -> Result<Json, Vec<Finding>> {
    let refuse = |code, fact: String| Err(vec![Finding::refuse(code, String::new(), fact)]);
    if bytes.len() > INPUT_BYTES_MAX {
        return refuse(Code::TooLarge, format!("the file has {} bytes; {INPUT_BYTES_MAX} are read", bytes.len()));
    }
    if bytes.starts_with("\u{feff}".as_bytes()) {
        return refuse(Code::NotJson, "the file begins with a byte-order mark".to_owned());
    }
    if let Err(error) = core::str::from_utf8(bytes) {
        return refuse(Code::NotJson, format!("byte {} is not UTF-8", error.valid_up_to()));
    }
    let mut state = State { path: String::new(), findings: Vec::new(), too_deep: false };
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    let parsed = Seed { state: &mut state, depth: 0 }.deserialize(&mut deserializer);
    match parsed.and_then(|node| deserializer.end().map(|()| node)) {
        Ok(node) if state.findings.is_empty() => Ok(node),
        Ok(_) => Err(state.findings),
        Err(_) if state.too_deep => {
            refuse(Code::TooLarge, format!("objects and lists stand more than {DEPTH_MAX} deep inside each other"))
        }
        Err(error) => {
            refuse(Code::NotJson, format!("JSON breaks off at line {}, column {}", error.line(), error.column()))
        }
    }
}

/// Where the reader is, and what it found.
struct State {
    path: String,
    findings: Vec<Finding>,
    too_deep: bool,
}

/// Reads one value at one depth.
struct Seed<'a> {
    state: &'a mut State,
    depth: usize,
}

impl Seed<'_> {
    /// A value one level deeper, at `token`.
    fn deeper<R>(&mut self, token: &str, read: impl FnOnce(Seed<'_>) -> R) -> R {
        let length = self.state.path.len();
        self.state.path.push('/');
        self.state.path.push_str(token);
        let result = read(Seed { state: &mut *self.state, depth: self.depth.saturating_add(1) });
        self.state.path.truncate(length);
        result
    }

    /// Refuses an object or list that stands too deep.
    fn enter<E: serde::de::Error>(&mut self) -> Result<(), E> {
        if self.depth >= DEPTH_MAX {
            self.state.too_deep = true;
            return Err(E::custom("too deep"));
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Json;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Whole(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(i64::try_from(value).map_or(Json::Fraction, Json::Whole))
    }

    fn visit_f64<E>(self, _value: f64) -> Result<Json, E> {
        Ok(Json::Fraction)
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(Zeroizing::new(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Json, A::Error> {
        self.enter()?;
        let mut items = Vec::new();
        loop {
            let token = items.len().to_string();
            match self.deeper(&token, |seed| list.next_element_seed(seed))? {
                Some(item) => items.push(item),
                None => return Ok(Json::List(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Json, A::Error> {
        self.enter()?;
        let mut members: Vec<(String, Json)> = Vec::new();
        // A file of a megabyte may name a hundred thousand members; the set keeps the search for twins short.
        let mut names = std::collections::HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            let token = plain_token(&name).unwrap_or("?").to_owned();
            let twin = !names.insert(name.clone());
            if twin && self.state.findings.len() < 100 {
                let at = plain_token(&name)
                    .map_or_else(|| self.state.path.clone(), |token| format!("{}/{token}", self.state.path));
                self.state.findings.push(Finding::refuse(Code::DuplicateMember, at, Code::DuplicateMember.fact()));
            }
            let node = self.deeper(&token, |seed| map.next_value_seed(seed))?;
            if !twin {
                members.push((name, node));
            }
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &[u8]) -> (Code, String) {
        let findings = parse(text).err().unwrap();
        (findings[0].code(), findings[0].pointer().to_owned())
    }

    #[test]
    fn what_is_not_strict_json_is_refused_with_its_place() {
        let cases: [(&[u8], Code, &str); 9] = [
            (b"", Code::NotJson, ""),
            (b"{} {}", Code::NotJson, ""),
            (b"{\"a\":1,}", Code::NotJson, ""),
            (b"\xef\xbb\xbf{}", Code::NotJson, ""),
            (b"{\"a\":\"\xff\"}", Code::NotJson, ""),
            (b"{\"a\":\"\\ud800\"}", Code::NotJson, ""),
            (b"{\"a\":NaN}", Code::NotJson, ""),
            (b"{\"a\":{\"b\":[{\"c\":1,\"c\":2}]}}", Code::DuplicateMember, "/a/b/0/c"),
            (b"{\"Ol na\":1,\"Ol na\":2}", Code::DuplicateMember, ""),
        ];
        for (bytes, code, pointer) in cases {
            assert_eq!(refused(bytes), (code, pointer.to_owned()), "{bytes:?}");
        }
    }

    #[test]
    fn only_plain_whole_numbers_are_numbers() {
        for text in ["1.0", "1e0", "-0", "9223372036854775808", "1e400"] {
            assert!(!matches!(parse(text.as_bytes()), Ok(Json::Whole(_))), "{text}");
        }
        assert!(matches!(parse(b"9223372036854775807"), Ok(Json::Whole(i64::MAX))));
    }

    #[test]
    fn depth_is_bounded_at_eight() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));

        assert!(parse(nested(8).as_bytes()).is_ok());
        assert_eq!(refused(nested(9).as_bytes()).0, Code::TooLarge);
        assert_eq!(refused("[".repeat(100_000).as_bytes()).0, Code::TooLarge);
    }

    #[test]
    fn size_is_bounded_at_a_mebibyte() {
        let padded = |bytes: usize| format!("{{}}{}", " ".repeat(bytes - 2));

        assert!(parse(padded(INPUT_BYTES_MAX).as_bytes()).is_ok());
        assert_eq!(refused(padded(INPUT_BYTES_MAX + 1).as_bytes()).0, Code::TooLarge);
    }
}
