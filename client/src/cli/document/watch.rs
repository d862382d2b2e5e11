//! `document watch`: how far a document is on its way, until it has arrived or cannot.

use std::{thread, time::Duration};

use super::super::{
    Context,
    draft::By,
    progress::{Progress, STEP},
    verbs::Verbs,
};
use crate::{api::documents::DocumentShown, casework::words, error::Told, exit::Exit};

/// Steps between two looks.
const LOOK_STEPS: u32 = 5;

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The document's id, or the first digits.
    document: String,
    /// Look on for at most so many seconds; without it, until it has arrived or cannot.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    wait: Option<u64>,
    #[command(flatten)]
    by: By,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<Exit, Told> {
    let output = context.output;
    let mut verbs = Verbs::reach(context)?;
    let by = args.by.pseudonym(&mut verbs)?;
    let mut document = verbs.document(&args.document, by.as_deref())?;
    // Without a daemon nothing moves: what there is to see is seen.
    if is_on_its_way(&document) && !verbs.is_daemon() {
        return Err(Told::not_ready(
            "no-daemon",
            "documents move while the daemon runs, and none does",
            "start it with `safeconduct daemon`, then watch again",
        ));
    }
    let mut progress = Progress::new(output, words::document_state(&document.state));
    let mut elapsed = Duration::ZERO;
    let mut steps = 0_u32;
    while is_on_its_way(&document) {
        if let Some(text) = progress.on(elapsed, document.done_bytes, document.size_bytes) {
            output.draw(&text);
        }
        if args.wait.is_some_and(|wait| elapsed >= Duration::from_secs(wait)) {
            clear(context, &progress);
            return Err(on_its_way_still(&document));
        }
        thread::sleep(STEP);
        elapsed = elapsed.saturating_add(STEP);
        steps = steps.saturating_add(1);
        if steps.is_multiple_of(LOOK_STEPS) {
            let looked = verbs.document(&args.document, by.as_deref());
            document = looked.inspect_err(|_told| clear(context, &progress))?;
        }
    }
    clear(context, &progress);
    judged(&document)?;
    Ok(output.answer(&document))
}

fn clear(context: &Context, progress: &Progress) {
    if let Some(text) = progress.end() {
        context.output.draw(text);
    }
}

fn is_on_its_way(document: &DocumentShown) -> bool {
    matches!(document.state.as_str(), "waiting" | "wanted")
}

fn on_its_way_still(document: &DocumentShown) -> Told {
    let why = document.reason.as_deref().map(|why| format!(": {}", words::document_reason(why))).unwrap_or_default();
    Told::unreachable(
        "document-on-its-way",
        format!("it has not arrived yet{why}"),
        "watch again; the daemon goes on by itself",
    )
}

/// Arrived, or why not.
fn judged(document: &DocumentShown) -> Result<(), Told> {
    let says = words::document_state(&document.state);
    match document.state.as_str() {
        "stored" | "held" => Ok(()),
        "broken" => Err(crate::documents::DocumentError::Broken.into()),
        "erased" => Err(Told::refused("content-erased", says, "ask the other agency, or send it again")),
        _ => {
            let why = document.reason.as_deref().map(words::document_reason);
            let fact = why.map_or_else(|| says.to_owned(), |why| format!("{says}: {why}"));
            let remedy = if document.received {
                "try with `safeconduct document fetch`; if the relay has it no more, ask its sender to attach it again"
            } else {
                "try with `safeconduct document fetch`, which sends it anew"
            };
            Err(Told::refused("document-failed", fact, remedy))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(state: &str, reason: Option<&str>) -> DocumentShown {
        DocumentShown {
            id: "0a".repeat(16),
            referral_id: String::new(),
            attachment_id: String::new(),
            received: true,
            title: "statement".to_owned(),
            section: "Medical".to_owned(),
            media_type: "text/plain".to_owned(),
            size_bytes: 9,
            done_bytes: 0,
            state: state.to_owned(),
            reason: reason.map(str::to_owned),
        }
    }

    #[test]
    fn watching_ends_when_a_document_is_there_or_cannot_come_and_says_which() {
        let verdict = |state: &str| judged(&document(state, Some("document-gone")));
        for (state, on_its_way) in
            [("waiting", true), ("wanted", true), ("stored", false), ("held", false), ("gone", false)]
        {
            assert_eq!(is_on_its_way(&document(state, None)), on_its_way, "{state}");
        }
        assert!(verdict("stored").is_ok() && verdict("held").is_ok());
        assert_eq!(verdict("broken").unwrap_err().exit(), Exit::Tampering);
        assert_eq!(verdict("erased").unwrap_err().code, "content-erased");
        let gone = verdict("gone").unwrap_err();
        assert_eq!((gone.code.as_str(), gone.exit()), ("document-failed", Exit::Refused));
        assert!(gone.message.contains("the relay has it no more"), "{}", gone.message);
        let still = on_its_way_still(&document("wanted", Some("relay-busy")));
        assert_eq!((still.code.as_str(), still.exit()), ("document-on-its-way", Exit::Unreachable));
    }
}
