//! The conversation beside a referral's acts.

use safeconduct_protocol::id::AgencyId;
use zeroize::Zeroizing;

use super::super::Node;
use crate::{
    api::posts::{PostAsked, PostLine, Posted, Posts},
    casework::{
        lapse,
        life::{
            state::{Phase, State},
            terms::{Hand, Side},
        },
        post::{
            self,
            said::{FORM, PostKind, Said, StatusCode},
            store,
        },
        refusal::CaseworkError,
        stand,
        store::{columns::uuid_text, revision, row::Row},
        view::{self, Assignment, Viewer},
    },
    error::Told,
    people::Officer,
    referral::{
        codes::{Role, Section},
        compose::uuid,
        dates::Instant,
        policy::contains_identifier,
    },
    vault::VaultError,
};

fn bad(member: &'static str, form: &'static str) -> CaseworkError {
    CaseworkError::BadValue { member, form }
}

impl Node {
    /// `post note | question | answer | status`: says something about a referral to the other agency, or the same to several that have
    /// referrals for the same person.
    ///
    /// # Errors
    /// `not-now` outside the time from its delivery to its end, `bad-value`, `note-contains-identifier`, `level-too-low`,
    /// `separate-recipient`, what [`Self::acting_as`] refuses, or what the vault says; nothing is said to anybody then.
    pub fn post(&mut self, id: &str, asked: &PostAsked) -> Result<Posted, Told> {
        self.acting_as(asked.by.as_deref(), Hand::Caseworker)
            .or_else(|_told| self.acting_as(asked.by.as_deref(), Hand::Intake))?;
        let row = self.case(id)?;
        let rows = self.told(&row, &asked.to)?;
        let said = self.said(asked, &rows)?;
        for row in &rows {
            self.may_say(row, &said)?;
        }
        let now = self.now();
        let tx = self.vault.begin()?;
        let mut told = Vec::with_capacity(rows.len());
        for row in &rows {
            let said = Said { referral_id: uuid_text(&row.referral), ..said.clone() };
            if post::say(&tx, row, &said, now, &mut self.entropy)? == store::Inserted::Full {
                return Err(bad("post", "one of at most 1000 about a referral").into());
            }
            told.push(row.agency.clone().unwrap_or_default());
        }
        tx.commit().map_err(CaseworkError::from)?;
        Ok(Posted { post: said.post_id, told, daemon: false })
    }

    /// The referrals with which it is said: the one that was named, and those of the other agencies for the same person.
    fn told(&self, row: &Row, to: &[String]) -> Result<Vec<Row>, Told> {
        let mut rows = Vec::new();
        for agency in to {
            agency
                .parse::<AgencyId>()
                .map_err(|error| Told::usage(error.to_string(), "see `safeconduct directory`"))?;
            let open = "dossier = ?1 AND agency = ?2 AND erased_at IS NULL ORDER BY place DESC LIMIT 1";
            let found = Row::all(self.vault.db(), open, rusqlite::params![row.dossier, agency])?.pop();
            rows.push(found.ok_or_else(|| bad("to", "agencies that have a referral for the same person"))?);
        }
        if rows.is_empty() {
            rows.extend(Row::all(self.vault.db(), "place = ?1", [row.place])?);
        }
        if rows.len() > 1 {
            for row in &rows {
                self.together(row)?;
            }
        }
        Ok(rows)
    }

    /// Law enforcement, embassies and witness protection are told by themselves: who shelters a person is not for everybody to know.
    fn together(&self, row: &Row) -> Result<(), Told> {
        let Some((_, referral)) = revision::newest(self.vault.db(), row.place)? else {
            return Err(CaseworkError::Erased.into());
        };
        let header = &referral.header;
        let role = if row.side == Side::Sender { header.to.role } else { header.from.role };
        if is_apart(role) { Err(separate(role)) } else { Ok(()) }
    }

    fn said(&mut self, asked: &PostAsked, rows: &[Row]) -> Result<Said, Told> {
        let kind = PostKind::ALL.iter().copied().find(|kind| kind.as_str() == asked.kind);
        let kind = kind.ok_or_else(|| CaseworkError::not_in("kind", PostKind::ALL, PostKind::as_str))?;
        let code = match &asked.code {
            None => None,
            Some(code) => {
                let found = StatusCode::ALL.iter().copied().find(|one| one.as_str() == code);
                Some(found.ok_or_else(|| CaseworkError::not_in("code", StatusCode::ALL, StatusCode::as_str))?)
            }
        };
        let post_id = uuid(&mut self.entropy).map_err(VaultError::from)?;
        let at = safeconduct_certs::utc::instant(self.now());
        let said = Said {
            post: FORM.to_owned(),
            post_id,
            referral_id: rows.first().map(|row| uuid_text(&row.referral)).unwrap_or_default(),
            kind,
            reply_to: asked.reply_to.clone(),
            at,
            section: asked.section.clone().unwrap_or_else(|| Section::Enquiry.as_str().to_owned()),
            told: rows.iter().filter_map(|row| row.agency.clone()).collect(),
            text: asked.text.clone().map(Zeroizing::new),
            code,
        };
        if said.is_sound() {
            Ok(said)
        } else {
            Err(bad("post", "a text of 1 to 4000 characters, an answer with what it answers, a status with its code")
                .into())
        }
    }

