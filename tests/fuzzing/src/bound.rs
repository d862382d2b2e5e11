//! How much memory reading one input may take: what the current thread holds at most at one time, while one function runs.
//!
//! The counting allocator is the crate `allocation-counter`'s: it replaces the global one in every program that links this library, and
//! counts what is asked for here, per thread. Only the product's reading is measured; making an input is not.

/// Bytes that reading an input of some length may hold at once.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// Whatever the input is: what the protocol's limits let a reader hold.
    pub base_bytes: u64,
    /// For each byte of the input.
    pub per_byte: u64,
}

impl Bound {
    /// A bound of so many bytes, and so many more for each byte of the input.
    #[must_use]
    pub const fn new(base_bytes: u64, per_byte: u64) -> Self {
        Self { base_bytes, per_byte }
    }

    /// For an input of `length` bytes.
    #[must_use]
    pub fn of(self, length: usize) -> u64 {
        u64::try_from(length).unwrap_or(u64::MAX).saturating_mul(self.per_byte).saturating_add(self.base_bytes)
    }

    /// Runs `read`, and stops the search when it held more than may be for an input of `length` bytes.
    pub fn hold<T>(self, length: usize, read: impl FnOnce() -> T) -> T {
        let (result, most) = measured(read);
        let bound = self.of(length);
        assert!(most <= bound, "reading {length} bytes held {most} bytes at once, and {bound} are the bound");
        result
    }
}

/// What `read` gives, and the most bytes that it held at one time.
pub fn measured<T>(read: impl FnOnce() -> T) -> (T, u64) {
    let mut result = None;
    let counted = allocation_counter::measure(|| result = Some(read()));
    let Some(result) = result else { unreachable!("what is measured is run") };
    (result, counted.bytes_max)
}
