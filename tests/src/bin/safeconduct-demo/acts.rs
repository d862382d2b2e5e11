//! The acts of the demo, in order. Each step is a command that a person could type.

use std::collections::BTreeMap;
use std::path::Path;

use safeconduct_tests::canary::{Canaries, files_under};
use safeconduct_tests::cast::{self, AGENCIES, Sample};
use safeconduct_tests::error::WorldError;
use safeconduct_tests::process::Lifetime;
use safeconduct_tests::program::{Program, Programs};
use safeconduct_tests::shift::unix_now;
use safeconduct_tests::story::{Line, Story};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{EnrolStep, Node, NodeSettings, Plan, World};

use crate::screen::Screen;

/// Seconds after which a demo on any machine has gone wrong.
const WAY_SECONDS: u64 = 180;
/// The agency whose enrolment is told in full.
const EXAMPLE: &str = "xa.harbour-house";

type Nodes = BTreeMap<&'static str, Node>;

/// One referral under way.
struct Sent {
    sample: Sample,
    message_id: String,
    state: String,
}

/// Plays all acts.
pub(crate) fn play(screen: &Screen, folder: &Path, lifetime: Lifetime) -> Result<(), WorldError> {
    screen.text("Safeconduct: a referral crosses a border");
    screen.text("Real processes on this machine's loopback. All persons, agencies and countries are made up.");
    let world = found(screen, folder, lifetime)?;
    let nodes = enrol(screen, &world)?;
    let sent = send(screen, &world, &nodes)?;
    verify(screen, &world, &nodes, &sent)?;
    look(screen, &world, &sent)?;
    if lifetime == Lifetime::Kept {
        next(screen, &world)?;
    }
    Ok(())
}

/// Plays one full case instead.
pub(crate) fn story(screen: &Screen, folder: &Path, lifetime: Lifetime) -> Result<(), WorldError> {
    screen.text("Safeconduct: one case, from the first question to its end");
    screen.text("Real processes on this machine's loopback. All persons, agencies and countries are made up.");
    let nodes = NodeSettings { receipt_delay_max_s: 1, settle_tick_ms: 250 };
    let world = World::found(Plan { folder: Some(folder.to_owned()), lifetime, nodes, ..Plan::default() })?;
    let tell = |line: Line<'_>| match line {
        Line::Act(number, title) => screen.act(number, title),
        Line::Did(words) => screen.good(words),
        Line::Note(words) => screen.note(words),
    };
    Story::begin(&world, &tell)?.play()?;
    let kept = canaries_of("01")?;
    let found = kept.in_folder(world.relay.folder())?.findings.len() + kept.in_folder(&world.logs())?.findings.len();
    if found > 0 {
        let fact = format!("{found} strings about her are on the relay's disk or in a log");
        return Err(WorldError::Sample { path: world.relay.folder().to_owned(), fact });
    }
    screen.good(&format!(
        "{} strings about her looked for on the relay's disk and in every log: none found",
        kept.count()
    ));
    Ok(())
}

fn canaries_of(number: &str) -> Result<Canaries, WorldError> {
    Ok(Canaries::new(cast::sample(number)?.confidential()))
}

fn found(screen: &Screen, folder: &Path, lifetime: Lifetime) -> Result<World, WorldError> {
    screen.act(1, "An authority and a relay");
    let nodes = NodeSettings { receipt_delay_max_s: 1, settle_tick_ms: 250 };
    let world = World::found(Plan { folder: Some(folder.to_owned()), lifetime, nodes, ..Plan::default() })?;
    screen.good("the authority of Arvenia (XA) has its keys and an empty registry; it needs no server");
    screen.good(&format!("the relay runs on {} and is in the registry", world.relay.address()));
    screen.note("the relay knows the nodes' keys, but no agency's name: the registry holds commitments only");
    Ok(world)
}

fn enrol(screen: &Screen, world: &World) -> Result<Nodes, WorldError> {
    screen.act(2, "Eighteen agencies in five countries enrol");
    let nodes = world.enrol_all_telling(&AGENCIES, &|step| tell(screen, step))?;
    let nodes: Nodes = nodes.into_iter().map(|node| (node.agency.id, node)).collect();
    screen.good(&format!("{} nodes are connected; each proved its key and checked the relay's", nodes.len()));
    Ok(nodes)
}

