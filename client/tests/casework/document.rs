//! `docs/CASEWORK.md` is what the tables say.

#[path = "../../examples/casework/text.rs"]
mod text;

use safeconduct_client::casework::life::table::TABLE;

#[test]
fn the_casework_document_is_printed_from_the_tables() {
    let document = include_str!("../../../docs/CASEWORK.md");
    let printed = text::document();

    let differs = document.lines().zip(printed.lines()).find(|(is, should)| is != should);
    assert!(
        document == printed,
        "run `cargo run -p safeconduct-client --example casework > docs/CASEWORK.md`: {differs:?}"
    );
    assert!(TABLE.iter().all(|row| document.contains(&format!("\n| {} |", row.id))));
    assert!(document.contains("`safeconduct referral --help`"));
}
