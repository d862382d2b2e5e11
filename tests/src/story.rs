//! One full case, told through the commands that people at six agencies type. Played by `./demo --story`, and by a test.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::cast::{self, Agency};
use crate::error::WorldError;
use crate::program::text;
use crate::shift::{instant_text, unix_now};
use crate::wait::{self, Look};
use crate::world::{Node, World};

/// Longest time for one step, in seconds, on two shared cores.
const STEP_SECONDS: u64 = 120;

const HELPLINE: &str = "xa.lantern-helpline";
const HARBOUR: &str = "xa.harbour-house";
const MENS: &str = "xa.mens-safe-house";
const LINDEN: &str = "xc.linden-shelter";
const POLICE: &str = "xa.police-thb-unit";
const AUTHORITY: &str = "xc.competent-authority";

/// The agencies of the story.
pub const CAST: [&str; 6] = [HELPLINE, HARBOUR, MENS, LINDEN, POLICE, AUTHORITY];

/// What the story says while it is played.
pub enum Line<'a> {
    /// A part begins.
    Act(u8, &'a str),
    /// Somebody has done something.
    Did(&'a str),
    /// What a program answered, or why that is so.
    Note(&'a str),
}

/// Who listens.
pub type Tell<'a> = dyn Fn(Line<'_>) + 'a;

/// The nodes of the story, enrolled.
pub struct Story<'a> {
    world: &'a World,
    nodes: Vec<Node>,
    tell: &'a Tell<'a>,
}

fn fault(fact: impl Into<String>) -> WorldError {
    WorldError::Sample { path: PathBuf::from("the story"), fact: fact.into() }
}

impl<'a> Story<'a> {
    /// Enrols the agencies.
    ///
    /// # Errors
    /// An enrolment fails.
    pub fn begin(world: &'a World, tell: &'a Tell<'a>) -> Result<Self, WorldError> {
        let agencies: Option<Vec<Agency>> = CAST.iter().map(|id| cast::by_id(id)).collect();
        let agencies = agencies.ok_or_else(|| fault("an agency of it is not in the cast"))?;
        let nodes = world.enrol_all(&agencies)?;
        tell(Line::Act(1, "An authority, a relay, and six agencies in two countries"));
        tell(Line::Did("a helpline, three shelters, a police unit and a competent authority are enrolled"));
        Ok(Self { world, nodes, tell })
    }

    fn node(&self, agency: &str) -> Result<&Node, WorldError> {
        self.nodes.iter().find(|node| node.agency.id == agency).ok_or_else(|| fault(format!("{agency} is not there")))
    }

    fn did(&self, words: &str) {
        (self.tell)(Line::Did(words));
    }

    fn note(&self, words: &str) {
        (self.tell)(Line::Note(words));
    }

    fn file(&self, name: &str, value: &Value) -> Result<String, WorldError> {
        let path = self.world.files().join(name);
        std::fs::write(&path, value.to_string()).map_err(WorldError::io("write", &path))?;
        Ok(path.to_string_lossy().into_owned())
    }

    /// The newest referral of an agency with another one, once it is in this state there.
    fn reaches(&self, at: &str, with: &str, state: &str) -> Result<String, WorldError> {
        let node = self.node(at)?;
        wait::until(&format!("{at}: a referral with {with} to be {state}"), STEP_SECONDS, || {
            let data = node.done(&["referral", "list"])?;
            let all = data["referrals"].as_array().cloned().unwrap_or_default();
            let newest = all.iter().find(|one| one["agency"] == with);
            Ok(match newest {
                Some(one) if one["state"] == state => Look::Seen(one["id"].as_str().unwrap_or_default().to_owned()),
                _ => Look::NotYet(format!("{:?}", newest.map(|one| one["state"].clone()))),
            })
        })
    }

    /// Plays everything, in order.
    ///
    /// # Errors
    /// A step goes otherwise than it should.
    pub fn play(&self) -> Result<(), WorldError> {
        self.enquires()?;
        self.accepts()?;
        self.talks()?;
        self.discloses()?;
        self.encloses()?;
        self.asks_the_police()?;
        self.hands_on()?;
        self.reflects()?;
        self.consents()?;
        self.closes()
    }

