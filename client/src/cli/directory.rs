//! `directory`.

use super::{
    Context,
    output::{Words, table},
    verbs::Verbs,
};
use crate::{api::shapes::Directory, error::Told, exit::Exit};

pub(super) fn run(context: &Context) -> Result<Exit, Told> {
    Ok(context.output.answer(&Verbs::reach(context)?.directory()?))
}

impl Words for Directory {
    fn words(&self) -> String {
        if self.agencies.is_empty() {
            return "no agencies known yet".to_owned();
        }
        let rows: Vec<Vec<String>> = self
            .agencies
            .iter()
            .map(|line| {
                let name = line.names.get("eng").or_else(|| line.names.values().next()).cloned().unwrap_or_default();
                let status =
                    if line.exercise { format!("{} (exercise only)", line.status) } else { line.status.clone() };
                vec![line.agency_id.clone(), name, line.country.clone(), line.roles.join(", "), status]
            })
            .collect();
        table(&["agency", "name", "country", "roles", "status"], &rows)
    }
}
