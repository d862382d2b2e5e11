//! Agreements, other countries' authorities, and the least version.

use std::{fs, path::Path};

use safeconduct_certs::{
    authority::{
        Office,
        error::Exit,
        recognise::Scope,
        root::{Fingerprint, ROOT_BYTES_MAX, RootFile},
    },
    durable,
    introduction::INTRODUCTION_BYTES_MAX,
    node::{Exercise, Role, Roles},
    registry::terms::{Border, ROLES_ALL, Terms, What},
    system::SystemClock,
    utc,
};
use safeconduct_protocol::time::{Clock as _, Timestamp};
use serde_json::json;

use super::{Desk, report::terms_text, tell};
use crate::{
    ask,
    cli::{Agree, Recognise},
    output::{Answer, Refusal},
};

impl Desk<'_> {
    pub(super) fn agree(&self, agree: &Agree) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let (number, until) = if let Some(number) = agree.end {
            if !agree.yes {
                ask::confirm(&format!("agreement {number} ends now: what only it allows is refused from now on"))?;
            }
            (number, office.end_agreement(number)?)
        } else {
            let until = agree.until.ok_or_else(no_until)?;
            is_to_come(until)?;
            let terms = Terms {
                number: 0,
                from_roles: bits(&agree.from),
                to_roles: bits(&agree.to),
                from_country: agree.from_country.map_or(Border::ANY, Border),
                to_country: agree.to_country.map_or(Border::ANY, Border),
                what: what_bits(&agree.what),
                until,
                record: [0; 32],
            };
            if office.registry().agreements().next().is_none() && !agree.yes {
                ask::confirm(
                    "this is the first agreement: until now every agency may send to every other; from now on only what \
                     an agreement covers is allowed",
                )?;
            }
            if let Some(number) = agree.number {
                replaces(&office, &Terms { number, ..terms.clone() }, agree.yes)?;
            }
            (office.agree(agree.number, terms)?, until)
        };
        let (now, until_text) = (SystemClock.now(), utc::instant(until));
        let mut text = match until > now {
            true => format!("agreement {number} holds until {until_text}"),
            false => format!("agreement {number} has ended"),
        };
        if !office.registry().agreements().any(|terms| terms.hold_at(now)) {
            text.push_str("\nNo agreement holds any more: no agency may send to another until you make one.");
        }
        let data = json!({"agreement": number, "until": until_text});
        tell(&mut office, agree.offline, Answer { data, text })
    }

    pub(super) fn introduce(&self, root: &Path, out: &Path) -> Result<Answer, Refusal> {
        let bytes = read(root, ROOT_BYTES_MAX)?;
        let theirs = RootFile::parse(&bytes).map_err(|_refused| no_root_file(root))?;
        let mut office = self.open()?;
        let file = office.introduce(&theirs)?;
        durable::write(out, &file, durable::PRIVATE).map_err(|error| {
            let fact = format!("{} cannot be written: {}", out.display(), error.kind());
            Refusal::new(Exit::NotReady, "disk", fact, "check the path, its permissions and the space")
        })?;
        let fingerprint = office.root().fingerprint().to_string();
        let text = format!(
            "{} introduces this authority to {} ({}). Send it there, by mail or stick; only they can open it.\nThen read \
             them our fingerprint by telephone: {fingerprint}",
            out.display(),
            theirs.log_name(),
            theirs.country(),
        );
        let data = json!({"out": out.display().to_string(), "to": theirs.log_name(), "fingerprint": fingerprint});
        Ok(Answer { data, text })
    }

    pub(super) fn recognise(&self, recognise: &Recognise) -> Result<Answer, Refusal> {
        if let Some(country) = recognise.end {
            return self.end_recognition(Border(country), recognise);
        }
        let Some(path) = &recognise.file else {
            let remedy = "give the file that the other authority made with `introduce`, or --end COUNTRY";
            return Err(Refusal::new(Exit::Usage, "usage", "it is not said whom to recognise", remedy));
        };
        let bytes = read(path, INTRODUCTION_BYTES_MAX)?;
        let until = recognise.until.ok_or_else(no_until)?;
        is_to_come(until)?;
        let mut office = self.open()?;
        let introduction = office.read_introduction(&bytes)?;
        let (root, fingerprint) = (&introduction.root, introduction.root.fingerprint());
        if let Some(typed) = &recognise.fingerprint {
            if Fingerprint::parse(typed) != Some(fingerprint) {
                let fact = "the fingerprint that you typed is not that of the introduction";
                let remedy = "do not go on: phone the other authority; somebody may have exchanged the file";
                return Err(Refusal::new(Exit::Tampering, "other-fingerprint", fact, remedy));
            }
        } else if !recognise.yes {
            ask::confirm(&format!(
                "phone the authority of {} and let its fingerprint be read to you. Here it is {fingerprint}.\nOnce \
                 recognised, its agencies and ours can write to each other until {}, and it can tell our nodes who its \
                 agencies are",
                root.country(),
                utc::instant(until),
            ))?;
        }
        let roles = |roles: &[Role]| if roles.is_empty() { ROLES_ALL } else { bits(roles) };
        let scope = Scope {
            from_roles: roles(&recognise.from),
            to_roles: roles(&recognise.to),
            what: what_bits(&recognise.what),
            until,
        };
        office.recognise(&introduction, scope)?;
        let until = utc::instant(until);
        let data = json!({
            "authority": root.log_name(), "country": root.country(), "fingerprint": fingerprint.to_string(), "until": until,
        });
        let text = format!(
            "{} ({}) is recognised until {until}. Agencies can write to each other when it recognises us too.",
            root.log_name(),
            root.country(),
        );
        tell(&mut office, recognise.offline, Answer { data, text })
    }

    fn end_recognition(&self, country: Border, recognise: &Recognise) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        if !recognise.yes {
            ask::confirm(&format!(
                "the recognition of {country} ends now: its agencies are refused here, and nothing more goes to them"
            ))?;
        }
        let ended = office.end_recognition(country)?;
        let text = match ended {
            0 => format!("no recognition of {country} holds"),
            _ => format!("the recognition of {country} has ended"),
        };
        tell(
            &mut office,
            recognise.offline,
            Answer { data: json!({"country": country.to_string(), "ended": ended}), text },
        )
    }

    pub(super) fn min_version(&self, version: u16, offline: bool) -> Result<Answer, Refusal> {
        let mut office = self.open()?;
        let least = office.registry().min_version();
        if version < least {
            let fact = format!("version {least} is the least already, and it is only ever raised");
            return Err(Refusal::new(Exit::Refused, "lower-version", fact, "nothing is to be done"));
        }
        office.set_min_version(version)?;
        let text = format!("relays and nodes take sessions of version {version} and later");
        tell(&mut office, offline, Answer { data: json!({"min_version": version}), text })
    }
}

