//! How far a long piece of work is, for whoever looks on.

use std::{
    io::{self, Write},
    sync::atomic::{AtomicU64, Ordering},
};

/// How far a piece of work is, in bytes. One thread works, others look: what they see may be a moment old.
#[derive(Debug, Default)]
pub struct Gauge {
    done: AtomicU64,
    whole: AtomicU64,
    times: AtomicU64,
}

impl Gauge {
    /// A document of so many bytes is to be gone through so many times.
    pub fn begin(&self, whole: u64, times: u64) {
        self.times.store(times, Ordering::Relaxed);
        self.whole.store(whole, Ordering::Relaxed);
    }

    /// So many more are done.
    pub fn add(&self, bytes: usize) {
        self.done.fetch_add(u64::try_from(bytes).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Bytes of the document that are done, never more than all, and all; both 0 before it has begun. Of one that is gone through several
    /// times each counts a part.
    #[must_use]
    pub fn read(&self) -> (u64, u64) {
        let whole = self.whole.load(Ordering::Relaxed);
        let done = self.done.load(Ordering::Relaxed).checked_div(self.times.load(Ordering::Relaxed));
        (done.unwrap_or(0).min(whole), whole)
    }
}

/// What is written passes on, and is counted.
pub(super) struct Gauged<'a, W> {
    pub(super) to: W,
    pub(super) gauge: &'a Gauge,
}

impl<W: Write> Write for Gauged<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.gauge.add(written);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_counted_and_never_more_than_all() {
        let gauge = Gauge::default();
        assert_eq!(gauge.read(), (0, 0));
        gauge.begin(5, 1);
        let mut out = Gauged { to: Vec::new(), gauge: &gauge };

        out.write_all(b"abc").unwrap();
        assert_eq!(gauge.read(), (3, 5));
        out.write_all(b"defg").unwrap();

        assert_eq!((gauge.read(), out.to.as_slice()), ((5, 5), b"abcdefg".as_slice()));
        let twice = Gauge::default();
        twice.begin(5, 2);
        twice.add(5);
        assert_eq!(twice.read(), (2, 5));
    }
}
