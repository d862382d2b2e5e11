//! The number of a form that comes back.

use safeconduct_certs::web::{
    door::Turned,
    fields::{Fields, field},
};

use super::{
    Page,
    sheet::{Trouble, Visit},
};

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
