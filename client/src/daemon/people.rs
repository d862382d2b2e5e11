//! The verbs about people: who works here, who acts, and what a second person confirms.

use rusqlite::{Connection, params};
use safeconduct_certs::keyfile::Cost;
use safeconduct_protocol::{id::MessageId, time::Timestamp};

use super::Node;
use crate::{
    api::people::{AddPerson, Confirm, Confirmed, EndPerson, People, Person, RolesChange, SetRoles, SetSecret, Word},
    casework::life::terms::Hand,
    error::{Told, ToldFinding},
    people::{
        LocalRole, Officer, PeopleError, Roles,
        confirm::{self, About, CONFIRMATION_S_MAX, Confirmation, Subject},
        store::{self, Listed, NewOfficer, RolesChanged},
    },
    vault::VaultError,
};

impl Node {
    /// Who acts: by name or pseudonym; nobody named is who alone is recorded, or, while nobody is, whoever has opened the vault.
    ///
    /// # Errors
    /// `person-unknown`, `person-missing`, or what the vault says.
    pub fn acting(&self, name: Option<&str>) -> Result<Officer, Told> {
        Ok(store::acting(&self.vault, name)?)
    }

    /// Who acts, if that person may do what is asked of this hand.
    ///
    /// # Errors
    /// As [`Self::acting`], and `not-your-role`.
    pub fn acting_as(&self, name: Option<&str>, hand: Hand) -> Result<Officer, Told> {
        let officer = self.acting(name)?;
        officer.does(hand)?;
        Ok(officer)
    }

    /// `people list`.
    ///
    /// # Errors
    /// What the vault says.
    pub fn people(&self, ended: bool) -> Result<People, Told> {
        let mut people = Vec::new();
        for listed in store::list(&self.vault, ended)? {
            let changes = store::roles_changed(&self.vault, listed.officer.pseudonym())?;
            people.push(Person { changes: changes.iter().map(RolesChange::of).collect(), ..Person::of(&listed) });
        }
        Ok(People { people })
    }

    /// `people add`.
    ///
    /// # Errors
    /// What [`store::add`] and [`store::check_secret`] refuse; `not-your-role` when who says so is no admin.
    pub fn add_person(&mut self, asked: &AddPerson) -> Result<People, Told> {
        self.said_by_admin(asked.by.as_ref())?;
        let roles = roles(&asked.roles)?;
        let now = self.now();
        let new = NewOfficer { name: &asked.name, roles, secret: &asked.secret.0 };
        let officer = store::add(&mut self.vault, &new, now, Cost::STANDARD, &mut self.entropy)?;
        let of_whom = |listed: &Listed| listed.officer == officer;
        Ok(People { people: store::list(&self.vault, false)?.iter().filter(|l| of_whom(l)).map(Person::of).collect() })
    }

    /// `people end`.
    ///
    /// # Errors
    /// `person-unknown`, `not-your-role`, `secret-wrong`, `secret-held`, `admin-missing`, or what the vault says.
    pub fn end_person(&mut self, asked: &EndPerson) -> Result<People, Told> {
        self.said_by_admin(Some(&asked.by))?;
        let officer = store::find(&self.vault, &asked.name)?;
        let now = self.now();
        store::end(&mut self.vault, &officer, now)?;
        self.people(true)
    }

    /// `people roles`: what somebody may do from now on. What the person has open under other roles ends.
    ///
    /// # Errors
    /// `person-unknown`, `not-your-role`, `secret-wrong`, `secret-held`, what [`store::set_roles`] refuses, or what the vault says.
    pub fn set_person_roles(&mut self, asked: &SetRoles) -> Result<People, Told> {
        self.said_by_admin(Some(&asked.by))?;
        let (officer, by) = (store::find(&self.vault, &asked.name)?, store::find(&self.vault, &asked.by.name)?);
        let (roles, now) = (roles(&asked.roles)?, self.now());
        store::set_roles(&mut self.vault, &officer, roles, &by, now)?;
        self.people(false)
    }

    /// `people secret`: the person with the secret of before, or an admin.
    ///
    /// # Errors
    /// `person-unknown`, `not-your-role`, `secret-wrong`, `secret-held`, `secret-short`, or what the vault says.
    pub fn set_person_secret(&mut self, asked: &SetSecret) -> Result<People, Told> {
        let officer = store::find(&self.vault, &asked.name)?;
        let by = store::find(&self.vault, &asked.by.name)?;
        if by != officer && !by.roles().has(LocalRole::Admin) {
            return Err(PeopleError::NotYourRole { asked: LocalRole::Admin.as_str() }.into());
        }
        let now = self.now();
        store::check_secret(&mut self.vault, &by, &asked.by.secret.0, now)?;
        store::set_secret(&mut self.vault, &officer, &asked.secret.0, Cost::STANDARD, &mut self.entropy)?;
        self.people(false)
    }