    fn enquires(&self) -> Result<(), WorldError> {
        (self.tell)(Line::Act(2, "A helpline asks three shelters, without names"));
        let sample = sample("01")?;
        let mut form = sample["enquiry"].clone();
        for member in ["vic_TypeOfExploitation", "needed_by", "group_size", "accompanying_children"] {
            form.as_object_mut().map(|form| form.remove(member));
        }
        form["urgency"] = json!("Emergency");
        form["text_lang"] = json!("eng");
        let file = self.file("enquiry.json", &form)?;
        let asked = self.node(HELPLINE)?.done(&["enquire", &file, "--to", HARBOUR, "--to", MENS, "--to", LINDEN])?;
        let count = asked["sent"].as_array().map_or(0, Vec::len);
        if count != 3 {
            return Err(fault(format!("{count} agencies were asked")));
        }
        for shelter in [HARBOUR, MENS, LINDEN] {
            self.reaches(shelter, HELPLINE, "delivered")?;
        }
        self.did("each has an enquiry of its own, with ids of its own, and is told who else is asked");
        Ok(())
    }

    fn accepts(&self) -> Result<(), WorldError> {
        (self.tell)(Line::Act(3, "One accepts, the others are told that she is served"));
        let harbour = self.node(HARBOUR)?;
        let id = self.reaches(HARBOUR, HELPLINE, "delivered")?;
        let shown = harbour.done(&["referral", "show", &id, "--open"])?;
        if shown["referral"].get("identity").is_some() || shown["level"] != 0 {
            return Err(fault("an enquiry says who it is about"));
        }
        harbour.done(&[
            "referral",
            "accept",
            &id,
            "--from",
            &day_text(unix_now()),
            "--text",
            "Ring at the side door.",
            "--yes",
        ])?;
        self.did("Harbour House opens it, and accepts; both acts are signed");
        self.reaches(HELPLINE, HARBOUR, "accepted")?;
        for shelter in [MENS, LINDEN] {
            self.reaches(shelter, HELPLINE, "erased")?;
        }
        self.did("the two others had not read it: it is withdrawn, erased there, and that is certified");
        Ok(())
    }

    /// Two questions that need no act.
    fn talks(&self) -> Result<(), WorldError> {
        let (helpline, harbour) = (self.node(HELPLINE)?, self.node(HARBOUR)?);
        let here = self.reaches(HELPLINE, HARBOUR, "accepted")?;
        helpline.done(&["post", "question", &here, "--text", "May she bring her dog?"])?;
        let there = self.reaches(HARBOUR, HELPLINE, "accepted")?;
        let asked = said(harbour, &there, "question")?;
        harbour.done(&["post", "answer", &there, "--reply-to", &asked, "--text", "Yes, there is a garden."])?;
        said(helpline, &here, "answer")?;
        self.did("a question and its answer go beside the acts, without a name in either");
        Ok(())
    }

    fn discloses(&self) -> Result<(), WorldError> {
        (self.tell)(Line::Act(4, "She consents, and her identity follows to this shelter alone"));
        let helpline = self.node(HELPLINE)?;
        let id = self.reaches(HELPLINE, HARBOUR, "accepted")?;
        let mut next = helpline.done(&["referral", "show", &id, "--open", "--show-identity"])?["referral"].clone();
        let sample = sample("01")?;
        next["header"]["kind"] = json!("Referral");
        next["header"]["revision"] = json!(2);
        next["header"]["disclosure_level"] = json!(2);
        for part in ["summary", "identity", "consents"] {
            next[part] = sample[part].clone();
        }
        next["handling"]["markings"] = sample["handling"]["markings"].clone();
        next["summary"]["risk"]["valid_until"] = json!(day_text(unix_now() + 14 * 86_400));
        consented(&mut next, &["NgoShelter"], Some(HARBOUR), false);
        let file = self.file("identity.json", &next)?;
        helpline.done(&["referral", "raise", &id, "--file", &file, "--yes"])?;
        let harbour = self.node(HARBOUR)?;
        let there = self.reaches(HARBOUR, HELPLINE, "accepted")?;
        let name = wait::until("her name to arrive", STEP_SECONDS, || {
            let shown = harbour.done(&["referral", "show", &there, "--open", "--show-identity"])?;
            let name = shown["referral"]["identity"]["names"][1]["full"].as_str().map(str::to_owned);
            Ok(name.map_or_else(|| Look::NotYet(shown["level"].to_string()), Look::Seen))
        })?;
        self.did(&format!("revision 2, level 2: Harbour House learns that she is {name}"));
        harbour.done(&["referral", "start", &there, "--on", &day_text(unix_now())])?;
        self.reaches(HELPLINE, HARBOUR, "in-service")?;
        self.did("she has arrived: help has begun");
        Ok(())
    }