/// What replaces an agreement takes rights away or gives them: shown, and asked for.
fn replaces(office: &Office, new: &Terms, yes: bool) -> Result<(), Refusal> {
    let Some(old) = office.registry().agreement(new.number) else {
        let fact = format!("there is no agreement {}", new.number);
        let remedy = "leave --number out to make a new one; `status` lists those that there are";
        return Err(Refusal::new(Exit::Refused, "no-such-terms", fact, remedy));
    };
    if old == new || yes {
        return Ok(());
    }
    ask::confirm(&format!(
        "agreement {} changes for everybody\n  from  {}\n  to    {}",
        new.number,
        terms_text(old),
        terms_text(new)
    ))
}

/// Terms that end before they begin would only take away.
fn is_to_come(until: Timestamp) -> Result<(), Refusal> {
    if until > SystemClock.now() {
        return Ok(());
    }
    let fact = format!("{} is over", utc::instant(until));
    Err(Refusal::new(Exit::Usage, "usage", fact, "give a later date; to end what holds, use --end"))
}

fn no_root_file(path: &Path) -> Refusal {
    let fact = format!("{} is no root file", path.display());
    Refusal::new(
        Exit::Usage,
        "no-root-file",
        fact,
        "give the other authority's root.scr, which `export-root` writes there",
    )
}

fn no_until() -> Refusal {
    let remedy = "give --until DATE, as 2027-12-31 or 2027-12-31T12:00:00Z";
    Refusal::new(Exit::Usage, "usage", "it is not said until when it holds", remedy)
}

fn bits(roles: &[Role]) -> u32 {
    Roles::agency(roles, Exercise::No).map_or(0, Roles::bits)
}

fn what_bits(what: &[What]) -> u32 {
    if what.is_empty() { What::ALL } else { what.iter().fold(0, |bits, what| bits | *what as u32) }
}

fn read(path: &Path, most: usize) -> Result<Vec<u8>, Refusal> {
    let refuse = |fact: String| Refusal::new(Exit::Usage, "unreadable", fact, "check the path");
    let bytes =
        fs::read(path).map_err(|error| refuse(format!("{} cannot be read: {}", path.display(), error.kind())))?;
    if bytes.len() > most { Err(refuse(format!("{} is longer than {most} bytes", path.display()))) } else { Ok(bytes) }
}