    /// Whether it may be said with this referral: while it is open, at its level, in a section that it has, under a consent for that.
    fn may_say(&self, row: &Row, said: &Said) -> Result<(), CaseworkError> {
        let open = row.state.phase() == Phase::Open && row.state != State::Submitted;
        let goodbye = row.state == State::Withdrawn && row.side == Side::Sender && said.kind == PostKind::Status;
        if !open && !goodbye {
            return Err(bad("referral", "one that was delivered and has not ended"));
        }
        let (_, referral) = revision::newest(self.vault.db(), row.place)?.ok_or(CaseworkError::Erased)?;
        let section = said.section().ok_or_else(|| CaseworkError::not_in("section", Section::ALL, Section::as_str))?;
        // What names the person is identity, in whatever section it is said.
        let section = post::named::section(self.vault.db(), row, said)?.unwrap_or(section);
        lapse::may_use(self.vault.db(), &self.profiles, row.place, &referral, section, self.now())?;
        let level = row.level;
        // When the consents have ended, only what identifies nobody is still said.
        let is_bare = level <= 1
            || match lapse::may_use(self.vault.db(), &self.profiles, row.place, &referral, Section::Summary, self.now())
            {
                Err(CaseworkError::Vault(error)) => return Err(error.into()),
                covered => covered.is_err(),
            };
        if is_bare && said.text.as_ref().is_some_and(|text| contains_identifier(text)) {
            return Err(CaseworkError::TextIdentifies { level });
        }
        Ok(())
    }

    /// `post list`: what was said about a referral, oldest first; it counts as read.
    ///
    /// # Errors
    /// `unknown-referral`, what [`Self::acting`] refuses, or what the vault says.
    pub fn posts(&mut self, id: &str, by: Option<&str>) -> Result<Posts, Told> {
        let officer = self.acting(by)?;
        let row = self.case(id)?;
        let ceiling = self.reads_up_to(&row, &officer)?;
        let own = self.own_agency().map(String::from).unwrap_or_default();
        let theirs = row.agency.clone().unwrap_or_default();
        let shown = lapse::newest_shown(self.vault.db(), &self.profiles, &row, self.now())?;
        post::named::mark(self.vault.db(), row.place)?;
        let mut posts = Vec::new();
        for one in store::list(self.vault.db(), row.place)? {
            let section = one.said.as_ref().and_then(Said::section);
            let may = section.is_some_and(|section| {
                let covered = |section| shown.as_ref().is_some_and(|shown| shown.has(section));
                view::level(section) <= ceiling && covered(section) && one.section.is_none_or(covered)
            });
            let said = one.said.filter(|_| may);
            posts.push(PostLine {
                from: if one.side == row.side { own.clone() } else { theirs.clone() },
                message_id: one.message.to_hex(),
                at: said.as_ref().and_then(|said| said.at.parse::<Instant>().ok()).map_or(one.at.0, |at| at.time().0),
                new: one.side != row.side && one.read_at.is_none(),
                contradicts: one.twice,
                late: one.late,
                post: said.as_ref().map(|said| said.post_id.clone()),
                kind: said.as_ref().map(|said| said.kind.as_str().to_owned()),
                section: said.as_ref().map(|said| said.section.clone()),
                reply_to: said.as_ref().and_then(|said| said.reply_to.clone()),
                told: said.as_ref().map(|said| said.told.clone()).unwrap_or_default(),
                code: said.as_ref().and_then(|said| said.code).map(|code| code.as_str().to_owned()),
                text: said.and_then(|said| said.text).map(|text| text.to_string()),
            });
        }
        let now = self.now();
        store::read(self.vault.db(), row.place, now)?;
        let looked = posts.iter().any(|post: &PostLine| post.text.is_some());
        if looked && stand::may_be_read(row.state) {
            self.open_case(&row, &officer, 1, None)?;
        }
        Ok(Posts { posts })
    }

    /// The highest level that a person reads of a referral.
    pub(super) fn reads_up_to(&self, row: &Row, officer: &Officer) -> Result<u8, Told> {
        let Some((_, referral)) = revision::newest(self.vault.db(), row.place)? else { return Ok(0) };
        let theirs = officer.is_alone() || row.officer == Some(*officer.pseudonym().as_bytes());
        let assignment = if theirs { Assignment::Theirs } else { Assignment::NotTheirs };
        Ok(view::reads_up_to(&referral, Viewer { roles: officer.roles(), assignment })?)
    }
}

/// Whether an agency of this role is told by itself.
pub(crate) const fn is_apart(role: Role) -> bool {
    matches!(
        role,
        Role::Police
            | Role::BorderGuard
            | Role::Prosecution
            | Role::ImmigrationAuthority
            | Role::WitnessProtection
            | Role::Embassy
    )
}

/// The refusal to tell such an agency beside others.
pub(super) fn separate(role: Role) -> Told {
    Told::refused(
        "separate-recipient",
        format!("an agency with the role {} is told by itself, and never learns who else was told", role.as_str()),
        "say it to that agency alone",
    )
}