    /// A medical report: level 3, under a consent of its own.
    fn encloses(&self) -> Result<(), WorldError> {
        let (helpline, harbour) = (self.node(HELPLINE)?, self.node(HARBOUR)?);
        let id = self.reaches(HELPLINE, HARBOUR, "in-service")?;
        let mut next = helpline.done(&["referral", "show", &id, "--open", "--show-identity"])?["referral"].clone();
        let path = self.world.files().join("report.txt");
        let content = "Medical report (made up): two cracked ribs, healing. No fever.\n";
        std::fs::write(&path, content).map_err(WorldError::io("write", &path))?;
        let file = path.to_string_lossy().into_owned();
        let facts = helpline.done(&["document", "describe", &file])?;
        let attachment = uuid(9);
        next["header"]["revision"] = json!(3);
        next["header"]["disclosure_level"] = json!(3);
        next["case_file"] = json!({
            "medical": sample("05")?["case_file"]["medical"],
            "attachments": [{
                "attachment_id": attachment, "title": "Medical report", "section": "Medical",
                "media_type": facts["media_type"], "size_bytes": facts["size_bytes"], "sha256": facts["sha256"]
            }]
        });
        let mut consent = next["consents"][0].clone();
        consent["consent_id"] = json!(uuid(10));
        consent["sections"] = json!(["Enquiry", "Summary", "Identity", "Medical", "Attachments"]);
        consent["purposes"] = json!(["Assistance", "LegalAssistance", "MedicalCare"]);
        consent["level_max"] = json!(3);
        consent["given_at"] = json!(instant_text(unix_now() - 1));
        if let Some(consents) = next["consents"].as_array_mut() {
            consents.push(consent);
        }
        let revision = self.file("medical.json", &next)?;
        helpline.done(&["referral", "raise", &id, "--file", &revision, "--yes"])?;
        helpline.done(&["document", "attach", &id, &attachment, &file])?;
        let there = self.reaches(HARBOUR, HELPLINE, "in-service")?;
        let document = wait::until("the medical report to arrive", STEP_SECONDS, || {
            let documents = harbour.done(&["document", "list", &there])?["documents"].clone();
            let held = documents.as_array().and_then(|all| all.iter().find(|one| one["state"] == "held").cloned());
            let id = held.and_then(|one| one["id"].as_str().map(str::to_owned));
            Ok(id.map_or_else(|| Look::NotYet(documents.to_string()), Look::Seen))
        })?;
        let out = self.world.files().join("report-saved.txt");
        harbour.done(&["document", "save", &document, "--out", &out.to_string_lossy()])?;
        let saved = std::fs::read(&out).map_err(WorldError::io("read", &out))?;
        if saved != content.as_bytes() {
            return Err(fault("the medical report came out otherwise than it went in"));
        }
        self.did("revision 3, level 3: a medical report, sealed for this shelter alone, under a consent that names it");
        Ok(())
    }

