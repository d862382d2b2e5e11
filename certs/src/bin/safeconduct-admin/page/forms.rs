//! What a form brings back.

use super::{
    Page,
    gate::Turned,
    sheet::{Trouble, Visit},
};

/// Fields in the order of the form; a name may come several times.
pub(super) type Fields = Vec<(String, String)>;

/// The first field of this name without the space around it, or nothing.
pub(super) fn field<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
}

/// Every field of this name.
pub(super) fn all<'f>(fields: &'f Fields, name: &'f str) -> impl Iterator<Item = &'f str> {
    fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
}

impl Page {
    /// The number of a form that was shown in this session for this purpose.
    pub(super) fn number(&self, visit: Visit, fields: &Fields, purpose: &str) -> Result<String, Trouble> {
        let (number, token) = (field(fields, "number"), field(fields, "token"));
        match self.gate.check_form(purpose, number, token) {
            Ok(()) => Ok(number.to_owned()),
            Err(turned @ (Turned::Form | Turned::Cookie)) => Err(Trouble::turned(visit, turned)),
            Err(_) => Err(Trouble::turned(visit, Turned::Form)),
        }
    }
}
