//! A cursor over fixed layouts: every read says whether the bytes were there.

/// Reads a layout from its first byte to its last.
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*head)
    }

    pub(crate) fn slice(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(head)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

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

    /// One length byte and as many bytes of printable ASCII.
    pub(crate) fn short_text(&mut self) -> Option<&'a str> {
        let length = usize::from(self.u8()?);
        let text = core::str::from_utf8(self.slice(length)?).ok()?;
        text.bytes().all(|byte| byte.is_ascii_graphic()).then_some(text)
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
