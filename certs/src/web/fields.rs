//! What a form brings back.

/// Fields in the order of the form; a name may come several times.
pub type Fields = Vec<(String, String)>;

/// The first field of this name without the space around it, or nothing.
#[must_use]
pub fn field<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
}

/// Every field of this name.
pub fn all<'f>(fields: &'f Fields, name: &'f str) -> impl Iterator<Item = &'f str> {
    fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
}
