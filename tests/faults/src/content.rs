//! What a file holds, in shared pages: a copy costs one count, a change costs the pages that it touches.

use std::sync::Arc;

/// Bytes of a page of [`Content`].
pub(crate) const PAGE_BYTES: usize = 4096;
const ZEROS: [u8; PAGE_BYTES] = [0; PAGE_BYTES];

type Page = [u8; PAGE_BYTES];

/// A file's bytes. Bytes of the last page past `len` are zero, so that growing shows zeros.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    len: usize,
    /// `None` is a page of zeros.
    pages: Arc<Vec<Option<Arc<Page>>>>,
}

/// An offset or length of a file as an index. One that memory cannot hold is cut to what it can: it fails there.
pub(crate) fn index(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

impl Content {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut content = Self::default();
        content.write(0, bytes);
        content
    }

    pub(crate) const fn len(&self) -> usize {
        self.len
    }

    pub(crate) fn set_len(&mut self, len: usize) {
        if len < self.len {
            let keep = len % PAGE_BYTES;
            if keep != 0 {
                self.zero(len, PAGE_BYTES.saturating_sub(keep));
            }
        }
        self.len = len;
        let pages = len.div_ceil(PAGE_BYTES);
        if pages != self.pages.len() {
            Arc::make_mut(&mut self.pages).resize(pages, None);
        }
    }

    /// Writes `bytes` at `offset`; what lies between the old end and `offset` becomes zeros.
    pub(crate) fn write(&mut self, offset: usize, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let end = offset.saturating_add(bytes.len());
        if end > self.len {
            self.set_len(end);
        }
        let pages = Arc::make_mut(&mut self.pages);
        for (page, at, from, n) in pieces(offset, bytes.len()) {
            let (Some(slot), Some(new)) = (pages.get_mut(page), bytes.get(from..from.saturating_add(n))) else {
                return;
            };
            let page = slot.get_or_insert_with(|| Arc::new(ZEROS));
            if let Some(old) = Arc::make_mut(page).get_mut(at..at.saturating_add(n)) {
                old.copy_from_slice(new);
            }
        }
    }

    /// Zeros `len` bytes from `offset` on, the length left as it is.
    pub(crate) fn zero(&mut self, offset: usize, len: usize) {
        let len = len.min(self.len.saturating_sub(offset));
        let pages = Arc::make_mut(&mut self.pages);
        for (page, at, _, n) in pieces(offset, len) {
            let Some(slot) = pages.get_mut(page) else { return };
            if n == PAGE_BYTES {
                *slot = None;
            } else if let Some(old) =
                slot.as_mut().and_then(|page| Arc::make_mut(page).get_mut(at..at.saturating_add(n)))
            {
                old.fill(0);
            }
        }
    }

    /// The bytes page by page, the last one cut to the length; `None` for zeros.
    pub(crate) fn chunks(&self) -> impl Iterator<Item = (usize, Option<&[u8]>)> {
        self.pages.iter().enumerate().map(|(number, page)| {
            let at = number.saturating_mul(PAGE_BYTES);
            let n = PAGE_BYTES.min(self.len.saturating_sub(at));
            (n, page.as_ref().and_then(|page| page.get(..n)))
        })
    }

    pub(crate) fn to_vec(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.len);
        for (n, page) in self.chunks() {
            bytes.extend_from_slice(page.unwrap_or_else(|| ZEROS.get(..n).unwrap_or_default()));
        }
        bytes
    }
}

/// Pages that `len` bytes from `offset` on touch: page, offset in it, bytes before it, bytes in it.
fn pieces(offset: usize, len: usize) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    let mut done: usize = 0;
    std::iter::from_fn(move || {
        (done < len).then(|| {
            let (from, place) = (done, offset.saturating_add(done));
            let at = place % PAGE_BYTES;
            let n = PAGE_BYTES.saturating_sub(at).min(len.saturating_sub(from));
            done = from.saturating_add(n);
            (place / PAGE_BYTES, at, from, n)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::SplitMix;

    #[test]
    fn pages_say_what_a_plain_vector_says() {
        let mut rng = SplitMix::new(7);
        let (mut content, mut plain) = (Content::default(), Vec::new());

        for step in 0..2000 {
            let (offset, len) = (index(rng.below(20_000)), index(1 + rng.below(9_000)));
            match rng.below(4) {
                0 => {
                    content.set_len(offset);
                    plain.resize(offset, 0);
                }
                1 => {
                    content.zero(offset, len);
                    let end = (offset + len).min(plain.len());
                    plain.get_mut(offset..end).unwrap_or_default().fill(0);
                }
                _ => {
                    let bytes = vec![rng.bits().to_le_bytes()[0]; len];
                    content.write(offset, &bytes);
                    if plain.len() < offset + len {
                        plain.resize(offset + len, 0);
                    }
                    plain[offset..offset + len].copy_from_slice(&bytes);
                }
            }
            assert_eq!(content.len(), plain.len(), "step {step}");
            assert!(content.to_vec() == plain, "step {step}");
        }
    }
}
