//! Changes to JSON that leave it JSON, so that the fuzzer gets behind the reader to what is read.

use arbitrary::{Result, Unstructured};
use serde_json::{Value, json};

use crate::input::{CANARY, sample};

/// Changes that are made to one sample at most.
const CHANGES_MAX: usize = 12;

/// The input for a target that reads JSON: a sample with changes to its members or to its bytes, or the bytes themselves.
#[must_use]
pub fn bytes(data: &[u8], samples: &[Vec<u8>]) -> Vec<u8> {
    let Some((sample, mut left)) = sample(data, samples) else { return data.get(1..).unwrap_or_default().to_vec() };
    let by_members = left.arbitrary::<u8>().is_ok_and(|kind| kind < 192);
    match serde_json::from_slice::<Value>(sample) {
        Ok(mut value) if by_members && !left.is_empty() => {
            for _ in 0..CHANGES_MAX {
                if left.is_empty() || change(&mut left, &mut value).is_err() {
                    break;
                }
            }
            value.to_string().into_bytes()
        }
        _ => crate::input::changed(&mut left, sample),
    }
}

/// Values of every kind, at the edges of what readers take.
fn other(left: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match left.int_in_range(0..=15_u8)? {
        0 => Value::Null,
        1 => json!(left.arbitrary::<bool>()?),
        2 => json!(left.arbitrary::<i64>()?),
        3 => json!(left.int_in_range(0..=200_u64)?),
        4 => json!(u64::MAX),
        5 => json!(-1),
        6 => json!(0.5),
        7 => json!([]),
        8 => json!({}),
        9 => json!(""),
        10 => json!(CANARY),
        11 => json!("2026-02-30"),
        12 => json!("e\u{301}\u{202e}\u{0}\n"),
        13 => json!(CANARY.repeat(left.int_in_range(1..=200_usize)?)),
        14 => json!(vec![json!(CANARY); left.int_in_range(0..=40_usize)?]),
        _ => {
            let few = left.int_in_range(0..=24_usize)?.min(left.len());
            json!(String::from_utf8_lossy(left.bytes(few)?))
        }
    })
}

/// One change at one place, which is found by going down from the top.
fn change(left: &mut Unstructured<'_>, value: &mut Value) -> Result<()> {
    let deeper = left.int_in_range(0..=3_u8)? > 0;
    match value {
        Value::Object(members) if !members.is_empty() => {
            let at = left.choose_index(members.len())?;
            let Some(name) = members.keys().nth(at).cloned() else { return Ok(()) };
            if deeper {
                return members.get_mut(&name).map_or(Ok(()), |member| change(left, member));
            }
            match left.int_in_range(0..=3_u8)? {
                0 => drop(members.remove(&name)),
                1 => drop(members.insert(CANARY.to_owned(), other(left)?)),
                2 => {
                    let moved = members.remove(&name).unwrap_or_default();
                    members.insert(format!("{name}{}", left.int_in_range(0..=9_u8)?), moved);
                }
                _ => drop(members.insert(name, other(left)?)),
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = left.choose_index(items.len())?;
            if deeper {
                return items.get_mut(at).map_or(Ok(()), |item| change(left, item));
            }
            match left.int_in_range(0..=3_u8)? {
                0 => drop(items.remove(at)),
                1 => items.insert(at, other(left)?),
                2 => {
                    let again = items.get(at).cloned().unwrap_or_default();
                    (0..left.int_in_range(1..=20_u8)?).for_each(|_| items.push(again.clone()));
                }
                _ => items.reverse(),
            }
        }
        Value::String(text) if left.arbitrary::<bool>()? => {
            let at = left.int_in_range(0..=text.len())?;
            let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            match left.int_in_range(0..=3_u8)? {
                0 => text.truncate(at),
                1 => text.insert(at, left.arbitrary()?),
                2 => text.insert_str(at, CANARY),
                _ => *text = text.chars().rev().collect(),
            }
        }
        Value::Number(number) if left.arbitrary::<bool>()? => {
            let by = left.int_in_range(-2..=2_i64)?;
            *value = json!(number.as_i64().unwrap_or(0).wrapping_add(by));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
            *value = other(left)?;
        }
    }
    Ok(())
}
