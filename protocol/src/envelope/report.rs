//! Content of type 6: what an agency has released of a period, for a co-ordinator (`docs/PROTOCOL.md` §7, §13).
//!
//! `SCZ1 || u32 1 || u32 length || report`: the report as its own text. A period is released once and stays as it is, so that the first
//! number is 1 and nothing else: from two reports of one period, what differs would follow.

use super::content::ContentMalformed;
use crate::{layout::Reader, limits::REPORT_SENT_BYTES_MAX};

const MAGIC: [u8; 4] = *b"SCZ1";
/// The only edition that there is.
const EDITION: u32 = 1;
/// Bytes before the report.
const HEAD_BYTES: usize = 12;

/// A report on its way. It holds counts that were controlled before, and nothing of a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReportContent<'a> {
    /// `safeconduct.report/1`, at most [`REPORT_SENT_BYTES_MAX`] bytes, which the client reads.
    pub report: &'a [u8],
}

impl<'a> ReportContent<'a> {
    /// The content.
    ///
    /// # Errors
    /// [`ContentMalformed`] for what [`Self::decode`] would refuse.
    pub fn encode(&self) -> Result<Vec<u8>, ContentMalformed> {
        let length = u32::try_from(self.report.len()).map_err(|_long| ContentMalformed)?;
        let mut content = Vec::with_capacity(HEAD_BYTES.saturating_add(self.report.len()));
        content.extend_from_slice(&MAGIC);
        content.extend_from_slice(&EDITION.to_be_bytes());
        content.extend_from_slice(&length.to_be_bytes());
        content.extend_from_slice(self.report);
        ReportContent::decode(&content)?;
        Ok(content)
    }

    /// Reads content of type 6.
    ///
    /// # Errors
    /// [`ContentMalformed`] for another edition than the first, a report that is empty or too long, and a length that lies.
    pub fn decode(content: &'a [u8]) -> Result<Self, ContentMalformed> {
        read(content).ok_or(ContentMalformed)
    }
}

fn read(content: &[u8]) -> Option<ReportContent<'_>> {
    let mut reader = Reader::new(content);
    reader.exactly(&MAGIC)?;
    let edition = reader.u32()?;
    let length = usize::try_from(reader.u32()?).ok()?;
    let report = reader.rest();
    let fits = edition == EDITION && report.len() == length && (1..=REPORT_SENT_BYTES_MAX).contains(&length);
    fits.then_some(ReportContent { report })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::CONTENT_BYTES_MAX;

    #[test]
    fn a_report_round_trips_and_is_refused_when_cut_lengthened_or_of_a_second_edition() {
        let content = ReportContent { report: b"{\"schema\":\"safeconduct.report/1\"}" };
        let bytes = content.encode().unwrap();

        assert_eq!(ReportContent::decode(&bytes), Ok(content));
        assert!((0..bytes.len()).all(|end| ReportContent::decode(&bytes[..end]).is_err()));
        assert!(ReportContent::decode(&[&bytes[..], b"\0"].concat()).is_err());
        assert!(ReportContent::decode(&[b"SCW1", &bytes[4..]].concat()).is_err());
        for edition in [0_u32, 2, 4, u32::MAX] {
            let other = [&bytes[..4], &edition.to_be_bytes(), &bytes[8..]].concat();
            assert!(ReportContent::decode(&other).is_err(), "{edition}");
        }
        assert!(ReportContent { report: b"" }.encode().is_err());
    }

    #[test]
    fn the_longest_report_surely_fits_the_largest_envelope_and_one_byte_more_does_not() {
        let report = vec![b'x'; REPORT_SENT_BYTES_MAX + 1];
        let longest = ReportContent { report: &report[1..] }.encode().unwrap();

        assert_eq!(longest.len(), CONTENT_BYTES_MAX);
        assert!(ReportContent { report: &report }.encode().is_err());
    }
}