    fn asks_the_police(&self) -> Result<(), WorldError> {
        (self.tell)(Line::Act(5, "Somebody wants to tell the police, and may not"));
        let file = self.file("police.json", &self.to_police(HARBOUR, false)?)?;
        let answer = self.node(HARBOUR)?.run(&["send", &file, "--to", POLICE])?;
        let error = answer.error()?;
        let findings = error["findings"].as_array().cloned().unwrap_or_default();
        let refused: Vec<&Value> = findings.iter().filter(|one| one["severity"] == "refuse").collect();
        for rule in ["D03", "D07"] {
            let finding = refused.iter().find(|one| one["rule"] == rule);
            let finding = finding.ok_or_else(|| fault(format!("rule {rule} does not refuse: {error}")))?;
            self.note(&format!("{rule}  {}", finding["fact"].as_str().unwrap_or_default()));
            self.note(&format!("     → {}", finding["remedy"].as_str().unwrap_or_default()));
        }
        self.did("nothing was sent: her help never depends on what she says to the police");
        Ok(())
    }

    /// A referral about her to the police unit.
    fn to_police(&self, from: &str, consents: bool) -> Result<Value, WorldError> {
        let (mut it, ours) = (sample("11")?, sample("01")?);
        let agency = cast::by_id(from).ok_or_else(|| fault("who is that"))?;
        it["header"]["from"] = json!({"agency_id": agency.id, "role": agency.role, "country": agency.country});
        it["header"]["profile_from"] = json!(format!("{}@3", agency.country));
        it["header"]["referral_id"] = json!(uuid(if consents { 7 } else { 6 }));
        it["header"]["disclosure_level"] = json!(2);
        it["enquiry"] = ours["enquiry"].clone();
        it["enquiry"]["services"] = json!(["PoliceReport"]);
        it["enquiry"].as_object_mut().map(|enquiry| enquiry.remove("needed_by"));
        it["summary"] = ours["summary"].clone();
        it["identity"] = ours["identity"].clone();
        it.as_object_mut().map(|it| it.remove("case_file"));
        it["handling"] = ours["handling"].clone();
        it["handling"]["retention_basis"] = json!("LegalClaim");
        it["summary"]["risk"]["valid_until"] = json!(day_text(unix_now() + 14 * 86_400));
        if consents {
            it["handling"]["markings"] = json!([]);
            consented(&mut it, &["Police"], Some(POLICE), false);
            it["consents"][0]["purposes"] = json!(["CriminalInvestigation"]);
            it["summary"]["reflection_period"] = json!({
                "status": "Granted", "start": day_text(unix_now() - 86_400), "end": day_text(unix_now() + 40 * 86_400),
                "legal_basis": "Carthen Act on Trafficked Persons (fictional), s. 4"
            });
        } else {
            consented(&mut it, &["NgoShelter", "Police"], None, false);
        }
        times(&mut it);
        Ok(it)
    }

    fn hands_on(&self) -> Result<(), WorldError> {
        (self.tell)(Line::Act(6, "Her trafficker knows the street: she moves across the border"));
        let harbour = self.node(HARBOUR)?;
        let id = self.reaches(HARBOUR, HELPLINE, "in-service")?;
        harbour.done(&["referral", "propose-transfer", &id])?;
        let draft = harbour.done(&["referral", "new-from", &id])?;
        let draft = text(&draft, "draft")?.to_owned();
        let out = self.world.files().join("transfer.json");
        harbour.done(&["referral", "draft", "show", &draft, "--out", &out.to_string_lossy()])?;
        let bytes = std::fs::read(&out).map_err(WorldError::io("read", &out))?;
        let mut next: Value = serde_json::from_slice(&bytes).map_err(|error| fault(error.to_string()))?;
        next["consents"] = sample("10")?["consents"].clone();
        consented(&mut next, &["NgoShelter"], Some(LINDEN), true);
        next["header"]["reason"] = json!("MigrationOrChangeOfLocation");
        // The new shelter needs less than this one had, and must not name the town.
        next["header"]["disclosure_level"] = json!(2);
        next.as_object_mut().map(|next| next.remove("case_file"));
        next["identity"]["location"] = json!({"kind": "ConfidentialShelter", "country": "XA"});
        next["summary"]["risk"]["level"] = json!("Extreme");
        let file = self.file("transfer-asked.json", &next)?;
        harbour.done(&["referral", "draft", "edit", &draft, &file, "--to", LINDEN])?;
        harbour.done(&["referral", "draft", "send", &draft, "--to", LINDEN])?;
        self.did("she is asked again, and consents to Linden Shelter in Carthen; a new referral with new pseudonyms goes there");
        let linden = self.node(LINDEN)?;
        let there = self.reaches(LINDEN, HARBOUR, "delivered")?;
        linden.done(&["referral", "show", &there, "--open"])?;
        linden.done(&["referral", "accept", &there, "--yes"])?;
        self.reaches(HARBOUR, HELPLINE, "transferred")?;
        let told = self.reaches(HELPLINE, HARBOUR, "transferred")?;
        let mut shown = self.node(HELPLINE)?.done(&["referral", "show", &told])?;
        // Whom it asked itself at the beginning, it knows.
        shown.as_object_mut().map(|shown| shown.remove("told"));
        if shown.to_string().contains(LINDEN) {
            return Err(fault("the helpline learns where she is"));
        }
        self.did("Linden accepts; the helpline learns that she was handed on, and not where she is");
        Ok(())
    }

