//! The rules by their ids: what a finding names, and what [`super::policy::RULES`] explains.

use serde::{Serialize, Serializer};

/// Declares the ids.
macro_rules! ids {
    ($($id:ident)+) => {
        /// The id of a rule: the row of the decision table, or what stands beside it.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum RuleId {
            $(#[doc = concat!("`", stringify!($id), "`, see [`super::policy::RULES`].")] $id,)+
        }

        impl RuleId {
            /// Every id, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$id,)+];

            /// The id as it is shown: `D08`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$id => stringify!($id),)+
                }
            }
        }
    };
}

ids! {
    F1 F2 F3
    D01 D02 D03 D04 D05 D06 D07 D08 D09 D10 D11 D12 D13 D14 D15 D16 D17 D18 D19 D20 D21 D22 D23 D24 D25 D26
    A10 O1 X1 W1 W2 S1
}

impl Serialize for RuleId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl core::fmt::Display for RuleId {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}