fn tell(screen: &Screen, step: &EnrolStep<'_>) {
    match step {
        EnrolStep::Invited(agency, code) if agency.id == EXAMPLE => {
            screen.event(&format!("{}: the authority gives a code by phone:", agency.name));
            screen.note(code);
        }
        EnrolStep::Asked(agency, words) if agency.id == EXAMPLE => {
            screen.event(&format!("{}: its node makes keys and asks; its operator reads out:", agency.name));
            screen.note(words);
        }
        EnrolStep::Connected(agency) => {
            let exercise = if agency.exercise { ", for exercises only" } else { "" };
            screen.good(&format!("{} ({}, {}{exercise})", agency.name, agency.role, agency.country));
        }
        EnrolStep::Invited(..) | EnrolStep::Asked(..) => {}
    }
}

fn send(screen: &Screen, world: &World, nodes: &Nodes) -> Result<Vec<Sent>, WorldError> {
    screen.act(3, "Twelve referrals, sealed by the sender's node for the recipient's node alone");
    let mut sent = Vec::new();
    for sample in cast::samples(unix_now())? {
        let file = sample.write_into(&world.files())?;
        let message_id = node(nodes, sample.from())?.send(&file, sample.to())?;
        sent.push(Sent { sample, message_id, state: "queued".to_owned() });
    }
    screen.event("all twelve are checked against the schema and the person's consent, and lie in the outboxes");
    wait::until("all receipts", WAY_SECONDS, || {
        for one in &mut sent {
            advance(screen, nodes, one)?;
        }
        let open = sent.iter().filter(|one| one.state != "delivered").count();
        Ok(if open == 0 { Look::Seen(()) } else { Look::NotYet(format!("{open} referrals are under way")) })
    })?;
    for one in &sent {
        let inbox = node(nodes, one.sample.to())?.inbox()?;
        let times = inbox.iter().filter(|message| message.referral_id == one.sample.referral_id()).count();
        if times != 1 {
            return Err(WorldError::Sample {
                path: one.sample.name.clone().into(),
                fact: format!("shown {times} times"),
            });
        }
    }
    screen.good("twelve of twelve arrived, each exactly once, each with a receipt signed by the recipient's node");
    Ok(sent)
}

/// Tells what is new about one referral.
fn advance(screen: &Screen, nodes: &Nodes, one: &mut Sent) -> Result<(), WorldError> {
    if one.state == "delivered" {
        return Ok(());
    }
    let state = node(nodes, one.sample.from())?.state_of(&one.message_id)?;
    if state == one.state {
        return Ok(());
    }
    let number = one.sample.name.get(..2).unwrap_or_default();
    let way = format!("{} → {}", named(one.sample.from()), named(one.sample.to()));
    match state.as_str() {
        "relay-accepted" => screen.event(&format!("{number}   {way}: the relay holds it and signed for it")),
        "delivered" => screen.good(&format!("{number} {way}{}: arrived; receipt verified", border(&one.sample))),
        "failed" => {
            return Err(WorldError::Sample {
                path: one.sample.name.clone().into(),
                fact: "could not be sent".to_owned(),
            });
        }
        _ => {}
    }
    one.state = state;
    Ok(())
}

fn named(agency: &str) -> &str {
    cast::by_id(agency).map_or(agency, |agency| agency.name)
}

/// ` (XA to XC)` when the two agencies are in different countries.
fn border(sample: &Sample) -> String {
    match (cast::by_id(sample.from()), cast::by_id(sample.to())) {
        (Some(from), Some(to)) if from.country != to.country => format!(" ({} to {})", from.country, to.country),
        _ => String::new(),
    }
}

fn node<'a>(nodes: &'a Nodes, agency: &str) -> Result<&'a Node, WorldError> {
    let missing = || WorldError::Sample { path: agency.into(), fact: "is not enrolled".to_owned() };
    nodes.get(agency).ok_or_else(missing)
}

fn verify(screen: &Screen, world: &World, nodes: &Nodes, sent: &[Sent]) -> Result<(), WorldError> {
    screen.act(4, "Evidence, verified offline: no network, no vault, no trust in the relay");
    let folder = world.folder().join("evidence");
    std::fs::create_dir_all(&folder).map_err(WorldError::io("make", &folder))?;
    let programs = Programs::find()?;
    let mut shown = None;
    for one in sent {
        let file = folder.join(format!("{}.json", one.sample.name));
        let out = file.to_string_lossy().into_owned();
        node(nodes, one.sample.from())?.done(&["evidence", "export", &one.message_id, "--out", &out])?;
        let answer = programs.run(Program::Safeconduct, &["evidence", "verify", &out])?.done()?;
        shown.get_or_insert((answer.command, answer.stdout));
    }
    if let Some((command, stdout)) = shown {
        screen.event(&format!("`{command}` says:"));
        stdout.lines().for_each(|line| screen.note(line));
    }
    screen.good(&format!("{} bundles verify; none holds a name: they prove with salted commitments", sent.len()));
    Ok(())
}