    fn reflects(&self) -> Result<(), WorldError> {
        (self.tell)(Line::Act(7, "The competent authority notes her reflection period"));
        let linden = self.node(LINDEN)?;
        let mut it = self.to_police(LINDEN, true)?;
        it["header"]["referral_id"] = json!(uuid(8));
        it["header"]["to"] = json!({"agency_id": AUTHORITY, "role": "CompetentAuthority", "country": "XC"});
        it["header"]["profile_to"] = json!("XC@3");
        it["enquiry"]["services"] = json!(["FormalIdentification"]);
        it["enquiry"]["country_of_need"] = json!("XC");
        it["enquiry"].as_object_mut().map(|enquiry| enquiry.remove("region_of_need"));
        it["summary"]["reflection_period"] = json!({"status": "NotRequested"});
        consented(&mut it, &["CompetentAuthority"], Some(AUTHORITY), false);
        it["consents"][0]["purposes"] = json!(["Identification", "Assistance"]);
        let file = self.file("authority.json", &it)?;
        linden.done(&["send", &file, "--to", AUTHORITY])?;
        let authority = self.node(AUTHORITY)?;
        let there = self.reaches(AUTHORITY, LINDEN, "delivered")?;
        authority.done(&["referral", "show", &there, "--open"])?;
        authority.done(&["referral", "accept", &there, "--yes"])?;
        let (start, end) = (day_text(unix_now() - 86_400), day_text(unix_now() + 40 * 86_400));
        authority.done(&["referral", "reflection", &there, "--status", "Granted", "--start", &start, "--end", &end])?;
        let here = self.reaches(LINDEN, AUTHORITY, "accepted")?;
        wait::until("the reflection period to be told", STEP_SECONDS, || {
            let log = linden.done(&["referral", "show", &here])?["log"].to_string();
            Ok(if log.contains("ReflectionSet") { Look::Seen(()) } else { Look::NotYet(log) })
        })?;
        self.did(&format!("granted until {end}; a shelter could not have noted it, nor can the police shorten it"));
        Ok(())
    }

    fn consents(&self) -> Result<(), WorldError> {
        (self.tell)(Line::Act(8, "Later she wants to report: now it may go"));
        let linden = self.node(LINDEN)?;
        let file = self.file("report.json", &self.to_police(LINDEN, true)?)?;
        linden.done(&["send", &file, "--to", POLICE])?;
        let police = self.node(POLICE)?;
        let there = self.reaches(POLICE, LINDEN, "delivered")?;
        police.done(&["referral", "show", &there, "--open"])?;
        police.done(&["referral", "accept", &there, "--yes"])?;
        self.reaches(LINDEN, POLICE, "accepted")?;
        self.did("her consent names this police unit, this purpose, and was given after the period began");
        Ok(())
    }

    fn closes(&self) -> Result<(), WorldError> {
        (self.tell)(Line::Act(9, "It ends, and everybody knows how"));
        let linden = self.node(LINDEN)?;
        let id = self.reaches(LINDEN, HARBOUR, "accepted")?;
        linden.done(&["referral", "start", &id, "--on", &day_text(unix_now())])?;
        linden.done(&["referral", "close", &id, "--outcome", "ServiceDelivered", "--yes"])?;
        let closed = self.reaches(HARBOUR, LINDEN, "closed")?;
        let said = self.node(HARBOUR)?.say(&["referral", "show", &closed])?.done()?;
        said.stdout.lines().for_each(|line| self.note(line));
        self.did("what was signed stays; what is personal goes on its day");
        self.reports()
    }

