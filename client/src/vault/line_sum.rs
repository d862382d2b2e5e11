//! A sum over the lines of a set, kept up with each change at the cost of that change: SHA-256 of each line, added in four lanes of
//! 64 bits. Who can only put back pages of former days, and cannot read them, finds no other set with the same sum.

use core::fmt::Write as _;

use safeconduct_protocol::crypto::hash::sha256;

/// The sum of no lines.
pub(crate) const EMPTY: [u8; 32] = [0; 32];

/// The sum after `old` has gone and `new` has come, where they are lines.
pub(crate) fn replaced(sum: [u8; 32], old: Option<&str>, new: Option<&str>) -> [u8; 32] {
    let without = old.map_or(sum, |line| lanes(sum, sha256(&[line.as_bytes()]), u64::wrapping_sub));
    new.map_or(without, |line| lanes(without, sha256(&[line.as_bytes()]), u64::wrapping_add))
}

/// The line of a pair, as the view `node_rows` has it.
pub(super) fn of_pair(partner: &[u8; 32], epoch: i64, length: i64, head: &[u8; 32]) -> String {
    let mut line = String::with_capacity(200);
    let hex = |line: &mut String, bytes: &[u8; 32]| bytes.iter().try_for_each(|byte| write!(line, "{byte:02X}"));
    line.push_str("pair ");
    // Writing to a String cannot fail.
    hex(&mut line, partner).ok();
    write!(line, ":{epoch}:{length}:").ok();
    hex(&mut line, head).ok();
    line
}

fn lanes(one: [u8; 32], two: [u8; 32], with: fn(u64, u64) -> u64) -> [u8; 32] {
    let mut sum = EMPTY;
    let (ones, twos) = (one.as_chunks::<8>().0, two.as_chunks::<8>().0);
    for ((to, one), two) in sum.as_chunks_mut::<8>().0.iter_mut().zip(ones).zip(twos) {
        *to = with(u64::from_be_bytes(*one), u64::from_be_bytes(*two)).to_be_bytes();
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_changes_does_not_count_and_every_line_does() {
        let of = |lines: &[&str]| lines.iter().fold(EMPTY, |sum, line| replaced(sum, None, Some(line)));

        assert_eq!(of(&["a", "b", "c"]), of(&["c", "a", "b"]));
        assert_eq!(replaced(of(&["a", "b"]), Some("b"), Some("c")), of(&["a", "c"]));
        assert_eq!(replaced(of(&["a", "b"]), Some("b"), None), of(&["a"]));
        assert_eq!(replaced(of(&["a"]), Some("a"), None), EMPTY);
        assert_ne!(of(&["a", "b"]), of(&["a", "c"]));
        assert_ne!(of(&["a", "a"]), EMPTY);
    }

    #[test]
    fn the_line_of_a_pair_is_that_of_the_view() {
        let db = rusqlite::Connection::open_in_memory().unwrap();
        let (partner, head) = ([0xa7; 32], [0x0b; 32]);
        let sql = "SELECT 'pair ' || hex(?1) || ':' || ?2 || ':' || ?3 || ':' || hex(?4)";
        let line: String = db.query_row(sql, (partner, 4, 12_345, head), |row| row.get(0)).unwrap();

        assert_eq!(of_pair(&partner, 4, 12_345, &head), line);
    }
}