fn look(screen: &Screen, world: &World, sent: &[Sent]) -> Result<(), WorldError> {
    screen.act(5, "What a seized relay would tell");
    let names = AGENCIES.iter().map(|agency| agency.name.to_owned());
    let canaries = Canaries::new(sent.iter().flat_map(|one| one.sample.confidential()).chain(names));
    for file in files_under(world.relay.folder())? {
        let bytes = file.metadata().map_or(0, |facts| facts.len());
        screen.event(&format!("{:>9} bytes  {}", bytes, file.file_name().unwrap_or_default().to_string_lossy()));
    }
    let disk = canaries.in_folder(world.relay.folder())?;
    let log = canaries.in_folder(&world.logs())?;
    let (found, looked) = (disk.findings.len() + log.findings.len(), canaries.count());
    if found > 0 {
        let fact = format!("{found} of {looked} strings are on the relay's disk or in a log");
        return Err(WorldError::Sample { path: world.relay.folder().to_owned(), fact });
    }
    screen.good(&format!("{looked} names, contacts and texts looked for in UTF-8, UTF-16, base64 and hex: none found"));
    screen.text("");
    screen.row("who", "knows");
    screen.row("sender and recipient", "the referral, and each other's signed receipts");
    screen.row("relay", "mailbox, expiry day and size class of what waits; who is connected, while they are");
    screen.row("authority", "who is registered; nothing of any referral");
    screen.row("every other agency", "that the two agencies exist");
    screen.text("\nDone. docs/THREAT-MODEL.md says what this does not protect from.");
    Ok(())
}

/// Where the page of a node is.
fn page_of(data: &Path) -> Result<String, WorldError> {
    let data = data.display().to_string();
    let answer = Programs::find()?.run(Program::Safeconduct, &["--data", &data, "--json", "page"])?;
    let url = answer.data()?["url"].as_str().map(str::to_owned);
    url.ok_or_else(|| WorldError::Sample { path: data.into(), fact: "the node has no page".to_owned() })
}

/// What to try in a demo that goes on.
fn next(screen: &Screen, world: &World) -> Result<(), WorldError> {
    let folder = world.folder();
    let safeconduct = Programs::find()?.path(Program::Safeconduct);
    let as_agency = |id: &str| {
        let nodes = folder.join("nodes");
        format!(
            "{} --data {} --passphrase-file {}",
            safeconduct.display(),
            nodes.join(id).display(),
            nodes.join(format!("{id}.passphrase")).display()
        )
    };
    screen.text("\nEverything goes on running. In a browser on this machine, with nothing more to type in a terminal:");
    screen.text("");
    for (name, id) in [("Lantern Helpline", "xa.lantern-helpline"), ("Harbour House", "xa.harbour-house")] {
        let url = page_of(&folder.join("nodes").join(id))?;
        screen.text(&format!("  {name:<18} {url:<26} passphrase: the passphrase of {id} is only for loopback"));
    }
    screen.text(
        "\nRefer somebody on the first page; open, answer and accept it on the second. Or, to be Harbour House here:",
    );
    screen.text(&format!("\n  alias harbour='{}'", as_agency("xa.harbour-house")));
    for line in [
        "harbour inbox",
        "harbour show MESSAGE",
        "harbour directory",
        "harbour ping xc.linden-shelter",
        "harbour doctor",
    ] {
        screen.text(&format!("  {line}"));
    }
    screen.text("\nThe authority revokes a node, and the relay cuts it off at once:");
    screen.text(&format!(
        "\n  {} --dir {} --passphrase-file {} revoke xc.linden-shelter --yes",
        Programs::find()?.path(Program::Admin).display(),
        world.authority.folder().display(),
        world.authority.passphrase_file().display()
    ));
    screen.text(&format!("\nTo stop everything and remove the folder:\n\n  ./demo --stop {}", folder.display()));
    Ok(())
}
