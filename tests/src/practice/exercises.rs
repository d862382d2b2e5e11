//! The script: what is to be done, what to type for it, and how the world shows that it was done.

use serde_json::Value;

use super::{Practice, STEP_SECONDS, fault, short};
use crate::error::WorldError;
use crate::program::list;
use crate::shift::{instant_text, unix_now};
use crate::wait::{self, Look};

const HELPLINE: &str = "xe.practice-helpline";
const SHELTER: &str = "xe.practice-shelter";
const REFUGE: &str = "xe.practice-refuge";
const CLINIC: &str = "xe.practice-clinic";

/// A command of an exercise. Some words stand for others: `ID` for the referral with [`Line::with`], `POST` for the question
/// about it, `TODAY` for the day, `FILE:NAME` for a file of the world.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Who types it.
    pub who: &'static str,
    /// The other agency of the referral in question.
    pub with: &'static str,
    /// The words.
    pub words: &'static [&'static str],
}

const fn line(who: &'static str, with: &'static str, words: &'static [&'static str]) -> Line {
    Line { who, with, words }
}

/// One exercise.
#[derive(Clone, Copy)]
pub struct Exercise {
    /// Its name.
    pub title: &'static str,
    /// What is to be done.
    pub task: &'static str,
    /// What to type.
    pub lines: &'static [Line],
    /// Whether it is done.
    done: fn(&Practice) -> Result<bool, WorldError>,
}

/// All, in order.
pub const EXERCISES: [Exercise; 8] = [
    Exercise {
        title: "Find an agency, and ask it without names",
        task: "A caller needs a bed. Find a shelter, and ask the Refuge whether there is a place: without a name.",
        lines: &[
            line(HELPLINE, REFUGE, &["directory", "search", "--role", "NgoShelter"]),
            line(HELPLINE, REFUGE, &["enquire", "FILE:enquiry.json", "--to", REFUGE]),
        ],
        done: |world| world.enquired(HELPLINE, REFUGE),
    },
    Exercise {
        title: "Send a referral",
        task: "The caller agrees to the Shelter. Read the file, then send it: a summary, no name yet.",
        lines: &[
            line(HELPLINE, SHELTER, &["check", "FILE:referral.json"]),
            line(HELPLINE, SHELTER, &["send", "FILE:referral.json", "--to", SHELTER]),
        ],
        done: |world| Ok(world.newest(HELPLINE, SHELTER)?.is_some()),
    },
    Exercise {
        title: "Open and accept",
        task: "At the Shelter: find the referral of the Helpline, open it, accept it. The Helpline sees both.",
        lines: &[
            line(SHELTER, HELPLINE, &["referral", "list"]),
            line(SHELTER, HELPLINE, &["referral", "show", "ID", "--open"]),
            line(SHELTER, HELPLINE, &["referral", "accept", "ID", "--from", "TODAY", "--text", "Ring twice.", "--yes"]),
        ],
        done: |world| world.is(HELPLINE, SHELTER, &["accepted", "in-service", "closed"]),
    },
    Exercise {
        title: "Ask a question, and answer it",
        task: "The Shelter wants to know something that needs no name. The Helpline answers beside the acts.",
        lines: &[
            line(SHELTER, HELPLINE, &["post", "question", "ID", "--text", "Which floor can be reached?"]),
            line(HELPLINE, SHELTER, &["post", "list", "ID"]),
            line(
                HELPLINE,
                SHELTER,
                &["post", "answer", "ID", "--reply-to", "POST", "--text", "The ground floor only."],
            ),
        ],
        done: |world| Ok(world.said(SHELTER, HELPLINE, "answer")?.is_some()),
    },
    Exercise {
        title: "Raise the level",
        task: "The caller agrees that the Shelter learns the name. The Helpline discloses it, to the Shelter alone.",
        lines: &[line(HELPLINE, SHELTER, &["referral", "raise", "ID", "--file", "FILE:identity.json", "--yes"])],
        done: |world| Ok(world.newest(SHELTER, HELPLINE)?.is_some_and(|one| one["level"] == 2)),
    },
    Exercise {
        title: "Decline, and name another agency",
        task: "The Clinic asks the Shelter for a bed, and there is none. Decline, and suggest the Refuge.",
        lines: &[
            line(SHELTER, CLINIC, &["referral", "show", "ID", "--open"]),
            line(
                SHELTER,
                CLINIC,
                &["referral", "decline", "ID", "--reason", "NoCapacity", "--suggest", REFUGE, "--yes"],
            ),
        ],
        done: |world| world.declined_to(CLINIC, SHELTER, REFUGE),
    },
    Exercise {
        title: "Withdraw",
        task: "The Helpline sent a case to the Clinic by mistake. Take it back: unread, it is erased there.",
        lines: &[line(HELPLINE, CLINIC, &["referral", "withdraw", "ID", "--reason", "Error", "--yes"])],
        done: |world| world.is(HELPLINE, CLINIC, &["withdrawn", "erased"]),
    },
    Exercise {
        title: "Start and close",
        task: "The person arrives at the Shelter, is helped, and leaves. Say so, with the outcome.",
        lines: &[
            line(SHELTER, HELPLINE, &["referral", "start", "ID", "--on", "TODAY"]),
            line(SHELTER, HELPLINE, &["referral", "close", "ID", "--outcome", "ServiceDelivered", "--yes"]),
        ],
        done: |world| world.is(HELPLINE, SHELTER, &["closed"]),
    },
];

