//! What may happen with the referral, and how long it is kept.

use super::codes::{Marking, RetentionBasis};
use super::dates::Date;
use super::text::Extensions;
use super::walk::{List, object};

object! {
    /// What may happen with the referral.
    Handling {
        need O 0 "markings" markings: List<Marking, 0, 6>;
        need O 0 "delete_after" delete_after: Date;
        need O 0 "retention_basis" retention_basis: RetentionBasis;
        may O 0 "legal_hold" legal_hold: bool;
        may S 1 "ext" ext: Extensions;
    }
}
