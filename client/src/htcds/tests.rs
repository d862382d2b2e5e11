use std::{collections::BTreeMap, path::Path};

use safeconduct_protocol::time::Timestamp;

use super::{
    columns::{About, COLUMNS},
    read::{self, Fault, ROWS_MAX},
    write::{self, Row, WhoTheyAre},
};
use crate::{
    casework::life::state::State,
    referral::{self, Referral},
};

/// The twelve valid samples.
fn samples() -> Vec<Referral> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/samples");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let all: Vec<Referral> =
        paths.iter().map(|path| referral::parse(&std::fs::read(path).unwrap()).ok().unwrap()).collect();
    assert_eq!(all.len(), 12);
    all
}

fn row(referral: &Referral) -> Row<'_> {
    Row { referral, state: State::InService, accepted_at: Some(Timestamp(1_780_315_200)) }
}

/// The cells of a file's first row, by column.
fn cells(file: &str) -> BTreeMap<&'static str, String> {
    let mut rows = super::cells::Rows::new(file);
    rows.row().unwrap();
    let cells = rows.row().unwrap().unwrap();
    COLUMNS.iter().zip(cells).map(|(column, cell)| (column.name, cell.text.to_string())).collect()
}

/// A file of one row with these cells.
fn file_of(cells: &[(&str, &str)]) -> String {
    let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
    let texts: Vec<String> = cells.iter().map(|(_, text)| format!("\"{}\"", text.replace('"', "\"\""))).collect();
    format!("{}\n{}\n", names.join(","), texts.join(","))
}

fn faults(file: &str) -> Vec<Fault> {
    read::read(file.as_bytes()).err().unwrap()
}

fn place(fault: &Fault) -> (usize, &str) {
    (fault.line, fault.column.as_str())
}

#[test]
fn every_sample_comes_back_byte_for_byte() {
    let samples = samples();
    let rows: Vec<Row<'_>> = samples.iter().map(row).collect();

    let file = write::write(&rows, WhoTheyAre::Told);
    let back = read::read(file.as_bytes()).ok().unwrap();

    assert_eq!(back.len(), 12);
    for (imported, sample) in back.iter().zip(&samples) {
        assert!(imported.whole && imported.state == Some(State::InService));
        assert_eq!(*imported.content, *referral::canonical(sample));
    }
}

#[test]
fn columns_say_what_the_standard_calls_it() {
    let cells = cells(&write::write(&[row(&samples()[2])], WhoTheyAre::Told));

    let expected = [
        ("cas_OutgoingReferralDate", "2026-05-28"),
        ("cas_IncomingReferralDate", "2026-06-01"),
        ("cas_Status", "FollowUp"),
        ("cas_ReferringOrganisation", "xa.workers-welcome"),
        ("org_Type_from", "NGO"),
        ("org_Type_to", "LegalService"),
        ("org_ShippingCountry_to", "XC"),
        ("cas_ReferringPrimaryCaseWorker", "Petra Holm-Sample"),
        ("spl_Type", "Legal"),
        ("prs_Gender", "Masculine"),
        ("prs_PrimaryLanguage", "ara"),
        ("prs_SecondaryLanguage", "fra"),
        ("vic_TraffickingStatus", "ActualVictimOfTrafficking"),
        ("con_Consent", "true"),
        ("sc_role_to", "LegalAid"),
        ("sc_services", "LegalRepresentation;LabourClaim;Compensation;ResidenceRegularisation"),
        ("sc_state", "in-service"),
    ];
    for (column, text) in expected {
        assert_eq!(cells[column], text, "{column}");
    }
    assert!(!cells["prs_Birthdate"].is_empty() && !cells["prs_MailingCountry"].is_empty());
}

#[test]
fn without_identity_no_column_says_who_anybody_is() {
    let samples = samples();
    let told = cells(&write::write(&[row(&samples[2])], WhoTheyAre::Told));
    let file = write::write(&[row(&samples[2])], WhoTheyAre::LeftOut);
    let left_out = cells(&file);

    for column in COLUMNS {
        let expected = if column.about == About::Identity { "" } else { told[column.name].as_str() };
        assert_eq!(left_out[column.name], expected, "{}", column.name);
    }
    for told in ["prs_FirstName", "prs_Birthdate", "prs_MobilePhone", "sc_referral"].map(|column| &told[column]) {
        assert!(told.is_empty() || !file.contains(told.as_str()));
    }
}