/// A word as it is typed, where that is known beforehand.
fn known(world: &Practice, word: &str) -> String {
    match word {
        "TODAY" => instant_text(unix_now()).get(..10).unwrap_or_default().to_owned(),
        other => other.strip_prefix("FILE:").map_or_else(|| other.to_owned(), |name| world.file(name)),
    }
}

impl Line {
    /// What a person types. `ID` and `POST` stay: they stand in lists that the person reads.
    #[must_use]
    pub fn typed(&self, world: &Practice) -> String {
        let quoted = |word: &&str| {
            let word = known(world, word);
            if word.contains(' ') { format!("'{word}'") } else { word }
        };
        let words: Vec<String> = self.words.iter().map(quoted).collect();
        format!("{} {}", world.folder().join(short(self.who)).display(), words.join(" "))
    }

    /// Where the person finds what stands for `ID`, and `POST`.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let who = short(self.who);
        let id = format!("ID: from `{who} referral list`, the one with {}", self.with);
        match (self.words.contains(&"ID"), self.words.contains(&"POST")) {
            (true, true) => Some(format!("{id}; POST: the question's, from `{who} post list ID`")),
            (true, false) => Some(id),
            (false, _) => None,
        }
    }

    /// Does it, as a person would: ids are taken from the lists, once they are there.
    fn play(&self, world: &Practice) -> Result<(), WorldError> {
        let mut words = Vec::with_capacity(self.words.len());
        for word in self.words {
            words.push(match *word {
                "ID" => world.id(self.who, self.with)?,
                "POST" => world.question(self.who, self.with)?,
                other => known(world, other),
            });
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        world.done(self.who, &words).map(drop)
    }
}

impl Exercise {
    /// Whether the world shows that it was done.
    ///
    /// # Errors
    /// An agency cannot be asked.
    pub fn is_done(&self, world: &Practice) -> Result<bool, WorldError> {
        (self.done)(world)
    }

    /// Does it through the commands that people type, and waits until it shows.
    ///
    /// # Errors
    /// A command is refused, or the exercise does not show as done.
    pub fn play(&self, world: &Practice) -> Result<(), WorldError> {
        if self.is_done(world)? {
            return Err(fault(format!("`{}` shows as done before it is", self.title)));
        }
        for line in self.lines {
            line.play(world)?;
        }
        wait::until(&format!("`{}` to show as done", self.title), STEP_SECONDS, || {
            Ok(if self.is_done(world)? { Look::Seen(()) } else { Look::NotYet("not done".to_owned()) })
        })
    }
}

impl Practice {
    /// Which exercises are done.
    ///
    /// # Errors
    /// An agency cannot be asked.
    pub fn score(&self) -> Result<Vec<bool>, WorldError> {
        EXERCISES.iter().map(|exercise| exercise.is_done(self)).collect()
    }

    /// The id of the newest referral there, once there is one.
    fn id(&self, at: &str, with: &str) -> Result<String, WorldError> {
        wait::until(&format!("a referral of {with} at {at}"), STEP_SECONDS, || {
            let id = self.newest(at, with)?.and_then(|one| one["id"].as_str().map(str::to_owned));
            Ok(id.map_or_else(|| Look::NotYet("none".to_owned()), Look::Seen))
        })
    }

    /// The newest question there, once there is one.
    fn question(&self, at: &str, with: &str) -> Result<String, WorldError> {
        wait::until(&format!("a question at {at}"), STEP_SECONDS, || {
            let asked = self.said(at, with, "question")?;
            Ok(asked.map_or_else(|| Look::NotYet("none".to_owned()), Look::Seen))
        })
    }

    fn is(&self, at: &str, with: &str, states: &[&str]) -> Result<bool, WorldError> {
        let newest = self.newest(at, with)?;
        Ok(newest.is_some_and(|one| one["state"].as_str().is_some_and(|state| states.contains(&state))))
    }

    fn enquired(&self, at: &str, with: &str) -> Result<bool, WorldError> {
        let data = self.done(at, &["referral", "list"])?;
        let asked = |one: &Value| one["agency"] == with && one["kind"] == "Enquiry" && one["side"] == "sent";
        Ok(list(&data, "referrals")?.iter().any(asked))
    }

    /// The newest post of a kind about the newest referral.
    fn said(&self, at: &str, with: &str, kind: &str) -> Result<Option<String>, WorldError> {
        let Some(one) = self.newest(at, with)? else { return Ok(None) };
        let posts = self.done(at, &["post", "list", one["id"].as_str().unwrap_or_default()])?;
        let found = list(&posts, "posts")?.iter().rev().find(|post| post["kind"] == kind);
        Ok(found.and_then(|post| post["post"].as_str().map(str::to_owned)))
    }

    /// Whether the sender has been told no, and whom to ask instead.
    fn declined_to(&self, at: &str, with: &str, other: &str) -> Result<bool, WorldError> {
        let Some(one) = self.newest(at, with)? else { return Ok(false) };
        if one["state"] != "declined" {
            return Ok(false);
        }
        let shown = self.done(at, &["referral", "show", one["id"].as_str().unwrap_or_default(), "--open"])?;
        Ok(shown["log"].to_string().contains(other))
    }
}
