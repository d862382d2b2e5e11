//! A file as referrals: all of it or nothing, with line and column of every fault.
//!
//! A row whose last column holds the referral is that referral; its other columns must say the same, in either spelling of the
//! standard, or nothing. A row without it is a beginning: what its columns say, to be completed by a caseworker. Consents are never
//! taken from a column: a person is asked anew.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{
    cells::{self, Cell, Rows},
    columns::{self, BETWEEN, COLUMNS, Column, Form, Source},
    write::{self, Row},
};
use crate::{
    casework::life::state::State,
    referral::{self, Finding, code::Code, compose::tree, json::Json, write::Writer},
};

/// Rows of a file that are read at most.
pub const ROWS_MAX: usize = 5_000;
/// Faults that are told at most.
pub const FAULTS_MAX: usize = 100;
/// How near a mistyped column must be to be named.
const NEAR: f64 = 0.8;

/// A fault in a file. It never repeats what a cell says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Line, from 1.
    pub line: usize,
    /// The column's name; its number where it has none.
    pub column: String,
    /// What is wrong.
    pub fact: String,
}

/// A row of a file.
pub struct Imported {
    /// The line on which it begins.
    pub line: usize,
    /// The referral as JSON: whole and canonical, or what the columns say of one.
    pub content: Zeroizing<Vec<u8>>,
    /// Whether it is whole.
    pub whole: bool,
    /// What became of it where it was written.
    pub state: Option<State>,
}

/// Reads a file.
///
/// # Errors
/// Every fault, at most [`FAULTS_MAX`].
pub fn read(bytes: &[u8]) -> Result<Vec<Imported>, Vec<Fault>> {
    let one = |line, column: &str, fact: &str| vec![Fault { line, column: column.to_owned(), fact: fact.to_owned() }];
    if bytes.len() > cells::FILE_BYTES_MAX {
        return Err(one(1, "1", "the file is too long"));
    }
    let text = core::str::from_utf8(bytes).map_err(|error| {
        let line = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count().saturating_add(1);
        one(line, "1", "the file is not UTF-8")
    })?;
    let mut rows = Rows::new(text);
    let not_cells = |refused: cells::NotCells| one(refused.line, &refused.number.to_string(), refused.fact);
    let head = rows.row().map_err(not_cells)?.ok_or_else(|| one(1, "1", "the file is empty"))?;
    let order = order(&head)?;
    let (mut all, mut faults): (Vec<Imported>, Vec<Fault>) = (Vec::new(), Vec::new());
    while let Some(row) = rows.row().map_err(not_cells)? {
        let line = row.first().map_or(1, |cell| cell.line);
        if all.len() >= ROWS_MAX {
            return Err(one(line, "1", "the file has too many rows; split it"));
        }
        if row.len() != order.len() {
            let fact = format!("the row has {} cells, and the first line names {}", row.len(), order.len());
            faults.push(Fault { line, column: row.len().to_string(), fact });
        } else {
            match imported(&row, &order, line) {
                Ok(imported) => all.push(imported),
                Err(found) => faults.extend(found),
            }
        }
        if faults.len() >= FAULTS_MAX {
            faults.truncate(FAULTS_MAX);
            return Err(faults);
        }
    }
    if faults.is_empty() { Ok(all) } else { Err(faults) }
}

/// The columns that the first line names, in its order.
fn order(head: &[Cell]) -> Result<Vec<&'static Column>, Vec<Fault>> {
    let (mut order, mut faults): (Vec<&'static Column>, Vec<Fault>) = (Vec::new(), Vec::new());
    for (at, cell) in head.iter().enumerate() {
        let mut wrong =
            |fact: String| faults.push(Fault { line: cell.line, column: at.saturating_add(1).to_string(), fact });
        match COLUMNS.iter().find(|column| column.name == cell.text.trim()) {
            Some(column) if order.iter().any(|before| before.name == column.name) => {
                wrong(format!("the column {} stands here twice", column.name));
            }
            Some(column) => order.push(column),
            None => {
                let likeness = |column: &&Column| strsim::jaro_winkler(&cell.text, column.name);
                let near = COLUMNS.iter().max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
                wrong(near.filter(|near| likeness(near) > NEAR).map_or_else(
                    || "this is no column that is known here".to_owned(),
                    |near| format!("this is no column that is known here; the nearest is {}", near.name),
                ));
            }
        }
    }
    if faults.is_empty() { Ok(order) } else { Err(faults) }
}