    /// Harbour House's auditor writes down what was done: everything that was signed, and nobody's name.
    fn reports(&self) -> Result<(), WorldError> {
        let out = self.world.files().join("report.html");
        let file = out.to_string_lossy();
        self.node(HARBOUR)?.done(&["evidence", "report", "--all", "--format", "html", "--out", &file])?;
        let page = std::fs::read_to_string(&out).map_err(WorldError::io("read", &out))?;
        let person = sample("01")?;
        let names = person["identity"]["names"].as_array().cloned().unwrap_or_default();
        let words = names.iter().chain([&person["summary"]["case_code"]]).flat_map(|one| [&one["full"], one]);
        if words.filter_map(Value::as_str).any(|word| page.contains(word)) || page.contains("side door") {
            return Err(fault("the report says who she is"));
        }
        for act in ["Accepted", "TransferredOnward", "Closed", "that the outcome is true"] {
            if !page.contains(act) {
                return Err(fault(format!("the report does not say: {act}")));
            }
        }
        self.did("Harbour House writes its auditor's report: each act, its proof and what that proves, and no name");
        let (harbour, bundle) = (self.node(HARBOUR)?, self.world.files().join("case.json"));
        let file = bundle.to_string_lossy();
        let case = self.reaches(HARBOUR, LINDEN, "closed")?;
        harbour.done(&["evidence", "export", &case, "--out", &file])?;
        let proven = harbour.done(&["evidence", "verify", &file])?["proven"].as_array().map_or(0, Vec::len);
        self.did(&format!(
            "and all that was signed about it in one file, which proves {proven} things to whoever trusts neither"
        ));
        Ok(())
    }
}

/// The newest post of a kind from the other agency, once it is there.
fn said(node: &Node, referral: &str, kind: &str) -> Result<String, WorldError> {
    wait::until(&format!("a {kind} to arrive"), STEP_SECONDS, || {
        let posts = node.done(&["post", "list", referral])?["posts"].clone();
        let found = posts.as_array().and_then(|all| all.iter().rev().find(|one| one["kind"] == kind).cloned());
        let id = found.and_then(|one| one["post"].as_str().map(str::to_owned));
        Ok(id.map_or_else(|| Look::NotYet(posts.to_string()), Look::Seen))
    })
}

/// A sample as it stands in its file, with its times in this year.
fn sample(number: &str) -> Result<Value, WorldError> {
    Ok(cast::sample(number)?.referral)
}

/// Its first consent is given now, by these roles and this agency, for everything that is in it.
fn consented(value: &mut Value, roles: &[&str], agency: Option<&str>, onward: bool) {
    let consent = &mut value["consents"][0];
    consent["consent_id"] = json!(uuid(u8::try_from(roles.len()).unwrap_or(0) + if onward { 0x20 } else { 0x10 }));
    consent["recipient_roles"] = json!(roles);
    match agency {
        Some(agency) => consent["recipient_agency_ids"] = json!([agency]),
        None => drop(consent.as_object_mut().map(|consent| consent.remove("recipient_agency_ids"))),
    }
    consent["onward_sharing"] = json!(onward);
    consent["given_at"] = json!(instant_text(unix_now() - 5));
    consent["expires_at"] = json!(instant_text(unix_now() + 30 * 86_400));
}

fn times(value: &mut Value) {
    value["header"]["created_at"] = json!(instant_text(unix_now() - 2));
    value["header"]["expires_at"] = json!(instant_text(unix_now() + 5 * 86_400));
    value["handling"]["delete_after"] = json!(day_text(unix_now() + 200 * 86_400));
}

/// The day of a second.
fn day_text(unix: u64) -> String {
    instant_text(unix).get(..10).unwrap_or_default().to_owned()
}

fn uuid(number: u8) -> String {
    format!("5707e000-{:04x}-4000-8000-{:012x}", number, unix_now())
}