    /// Who says who works here: an admin with their own secret; nobody while nobody is recorded.
    pub(super) fn said_by_admin(&mut self, by: Option<&Word>) -> Result<(), Told> {
        let Some(by) = by else {
            let first = store::list(&self.vault, false)?.is_empty();
            return if first { Ok(()) } else { Err(PeopleError::NotSaid.into()) };
        };
        let officer = store::find(&self.vault, &by.name)?;
        if !officer.roles().has(LocalRole::Admin) {
            return Err(PeopleError::NotYourRole { asked: LocalRole::Admin.as_str() }.into());
        }
        let now = self.now();
        Ok(store::check_secret(&mut self.vault, &officer, &by.secret.0, now)?)
    }

    /// A second person confirms what somebody is about to do.
    ///
    /// # Errors
    /// What [`confirm::confirm`] refuses; `usage` for what cannot be confirmed.
    pub fn confirm(&mut self, asked: &Confirm) -> Result<Confirmed, Told> {
        let unknown = || Told::usage("this cannot be confirmed", "send the members that the API describes");
        let about = About::from_name(&asked.about).ok_or_else(unknown)?;
        let subject = Subject::from_hex(&asked.subject).ok_or_else(unknown)?;
        let first = self.acting(asked.by.as_deref())?;
        let now = self.now();
        let second = (asked.second.name.as_str(), &asked.second.secret.0);
        confirm::confirm(&mut self.vault, (about, &subject), &first, second, now)?;
        Ok(Confirmed { until_at: now.after(CONFIRMATION_S_MAX).0 })
    }

    /// The confirmation without which this does not go; none where no rule asks for one.
    ///
    /// # Errors
    /// `second-person-missing`, with the findings that ask for it.
    pub(super) fn second_confirmed(
        &self,
        first: &Officer,
        subject: &Subject,
        asking: Vec<ToldFinding>,
    ) -> Result<Option<Confirmation>, Told> {
        if asking.is_empty() {
            return Ok(None);
        }
        confirm::confirmed(&self.vault, (About::Send, subject), first, self.now()).map(Some).map_err(|error| {
            let mut told = Told::from(error);
            told.findings = asking;
            told
        })
    }
}

/// Keeps who sent a message, and what confirmed it, inside the transaction that queues it.
pub(super) fn note_sender(
    db: &Connection,
    message: &MessageId,
    officer: &Officer,
    confirmation: Option<Confirmation>,
    now: Timestamp,
) -> Result<(), VaultError> {
    let number = confirmation.map(Confirmation::number);
    let statement = "INSERT OR IGNORE INTO sent_by (message, officer, confirmation) VALUES (?1, ?2, ?3)";
    let pseudonym = officer.pseudonym();
    db.execute(statement, params![message.as_bytes(), pseudonym.as_bytes(), number])?;
    confirmation.map_or(Ok(()), |confirmation| confirm::use_up(db, confirmation, now))
}

/// Roles by their names.
fn roles(names: &[String]) -> Result<Roles, Told> {
    let all: Vec<&str> = LocalRole::ALL.iter().map(|role| role.as_str()).collect();
    let unknown = || Told::usage("there is no such role", format!("choose from: {}", all.join(", ")));
    let roles: Option<Vec<LocalRole>> = names.iter().map(|name| LocalRole::from_name(name)).collect();
    Ok(Roles::of(&roles.ok_or_else(unknown)?))
}

impl Person {
    fn of(listed: &Listed) -> Self {
        Self {
            pseudonym: listed.officer.pseudonym().to_hex(),
            name: listed.officer.name().unwrap_or_default().to_owned(),
            roles: names(listed.officer.roles()),
            since_at: listed.since.0,
            until_at: listed.until.map(|until| until.0),
            changes: Vec::new(),
        }
    }
}

impl RolesChange {
    fn of(change: &RolesChanged) -> Self {
        Self { at: change.at.0, by: change.by.to_hex(), was: names(change.was), became: names(change.became) }
    }
}

fn names(roles: Roles) -> Vec<String> {
    roles.iter().map(|role| role.as_str().to_owned()).collect()
}
