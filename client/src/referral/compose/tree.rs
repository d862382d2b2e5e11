//! A JSON tree that is being filled in.

use zeroize::Zeroizing;

use crate::referral::{json::Json, write::Writer};

impl Json {
    /// Writes it as it stands, members in their order.
    pub(crate) fn write(&self, out: &mut Writer) {
        match self {
            Self::Null => out.raw("null"),
            Self::Bool(value) => out.raw(if *value { "true" } else { "false" }),
            Self::Whole(value) => out.raw(&value.to_string()),
            // No member takes one: it is refused wherever it stands, whatever it was.
            Self::Fraction => out.raw("0.5"),
            Self::Text(text) => out.text(text),
            Self::List(items) => {
                out.begin('[');
                for item in items {
                    out.item();
                    item.write(out);
                }
                out.end(']');
            }
            Self::Object(members) => {
                out.begin('{');
                for (name, value) in members {
                    out.member(name);
                    value.write(out);
                }
                out.end('}');
            }
        }
    }
}

/// A text.
pub(crate) fn text(text: &str) -> Json {
    Json::Text(Zeroizing::new(text.to_owned()))
}

/// The text that a value is.
pub(super) fn text_of(value: &Json) -> Option<&str> {
    let Json::Text(text) = value else { return None };
    Some(text)
}

/// Puts a member into an object that does not have it.
pub(super) fn child(tree: &mut Json, name: &str, value: impl FnOnce() -> Json) {
    if let Json::Object(members) = tree
        && !members.iter().any(|(key, _)| key == name)
    {
        members.push((name.to_owned(), value()));
    }
}

/// The members of an object in an object.
pub(super) fn members_mut<'a>(tree: &'a mut Json, part: &str) -> Option<&'a mut Vec<(String, Json)>> {
    let Json::Object(parts) = tree else { return None };
    match parts.iter_mut().find(|(name, _)| name == part) {
        Some((_, Json::Object(members))) => Some(members),
        _ => None,
    }
}

/// The items of a list among these members; none if it is no list.
pub(super) fn list_mut<'a>(members: &'a mut [(String, Json)], name: &str) -> impl Iterator<Item = &'a mut Json> {
    let found = members.iter_mut().find(|(key, _)| key == name);
    let items = match found {
        Some((_, Json::List(items))) => items.as_mut_slice(),
        _ => &mut [],
    };
    items.iter_mut()
}

/// Takes a member out of an object in an object.
pub(super) fn remove(tree: &mut Json, part: &str, name: &str) {
    if let Some(members) = members_mut(tree, part) {
        members.retain(|(key, _)| key != name);
    }
}
