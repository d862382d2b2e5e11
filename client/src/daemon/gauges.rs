//! How far the long pieces of work are that somebody waits for at the socket.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::documents::Gauge;

/// Pieces of work that are looked on at once; who comes when there are more is told nothing, and gets the work done all the same.
const GAUGES_MAX: usize = 16;
/// Characters of a name.
const NAME_CHARS_MAX: usize = 32;

/// The gauges by the names that their callers gave.
#[derive(Default)]
pub(super) struct Gauges(Mutex<BTreeMap<String, Arc<Gauge>>>);

/// A gauge that is there for as long as the work is.
pub struct Held {
    gauge: Arc<Gauge>,
    name: Option<String>,
    of: Arc<Gauges>,
}

impl Held {
    /// The gauge.
    #[must_use]
    pub const fn gauge(&self) -> &Arc<Gauge> {
        &self.gauge
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(name) = &self.name {
            self.of.all(|gauges| gauges.remove(name));
        }
    }
}

impl Gauges {
    fn all<T>(&self, with: impl FnOnce(&mut BTreeMap<String, Arc<Gauge>>) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A gauge, to be found under `name` if that is a new one of 1 to 32 hex digits and there is room.
    pub(super) fn hold(self: &Arc<Self>, name: Option<String>) -> Held {
        let gauge = Arc::new(Gauge::default());
        let is_name =
            |name: &String| (1..=NAME_CHARS_MAX).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_hexdigit());
        let name = name.filter(is_name).filter(|name| {
            self.all(|gauges| {
                let fits = gauges.len() < GAUGES_MAX && !gauges.contains_key(name);
                if fits {
                    gauges.insert(name.clone(), Arc::clone(&gauge));
                }
                fits
            })
        });
        Held { gauge, name, of: Arc::clone(self) }
    }

    /// How far that work is; none when it is over, or was never begun.
    pub(super) fn read(&self, name: &str) -> Option<(u64, u64)> {
        self.all(|gauges| gauges.get(name).map(|gauge| gauge.read()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gauge_is_found_while_its_work_goes_on_and_there_are_only_so_many() {
        let gauges = Arc::new(Gauges::default());
        let held = gauges.hold(Some("0a".to_owned()));
        held.gauge().begin(7, 1);
        held.gauge().add(3);

        assert_eq!(gauges.read("0a"), Some((3, 7)));
        // Neither another's name nor what is no name.
        let (other, odd) = (gauges.hold(Some("0a".to_owned())), gauges.hold(Some("../x".to_owned())));
        other.gauge().begin(9, 1);
        assert_eq!((gauges.read("0a"), gauges.read("../x")), (Some((3, 7)), None));
        drop((other, odd));
        assert_eq!(gauges.read("0a"), Some((3, 7)), "it is its own holder's");
        let many: Vec<Held> = (0..GAUGES_MAX + 4).map(|at| gauges.hold(Some(format!("f{at}")))).collect();
        assert_eq!(gauges.all(|all| all.len()), GAUGES_MAX);
        drop((held, many));
        assert_eq!((gauges.read("0a"), gauges.all(|all| all.len())), (None, 0));
    }
}