#[test]
fn no_cell_of_a_file_is_a_formula() {
    let mut seen = 0;
    for sample in samples() {
        for cell in write::cells_of(&row(&sample)) {
            let mut out = zeroize::Zeroizing::new(String::new());
            super::cells::put(&cell, &mut out);
            let begin = out.trim_start_matches('"').chars().next();
            assert!(!begin.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n')));
            seen += usize::from(cell.starts_with('+') && out.starts_with("'+"));
        }
    }
    assert!(seen > 0, "telephone numbers begin with +");
}

#[test]
fn a_column_that_says_otherwise_than_the_referral_is_a_fault_at_its_line() {
    let samples = samples();
    let rows: Vec<Row<'_>> = samples.iter().take(3).map(row).collect();
    let file = write::write(&rows, WhoTheyAre::Told);
    let changed = file.replacen("LegalService", "NGO", 1).replacen("Masculine", "Feminine", 9);

    let found = faults(&changed);

    let columns: Vec<&str> = found.iter().map(|fault| fault.column.as_str()).collect();
    assert!(columns.contains(&"org_Type_to") && columns.contains(&"prs_Gender"), "{found:?}");
    let line = |fault: &Fault| changed.lines().nth(fault.line - 1).is_some();
    assert!(found.iter().all(line));
    assert!(found.iter().all(|fault| !fault.fact.contains("Feminine")), "what a cell says is not repeated");
}

#[test]
fn one_fault_anywhere_and_nothing_is_imported() {
    let samples = samples();
    let rows: Vec<Row<'_>> = samples.iter().map(row).collect();
    let file = write::write(&rows, WhoTheyAre::Told);
    let cut = format!("{}x\n", file.as_str());

    assert!(read::read(file.as_bytes()).is_ok());
    assert!(read::read(cut.as_bytes()).is_err());
    let empty_state = file_of(&[("sc_state", "gone"), ("prs_Gender", "Feminine")]);
    assert_eq!(place(&faults(&empty_state)[0]), (2, "sc_state"));
}

#[test]
fn every_fault_is_told_with_its_line_and_column() {
    let cases: [(&str, (usize, &str)); 9] = [
        ("", (1, "1")),
        ("prs_Gender,prs_Gendr\n", (1, "2")),
        ("prs_Gender,prs_Gender\n", (1, "2")),
        ("prs_Gender,sc_state\nFeminine\n", (2, "1")),
        ("prs_Gender,sc_services\nFeminine,Shelter\nLady,Shelter\n", (3, "prs_Gender")),
        ("prs_Citizenship\n\"XC;Xd\"\n", (2, "prs_Citizenship")),
        ("prs_NumberOfChildren\ntwo\n", (2, "prs_NumberOfChildren")),
        ("sc_referral\ne30=\n", (2, "sc_referral")),
        ("hte_Type,hte_Country\nTransit;Transit,XC\n", (2, "hte_Country")),
    ];
    for (file, expected) in cases {
        let found = faults(file);
        assert_eq!(place(&found[0]), expected, "{file:?}: {found:?}");
    }
    let latin = read::read(b"prs_Gender\n\xff\n").err().unwrap();
    assert_eq!(place(&latin[0]), (2, "1"));
    assert!(faults("prs_Gendr\n")[0].fact.contains("the nearest is prs_Gender"));
}

#[test]
fn a_row_of_another_system_becomes_a_beginning_in_either_spelling_and_brings_no_consent() {
    let file = file_of(&[
        ("sc_services", "Shelter;Transport"),
        ("vic_MethodsOfControl", "ThreatOfLawEnforcement;PsychoactiveSubstances"),
        ("prs_PrimaryLanguage", "ron"),
        ("prs_FirstName", "'=Ana"),
        ("prs_NumberOfChildren", "2"),
        ("hte_Type", "Recruitment;Transit"),
        ("hte_Country", "XC;XA"),
        ("con_Consent", "true"),
    ]);

    let back = read::read(file.as_bytes()).ok().unwrap();

    let text = String::from_utf8(back[0].content.to_vec()).unwrap();
    let expected = concat!(
        r#"{"header":{},"enquiry":{"services":["Shelter","Transport"],"languages":["ron"]},"#,
        r#""summary":{"vic_MethodsOfControl":["ThreatsLawEnforcement","PsychoactiveSubstance"]},"#,
        r#""identity":{"names":[{"use":"Legal","prs_FirstName":"=Ana"}],"prs_NumberOfChildren":2},"#,
        r#""case_file":{"events":[{"hte_Type":"Recruitment","hte_Country":"XC"},{"hte_Type":"Transit","hte_Country":"XA"}]}}"#,
    );
    assert_eq!(text, expected);
    assert!(!back[0].whole && back[0].state.is_none());
}

#[test]
fn rows_are_bounded() {
    let rows = |count: usize| format!("prs_Gender\n{}", "Feminine\n".repeat(count));

    assert_eq!(read::read(rows(ROWS_MAX).as_bytes()).ok().unwrap().len(), ROWS_MAX);
    assert_eq!(place(&faults(&rows(ROWS_MAX + 1))[0]), (ROWS_MAX + 2, "1"));
}

proptest::proptest! {
    #[test]
    fn whatever_a_file_holds_it_is_read_or_refused_with_a_place(text in "[a-zA-Z_;,'\"=\n\r ]{0,200}") {
        for file in [text.clone(), format!("prs_Gender,sc_referral,prs_FirstName\n{text}")] {
            if let Err(found) = read::read(file.as_bytes()) {
                proptest::prop_assert!(!found.is_empty() && found.iter().all(|fault| fault.line > 0 && !fault.column.is_empty()));
            }
        }
    }
}
