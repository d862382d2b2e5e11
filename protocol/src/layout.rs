//! A cursor over the fixed layouts of signed and sealed objects: every read says whether the bytes were there.

/// Reads a layout from its first byte to its last.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    /// The next `count` bytes.
    pub(crate) fn slice(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(head)
    }

    /// One byte.
    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(u8::from_be_bytes)
    }

    /// Two bytes, big-endian.
    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    /// Four bytes, big-endian.
    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    /// Eight bytes, big-endian.
    pub(crate) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// `N` bytes that must be these.
    pub(crate) fn exactly<const N: usize>(&mut self, wanted: &[u8; N]) -> Option<()> {
        (self.array::<N>()? == *wanted).then_some(())
    }

    /// `count` bytes that must be zero.
    pub(crate) fn zero(&mut self, count: usize) -> Option<()> {
        is_zero(self.slice(count)?).then_some(())
    }

    /// Everything not yet read.
    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Nothing may follow.
    pub(crate) const fn end(&self) -> Option<()> {
        if self.rest.is_empty() { Some(()) } else { None }
    }
}

/// Whether every byte is zero.
pub(crate) fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

/// `N` bytes that start `at` within a larger fixed layout; `None` when the layout is shorter.
pub(crate) fn field<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}

/// Builds a layout of exactly `N` bytes by appending fields.
///
/// A layout's fields are constants, so that their sum is `N` is a fact of the code: the golden bytes of every object
/// check it. Bytes past the end are dropped and missing ones stay zero, both of which those goldens would show.
pub(crate) struct Writer<const N: usize> {
    bytes: [u8; N],
    used: usize,
}

impl<const N: usize> Writer<N> {
    /// All zero.
    pub(crate) const fn new() -> Self {
        Self { bytes: [0; N], used: 0 }
    }

    /// Appends these bytes.
    #[must_use]
    pub(crate) fn put(mut self, bytes: &[u8]) -> Self {
        let end = self.used.saturating_add(bytes.len());
        debug_assert!(end <= N, "a layout is longer than its type says");
        if let Some(place) = self.bytes.get_mut(self.used..end) {
            place.copy_from_slice(bytes);
            self.used = end;
        }
        self
    }

    /// Appends `count` zero bytes.
    #[must_use]
    pub(crate) fn zero(mut self, count: usize) -> Self {
        self.used = self.used.saturating_add(count);
        self
    }

    /// The bytes so far.
    pub(crate) fn written(&self) -> &[u8] {
        self.bytes.get(..self.used).unwrap_or(&self.bytes)
    }

    /// The finished layout.
    pub(crate) fn finish(self) -> [u8; N] {
        debug_assert_eq!(self.used, N, "a layout is shorter than its type says");
        self.bytes
    }
}
