//! What a post says: canonical JSON without white space, members in the order below. Personal data: no `Debug`.

use safeconduct_protocol::limits::POST_BYTES_MAX;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{
    casework::life::terms::terms,
    referral::{codes::Section, dates::Instant, text},
};

/// The name of the form.
pub const FORM: &str = "safeconduct.post/1";
/// Characters of a text at most.
pub const TEXT_CHARS_MAX: usize = 4000;
/// Agencies that are told the same at most.
pub const TOLD_MAX: usize = 16;

terms! {
    /// What kind of post it is.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    PostKind {
        Note = "note", "something to know";
        Question = "question", "something is asked";
        Answer = "answer", "the answer to a question";
        Status = "status", "where things stand";
    }
}

terms! {
    /// Where things stand, in one word.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    StatusCode {
        WillCall = "will-call", "we will call";
        Called = "called", "we have called";
        NoAnswer = "no-answer", "nobody answered";
        OnTheWay = "on-the-way", "the person is on the way";
        Arrived = "arrived", "the person has arrived";
        Delayed = "delayed", "it takes longer";
        AlsoAsked = "also-asked", "other agencies are asked, too";
    }
}

/// A post.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// [`FORM`].
    pub post: String,
    /// The same at everybody who is told.
    pub post_id: String,
    /// The referral that it belongs to there.
    pub referral_id: String,
    /// What kind.
    pub kind: PostKind,
    /// The post that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// When it was said, by the clock of who said it.
    pub at: String,
    /// The section by whose rules it is read.
    pub section: String,
    /// Everybody who is told, by agency.
    pub told: Vec<String>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Zeroizing<String>>,
    /// Where things stand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<StatusCode>,
}

impl Said {
    /// The section by whose rules it is read.
    #[must_use]
    pub fn section(&self) -> Option<Section> {
        Section::from_code(&self.section)
    }

    /// Whether every member is of its form: a text where one is needed, and none of it misleads whoever reads it.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let text = self
            .text
            .as_ref()
            .map(|text| (1..=TEXT_CHARS_MAX).contains(&text.chars().count()) && text::is_safe_prose(text));
        let is_status = self.kind == PostKind::Status;
        let agencies = self.told.iter().all(|id| id.parse::<safeconduct_protocol::id::AgencyId>().is_ok());
        self.post == FORM
            && text::Uuid::of(&self.post_id).is_some()
            && text::Uuid::of(&self.referral_id).is_some()
            && self.reply_to.as_ref().is_none_or(|id| text::Uuid::of(id).is_some())
            && (self.kind == PostKind::Answer) == self.reply_to.is_some()
            && self.at.parse::<Instant>().is_ok()
            && self.section().is_some()
            && (1..=TOLD_MAX).contains(&self.told.len())
            && agencies
            && self.code.is_some() == is_status
            && text.unwrap_or(is_status)
    }

    /// The bytes that are sent.
    #[must_use]
    pub fn bytes(&self) -> Zeroizing<Vec<u8>> {
        // A structure of texts and lists has no way not to be JSON.
        let mut bytes = Zeroizing::new(Vec::with_capacity(POST_BYTES_MAX));
        serde_json::to_writer(&mut *bytes, self).ok();
        bytes
    }

    /// Reads a post of the conversation; none when it is not written as this program writes it, or not sound.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let said: Self = serde_json::from_slice(bytes).ok()?;
        (said.is_sound() && *said.bytes() == *bytes).then_some(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note() -> Said {
        Said {
            post: FORM.to_owned(),
            post_id: "17dbf0fa-850a-4120-86cf-88253a8163c8".to_owned(),
            referral_id: "e5bb5178-9b3b-4be9-95fe-e92cc769a308".to_owned(),
            kind: PostKind::Note,
            reply_to: None,
            at: "2026-06-01T12:00:00Z".to_owned(),
            section: "Enquiry".to_owned(),
            told: vec!["xa.harbour-house".to_owned()],
            text: Some(Zeroizing::new("She likes tea.\nNo sugar.".to_owned())),
            code: None,
        }
    }

    #[test]
    fn a_post_comes_back_as_it_was_and_in_no_other_form() {
        let said = note();
        assert!(Said::read(&said.bytes()).is_some_and(|read| read == said));
        let spaced = String::from_utf8(said.bytes().to_vec()).unwrap().replace(':', ": ");
        assert!(Said::read(spaced.as_bytes()).is_none());

        let status = Said { kind: PostKind::Status, code: Some(StatusCode::Arrived), text: None, ..note() };
        assert!(status.is_sound());
        for bad in [
            Said { text: None, ..note() },
            Said { code: Some(StatusCode::Called), ..note() },
            Said { kind: PostKind::Answer, ..note() },
            Said { kind: PostKind::Status, ..note() },
            Said { told: Vec::new(), ..note() },
            Said { section: "Everything".to_owned(), ..note() },
            Said { text: Some(Zeroizing::new("\u{202e}".to_owned())), ..note() },
            Said { text: Some(Zeroizing::new("x".repeat(TEXT_CHARS_MAX + 1))), ..note() },
        ] {
            assert!(Said::read(&bad.bytes()).is_none());
        }
    }
}
