//! How many registry leaves go into one frame: bounded by count and by bytes, so that a page fits whatever its leaves say.

use crate::limits::{REGISTRY_PAGE_BYTES_MAX, REGISTRY_PAGE_MAX};

/// How many of these leaves, each with its sealed record, one page holds: at most [`REGISTRY_PAGE_MAX`] leaves and
/// [`REGISTRY_PAGE_BYTES_MAX`] bytes, and one where there is one. `sizes` are bytes of a leaf with its record.
#[must_use]
pub fn leaves_in_page(sizes: impl IntoIterator<Item = usize>) -> usize {
    let mut bytes = 0_usize;
    let fits = |(place, size): &(usize, usize)| {
        bytes = bytes.saturating_add(*size);
        *place == 0 || bytes <= REGISTRY_PAGE_BYTES_MAX
    };
    (0..REGISTRY_PAGE_MAX).zip(sizes).take_while(fits).count()
}

#[cfg(test)]
mod tests {
    use serde_bytes::ByteBuf;

    use super::*;
    use crate::{
        frame::{Frame, Head, Tag},
        limits::FRAME_BYTES_MAX,
    };

    #[test]
    fn a_page_is_bounded_by_count_and_by_bytes_and_is_never_empty() {
        assert_eq!(leaves_in_page([]), 0);
        assert_eq!(leaves_in_page([usize::MAX, 1]), 1);
        assert_eq!(leaves_in_page(vec![10; 500]), REGISTRY_PAGE_MAX);
        let half = REGISTRY_PAGE_BYTES_MAX / 2;
        assert_eq!(leaves_in_page([half, half, 1]), 2);
        assert_eq!(leaves_in_page([half, half + 1, 1]), 1);
    }

    /// Leaves of kinds to come may be half a kilobyte longer than today's.
    #[test]
    fn a_page_of_leaves_and_records_of_any_size_fits_a_frame_with_head_and_root_file() {
        for (leaf, record) in [(237, 0), (301, 2088), (909, 2088), (909, 552), (397, 552), (1, 1)] {
            let count = leaves_in_page(vec![leaf + record; 500]);
            let many = |bytes: usize| vec![ByteBuf::from(vec![7_u8; bytes]); count];
            let head = Head { size: u64::MAX, note: vec![7; 4096], timestamp: vec![7; 120] };
            let (tag, from) = (Tag(u64::MAX), u64::MAX);
            let root = ByteBuf::from(vec![7; 16 * 1024]);
            let publish =
                Frame::Publish { tag, root, from, leaves: many(leaf), records: many(record), head: head.clone() };
            assert!(publish.to_wire().unwrap().len() <= FRAME_BYTES_MAX, "{leaf} {record}");
            let page = Frame::RegistryPage { tag, from, leaves: many(leaf), records: many(record), head };
            assert!(page.to_wire().unwrap().len() <= FRAME_BYTES_MAX, "{leaf} {record}");
        }
    }
}