fn imported(row: &[Cell], order: &[&'static Column], line: usize) -> Result<Imported, Vec<Fault>> {
    let cell = |source: Source| {
        let at = order.iter().position(|column| column.source == source)?;
        row.get(at).filter(|cell| !cell.text.is_empty())
    };
    let state = match cell(Source::State) {
        None => None,
        Some(cell) => Some(columns::state(&cell.text).ok_or_else(|| {
            vec![Fault {
                line: cell.line,
                column: "sc_state".to_owned(),
                fact: "this is no state of a referral".to_owned(),
            }]
        })?),
    };
    let (content, whole) = match cell(Source::Whole) {
        Some(cell) => (whole(cell, row, order, state)?, true),
        None => (beginning(row, order)?, false),
    };
    Ok(Imported { line, content, whole, state })
}

/// The referral of a row, which its other columns must agree with.
fn whole(
    cell: &Cell,
    row: &[Cell],
    order: &[&'static Column],
    state: Option<State>,
) -> Result<Zeroizing<Vec<u8>>, Vec<Fault>> {
    let fault = |fact: String| Fault { line: cell.line, column: "sc_referral".to_owned(), fact };
    let bytes = STANDARD.decode(cell.text.as_bytes()).map(Zeroizing::new);
    let bytes = bytes.map_err(|_bad| vec![fault("this is not base64".to_owned())])?;
    let referral = referral::parse(&bytes)
        .map_err(|findings| findings.iter().map(|finding| fault(found(finding))).collect::<Vec<Fault>>())?;
    if *referral::canonical(&referral) != *bytes {
        return Err(vec![fault("the referral is not in canonical form".to_owned())]);
    }
    let expected =
        write::cells_of(&Row { referral: &referral, state: state.unwrap_or(State::Draft), accepted_at: None });
    let mut faults = Vec::new();
    for (cell, column) in row.iter().zip(order).filter(|(cell, _)| !cell.text.is_empty()) {
        let at = COLUMNS.iter().position(|known| known.name == column.name);
        let expected = at.and_then(|at| expected.get(at)).map_or("", |text| text.as_str());
        if !is_of_its_own(column.source) && spelled(column, &cell.text).as_str() != expected {
            let fact =
                "this says otherwise than the referral in sc_referral; change the referral, or leave the cell empty";
            faults.push(Fault { line: cell.line, column: column.name.to_owned(), fact: fact.to_owned() });
        }
    }
    if faults.is_empty() { Ok(bytes) } else { Err(faults) }
}

/// Whether a column says what the referral itself does not.
const fn is_of_its_own(source: Source) -> bool {
    matches!(source, Source::Accepted | Source::Status | Source::State | Source::Whole)
}

/// A cell in our spelling.
fn spelled(column: &Column, text: &str) -> Zeroizing<String> {
    let Form::Spelled(ours) = column.form else { return Zeroizing::new(text.to_owned()) };
    let items: Vec<&str> = text.split(BETWEEN).map(ours).collect();
    Zeroizing::new(items.join(&BETWEEN.to_string()))
}

fn found(finding: &Finding) -> String {
    format!("the referral does not fit at {}: {}", finding.pointer(), finding.fact())
}

/// What a row without a referral says of one.
fn beginning(row: &[Cell], order: &[&'static Column]) -> Result<Zeroizing<Vec<u8>>, Vec<Fault>> {
    // A referral that is not finished, as drafts begin with one.
    let mut tree = Json::Object(vec![("header".to_owned(), Json::Object(Vec::new()))]);
    let mut faults = Vec::new();
    for (cell, column) in row.iter().zip(order).filter(|(cell, _)| !cell.text.is_empty()) {
        if let Err(fact) = place(&mut tree, column, &cell.text) {
            faults.push(Fault { line: cell.line, column: column.name.to_owned(), fact });
        }
    }
    let content = Writer::bytes_of(|out| tree.write(out));
    // What is missing is for a caseworker; what is there must fit.
    for finding in referral::parse(&content).err().unwrap_or_default() {
        let of = row.iter().zip(order).find(|(_, column)| holds(column, finding.pointer()));
        if let Some((cell, column)) = of.filter(|_| finding.code() != Code::MissingMember) {
            faults.push(Fault { line: cell.line, column: column.name.to_owned(), fact: finding.fact().to_owned() });
        }
    }
    if faults.is_empty() { Ok(content) } else { Err(faults) }
}

/// Whether a JSON pointer leads to what a column holds.
fn holds(column: &Column, pointer: &str) -> bool {
    let begins = |path: &str| {
        let path = format!("/{}", path.replace('.', "/"));
        pointer.strip_prefix(path.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    match column.source {
        Source::At(path) => begins(path),
        Source::Item(path, at) => begins(&format!("{path}.{at}")),
        Source::Each(path, member) | Source::First(path, member) => {
            begins(path) && pointer.ends_with(&format!("/{member}"))
        }
        Source::Name(part) => begins("identity.names") && pointer.ends_with(&format!("/{part}")),
        Source::Day(_)
        | Source::AgencyType(_)
        | Source::Support
        | Source::Consent
        | Source::Accepted
        | Source::Status
        | Source::State
        | Source::Whole => false,
    }
}

impl Json {
    /// Sets the value at a path, through objects that are made where they are not there.
    fn set(&mut self, path: &'static str, value: Self) {
        self.change(path, |place| *place = value);
    }

    /// Changes the list at a path, an empty one where there is none.
    fn change_list<R: Default>(&mut self, path: &'static str, change: impl FnOnce(&mut Vec<Self>) -> R) -> R {
        let mut done = R::default();
        self.change(path, |place| {
            let mut items = match core::mem::replace(place, Self::Null) {
                Self::List(items) => items,
                Self::Null | Self::Bool(_) | Self::Whole(_) | Self::Fraction | Self::Text(_) | Self::Object(_) => {
                    Vec::new()
                }
            };
            done = change(&mut items);
            *place = Self::List(items);
        });
        done
    }

    fn change(&mut self, path: &'static str, change: impl FnOnce(&mut Self)) {
        let mut place = self;
        for name in path.split('.') {
            if !matches!(place, Self::Object(_)) {
                *place = Self::Object(Vec::new());
            }
            let Self::Object(members) = place else { return };
            if !members.iter().any(|(known, _)| *known == name) {
                members.push((name.to_owned(), Self::Object(Vec::new())));
            }
            let Some((_, member)) = members.iter_mut().find(|(known, _)| *known == name) else { return };
            place = member;
        }
        change(place);
    }
}

/// Puts a cell where it belongs.
fn place(tree: &mut Json, column: &Column, text: &str) -> Result<(), String> {
    match column.source {
        Source::At(path) => {
            let value = match column.form {
                Form::Text => tree::text(text),
                Form::List => Json::List(text.split(BETWEEN).map(tree::text).collect()),
                Form::Spelled(ours) => Json::List(text.split(BETWEEN).map(|code| tree::text(ours(code))).collect()),
                Form::Number => Json::Whole(text.parse().map_err(|_not| "this is no whole number".to_owned())?),
            };
            tree.set(path, value);
        }
        Source::Item(path, _) => tree.change_list(path, |items| items.push(tree::text(text))),
        Source::First(path, member) => tree.change_list(path, |items| nth(items, 0, member, text)),
        Source::Name(part) => tree.change_list("identity.names", |items| {
            nth(items, 0, "use", "Legal");
            nth(items, 0, part, text);
        }),
        Source::Each(path, member) => {
            let parts: Vec<&str> = text.split(BETWEEN).collect();
            let there = tree.change_list(path, |items| {
                let there = items.len();
                if there == 0 || there == parts.len() {
                    parts.iter().enumerate().for_each(|(at, part)| nth(items, at, member, part));
                }
                there
            });
            if there != 0 && there != parts.len() {
                return Err(format!(
                    "there are {} items here, and {there} in another column of the same list",
                    parts.len()
                ));
            }
        }
        // What only the other side can say, or what only the person can.
        Source::Day(_)
        | Source::AgencyType(_)
        | Source::Support
        | Source::Consent
        | Source::Accepted
        | Source::Status
        | Source::State
        | Source::Whole => {}
    }
    Ok(())
}

/// Sets a member of the object at a place of a list; an empty text sets nothing.
fn nth(items: &mut Vec<Json>, at: usize, member: &'static str, text: &str) {
    while items.len() <= at {
        items.push(Json::Object(Vec::new()));
    }
    if let Some(item) = items.get_mut(at).filter(|_| !text.is_empty()) {
        item.set(member, tree::text(text));
    }
}
