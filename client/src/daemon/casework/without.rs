//! What goes without the person's own consent: what the rules allow before it is written, and what is owed to the person afterwards.

use serde_json::Value;

use super::{super::Node, hands};
use crate::{
    casework::{
        life::{act::possible, code::Step, terms::Side},
        refusal::CaseworkError,
        reminders, stand,
        store::revision,
    },
    error::Told,
    people::Officer,
    referral::{
        codes::{AgeBand, Role},
        cross::is_child_band,
        policy::{End, without},
        profile::{About, Duty, Profile},
        text::Country,
    },
};

/// What the rules of both roles and both countries let go without the person's consent, of a draft to one agency.
#[derive(Clone, Default)]
pub struct MayWithout {
    /// This agency's role overrides consent in vital interest.
    pub may: bool,
    /// The other agency's role can rescue.
    pub rescues: bool,
    /// The only services that it is asked for, as codes; none: all of them.
    pub only: Vec<&'static str>,
    /// The highest level that it is told.
    pub level_max: u8,
    /// Within how many hours the person is told.
    pub notice_hours: u32,
    /// Within how many hours a second person of this agency looks at it.
    pub review_hours: u32,
    /// The laws by which this agency must tell that one.
    pub duties: Vec<Law>,
}

/// A duty to notify.
#[derive(Clone)]
pub struct Law {
    /// The law, as the country's profile names it.
    pub name: String,
    /// The highest level that it lets be told.
    pub level_max: u8,
    /// Within how many hours it is to be done.
    pub within_hours: u32,
    /// The person is told before it is done.
    pub told_before: bool,
}

/// Something that was told without the person's own consent, and what followed.
pub struct UnaskedShown {
    /// The consent's id.
    pub consent: String,
    /// On which basis.
    pub basis: &'static str,
    /// The person knew before it was done.
    pub told_before: bool,
    /// The day on which the person was told.
    pub told_on: Option<String>,
    /// Until when the person is still to be told.
    pub notice_by: Option<u64>,
    /// What a second person has found: `upheld` or `not-upheld`.
    pub verdict: Option<String>,
    /// Until when a second person is still to look at it.
    pub review_by: Option<u64>,
    /// Who asks may say that the person was told.
    pub may_tell: bool,
    /// Who asks may review it: a supervisor, and not who sent it.
    pub may_review: bool,
}

impl Node {
    /// What may be told without consent to the agency of a draft, by the roles and countries of both.
    ///
    /// # Errors
    /// `unknown-draft`, `not-assigned`, what [`Self::acting_as`] refuses, or what the vault says.
    pub fn may_without(&mut self, draft: &str, by: Option<&str>) -> Result<MayWithout, Told> {
        let (_, found) = self.own_draft(draft, by)?;
        let content: Value = serde_json::from_slice(&found.content).unwrap_or_default();
        let text = |at: &str| content.pointer(at).and_then(Value::as_str).unwrap_or_default();
        let band = AgeBand::from_code(text("/enquiry/age_band"));
        let about = if band.is_some_and(is_child_band) { About::Child } else { About::Adult };
        let end = |at: &str| {
            let role = Role::from_code(text(&format!("{at}/role")))?;
            let country = Country::of(text(&format!("{at}/country")))?;
            Some(End { role, profile: self.profiles.for_country(&country) })
        };
        let Some((from, to)) = end("/header/from").zip(end("/header/to")) else { return Ok(MayWithout::default()) };
        let found = without(from, to, about);
        let law = |(profile, duty): &(&Profile, &Duty)| Law {
            name: format!("{} ({})", duty.legal_basis, profile.profile.country),
            level_max: u8::try_from(duty.level_max).unwrap_or(0),
            within_hours: duty.within_hours,
            told_before: duty.inform_person == "before",
        };
        Ok(MayWithout {
            may: found.may,
            rescues: found.rescues,
            only: found.only.iter().flat_map(|(only, _)| only.iter().map(|one| one.as_str())).collect(),
            level_max: found.only.and_then(|(_, level)| u8::try_from(level).ok()).unwrap_or(3),
            notice_hours: found.notice_hours,
            review_hours: found.review_hours,
            duties: found.duties.iter().map(law).collect(),
        })
    }

    /// What a referral tells without the person's own consent, and what is still owed for it.
    ///
    /// # Errors
    /// `unknown-referral`, what [`Self::acting`] refuses, or what the vault says.
    pub fn unasked(&mut self, id: &str, by: Option<&str>) -> Result<Vec<UnaskedShown>, Told> {
        let officer = self.acting(by)?;
        let row = self.case(id)?;
        self.reads_up_to(&row, &officer)?;
        let agencies = self.agencies()?;
        let setting = agencies.setting();
        let found = stand::look(self.vault.db(), row.place, &self.identity.node, self.now())?;
        if !stand::may_be_read(found.standing.state) || row.erased_at.is_some() {
            return Err(CaseworkError::Erased.into());
        }
        let (_, referral) = revision::newest(self.vault.db(), row.place)?.ok_or(CaseworkError::Erased)?;
        let steps = possible(Some(&found.standing), row.side, &hands(&officer));
        let ours = row.side == Side::Sender;
        let another = self.is_another(row.place, &officer)?;
        let all = reminders::unasked(&found, &referral, &setting).into_iter().map(|one| UnaskedShown {
            consent: one.consent.consent_id.as_str().to_owned(),
            basis: one.consent.basis.as_str(),
            told_before: one.is_told_before(),
            told_on: one.told.as_ref().and_then(|said| said.told_on.clone()),
            notice_by: one.notice_by().map(|at| at.0),
            verdict: one.reviewed.as_ref().and_then(|said| said.verdict.clone()),
            review_by: one.review_by().filter(|_| ours).map(|at| at.0),
            may_tell: one.notice_by().is_some() && steps.contains(&Step::OverrideNotice),
            may_review: one.review_by().is_some() && another && steps.contains(&Step::OverrideReviewed),
        });
        Ok(all.collect())
    }

    /// Whether somebody has sent no revision of a referral; where nobody is known to have sent it, nobody can be another.
    pub(super) fn is_another(&self, place: i64, officer: &Officer) -> Result<bool, CaseworkError> {
        let sql = "SELECT count(*), coalesce(sum(s.officer = ?2), 0) FROM referral_revision v JOIN sent_by s ON s.message = v.message
            WHERE v.referral = ?1";
        let counts = |found: &rusqlite::Row<'_>| Ok((found.get::<_, i64>(0)?, found.get::<_, i64>(1)?));
        let whose = officer.pseudonym();
        let (known, own) = self.vault.db().query_row(sql, rusqlite::params![place, whose.as_bytes()], counts)?;
        Ok(known > 0 && own == 0)
    }
}
