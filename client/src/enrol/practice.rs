//! What a folder is for: real work, or exercises. It is said at the enrolment, stands in the root file from there on, and the two
//! never meet.

use safeconduct_certs::authority::root::RootFile;

use crate::{daemon::Node, error::Told};

/// What a data folder is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    /// Real cases of real persons.
    Work,
    /// Exercises with fictional persons, in a practice world.
    Practice,
}

impl Purpose {
    /// What an authority registers for.
    #[must_use]
    pub fn of(root: &RootFile) -> Self {
        if root.is_practice() { Self::Practice } else { Self::Work }
    }

    /// Whether a folder for this may be enrolled with the authority of `root`.
    ///
    /// # Errors
    /// `practice-only`.
    pub fn admits(self, root: &RootFile) -> Result<(), Told> {
        match (self, Self::of(root)) {
            (Self::Work, Self::Practice) => Err(Told::refused(
                "practice-only",
                "this invitation is for exercises in a practice world, and this folder is for real cases",
                "for the exercise use another data folder: `safeconduct --data FOLDER enrol CODE --practice`",
            )),
            (Self::Practice, Self::Work) => Err(Told::refused(
                "practice-only",
                "this invitation is of a real authority, and this folder is for exercises",
                "for real cases use another data folder, without --practice: `safeconduct --data FOLDER enrol CODE`",
            )),
            (Self::Work, Self::Work) | (Self::Practice, Self::Practice) => Ok(()),
        }
    }
}

impl Node {
    /// A folder that an enrolment has made is for that authority's purpose, also once the enrolment was rejected.
    pub(crate) fn stays_for(&self, root: &RootFile) -> Result<(), Told> {
        let before = self.enrolment()?.and_then(|enrolment| RootFile::parse(&enrolment.root).ok());
        before.map_or(Ok(()), |before| Purpose::of(&before).admits(root))
    }

    /// Whether this node is enrolled in a practice world.
    ///
    /// # Errors
    /// What the vault says.
    pub(crate) fn is_practice(&self) -> Result<bool, Told> {
        let root = self.enrolment()?.and_then(|enrolment| RootFile::parse(&enrolment.root).ok());
        Ok(root.is_some_and(|root| root.is_practice()))
    }
}

/// A referral that is no exercise, in a practice world.
pub(crate) fn no_exercise() -> Told {
    Told::refused(
        "practice-only",
        "this node is for exercises, and the referral is not marked as one",
        "never write a real person into it; for an exercise set `exercise` to true in the header, for a real case use the real node",
    )
}
