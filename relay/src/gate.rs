//! How many are inside, and how often one comes: counted in all and of each address or key, in memory that is bounded.

use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use safeconduct_protocol::time::Timestamp;

use crate::{limits::ADDRESSES_COUNTED_MAX, metrics};

/// Counts what is inside, in all and of each one.
#[derive(Clone)]
pub(crate) struct Gate<Of: Ord + Copy> {
    inside: Arc<Inside<Of>>,
    most: usize,
    most_of_one: usize,
}

struct Inside<Of> {
    /// For the operator.
    name: &'static str,
    counts: Mutex<Counts<Of>>,
}

struct Counts<Of> {
    all: usize,
    by_one: BTreeMap<Of, usize>,
}

impl<Of> Inside<Of> {
    fn counts(&self) -> MutexGuard<'_, Counts<Of>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<Of: Ord + Copy> Gate<Of> {
    pub(crate) fn new(name: &'static str, most: usize, most_of_one: usize) -> Self {
        let counts = Mutex::new(Counts { all: 0, by_one: BTreeMap::new() });
        Self { inside: Arc::new(Inside { name, counts }), most, most_of_one }
    }

    pub(crate) fn count(&self) -> usize {
        self.inside.counts().all
    }

    pub(crate) fn count_of(&self, one: &Of) -> usize {
        self.inside.counts().by_one.get(one).copied().unwrap_or_default()
    }

    /// A place inside, until it is dropped.
    pub(crate) fn enter(&self, one: Of) -> Option<Place<Of>> {
        let mut counts = self.inside.counts();
        let of_one = counts.by_one.get(&one).copied().unwrap_or_default();
        if counts.all >= self.most || of_one >= self.most_of_one {
            return None;
        }
        counts.all = counts.all.saturating_add(1);
        counts.by_one.insert(one, of_one.saturating_add(1));
        metrics::link_up(self.inside.name);
        Some(Place { inside: Arc::clone(&self.inside), one })
    }
}

/// One IPv6 customer holds a whole /64.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

pub(crate) struct Place<Of: Ord + Copy> {
    inside: Arc<Inside<Of>>,
    one: Of,
}

impl<Of: Ord + Copy> Drop for Place<Of> {
    fn drop(&mut self) {
        let mut counts = self.inside.counts();
        counts.all = counts.all.saturating_sub(1);
        let left = counts.by_one.get(&self.one).copied().unwrap_or_default().saturating_sub(1);
        if left == 0 {
            counts.by_one.remove(&self.one);
        } else {
            counts.by_one.insert(self.one, left);
        }
        metrics::link_down(self.inside.name);
    }
}

struct Bucket {
    left: u32,
    filled: Timestamp,
}

/// How many handshakes each address may still begin: so many at once, and so many come back every second.
pub(crate) struct Arrivals {
    burst: u32,
    per_s: u32,
    buckets: Mutex<BTreeMap<IpAddr, Bucket>>,
}

impl Arrivals {
    pub(crate) const fn new(burst: u32, per_s: u32) -> Self {
        Self { burst, per_s, buckets: Mutex::new(BTreeMap::new()) }
    }

    /// What is left at `now`. A clock that went back gives nothing and takes nothing.
    fn left(&self, bucket: &Bucket, now: Timestamp) -> u32 {
        let passed = u32::try_from(now.since(bucket.filled)).unwrap_or(u32::MAX);
        bucket.left.saturating_add(passed.saturating_mul(self.per_s)).min(self.burst)
    }

    /// Has so much gone that nobody may take of the rest on a mere claim to be of this address?
    pub(crate) fn is_half_used(&self, address: IpAddr, now: Timestamp) -> bool {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets.get(&address).is_some_and(|bucket| self.left(bucket, now) <= self.burst.wrapping_shr(1))
    }

    /// Takes one, if there is one.
    pub(crate) fn take(&self, address: IpAddr, now: Timestamp) -> bool {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES_COUNTED_MAX && !buckets.contains_key(&address) {
            buckets.retain(|_, bucket| self.left(bucket, now) < self.burst);
            // To look through all of them for each newcomer would be what a flood is after.
            if buckets.len() >= ADDRESSES_COUNTED_MAX.wrapping_shr(1) {
                buckets.clear();
            }
        }
        let bucket = buckets.entry(address).or_insert(Bucket { left: self.burst, filled: now });
        let left = self.left(bucket, now);
        *bucket = Bucket { left: left.saturating_sub(1), filled: now };
        left > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_holds_so_many_in_all_and_so_many_of_one_address() {
        let gate = Gate::new("test", 3, 2);
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let (first, second) = (gate.enter(one), gate.enter(one));

        assert!(gate.enter(one).is_none());
        let third = gate.enter(other);
        assert!(third.is_some() && gate.enter(other).is_none());
        drop(first);
        assert!(gate.enter(other).is_some());

        drop((second, third));
        assert_eq!(gate.count(), 0);
        assert!(gate.inside.counts().by_one.is_empty());
    }

    #[test]
    fn addresses_of_one_ipv6_network_count_together() {
        let of = |text: &str| network(text.parse().unwrap());

        assert_eq!(of("2001:db8::1"), of("2001:db8::2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }

    #[test]
    fn an_address_has_its_burst_and_then_its_rate_and_half_of_it_is_for_who_proves_it() {
        let arrivals = Arrivals::new(8, 2);
        let (one, other) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([192, 0, 2, 2]));
        let now = Timestamp(1_800_000_000);

        assert!(!arrivals.is_half_used(one, now));
        assert!((0..4).all(|_| arrivals.take(one, now)));
        assert!(arrivals.is_half_used(one, now) && !arrivals.is_half_used(other, now));
        assert!((0..4).all(|_| arrivals.take(one, now)));
        assert!(!arrivals.take(one, now) && arrivals.take(other, now));
        assert!(
            arrivals.take(one, now.after(1)) && arrivals.take(one, now.after(1)) && !arrivals.take(one, now.after(1))
        );
        assert!(!arrivals.take(one, now.before(60)), "a clock set back gives nothing");
        assert!(!arrivals.is_half_used(one, now.after(10)));
    }

    #[test]
    fn of_so_many_addresses_is_counted_and_of_no_more() {
        let arrivals = Arrivals::new(2, 1);
        let now = Timestamp(1_800_000_000);
        let address = |number: usize| IpAddr::from(u32::try_from(number).unwrap().to_be_bytes());

        for number in 0..3 * ADDRESSES_COUNTED_MAX {
            assert!(arrivals.take(address(number), now));
            assert!(arrivals.buckets.lock().unwrap().len() <= ADDRESSES_COUNTED_MAX);
        }
    }
}
