//! The report as one page for a browser or for print: no script, no reference to anything outside of it, and whatever is shown escaped.

use super::{Report, instant};
use crate::{
    api::audit::{AuditLine, AuditedCase},
    casework::words,
};

/// Nothing is loaded and nothing runs, whatever the page says: only its own style counts.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
const STYLE: &str = "body{font:15px/1.4 sans-serif;margin:2em;max-width:80em}table{border-collapse:collapse;width:100%}\
th,td{border:1px solid #999;padding:.3em .5em;text-align:start;vertical-align:top}th{background:#eee}\
.caution{border-inline-start:.4em solid #b00;padding-inline-start:.8em}.mono{font-family:monospace;overflow-wrap:anywhere}\
@media print{body{margin:0;font-size:10px}tr{break-inside:avoid}}";

/// The whole page.
#[must_use]
pub fn page(report: &Report) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>Auditor's report</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<h1>Auditor's report</h1>\n"
    );
    let lines: usize = report.cases.iter().map(|case| case.lines.len()).sum();
    page.push_str(&format!(
        "<p>Of {} on {}, made by {}. {} referrals, {lines} lines. Signatures were checked again, against a registry copy of {} \
         entries.</p>\n<p>This report holds agencies, pseudonyms and codes. It holds no content, no details and no names of persons. \
         It is made from this agency's vault and proves nothing by itself: what others can verify is exported with \
         <span class=\"mono\">safeconduct evidence export</span>.</p>\n",
        name(&report.agency),
        escaped(&instant(report.made_at)),
        name(&report.made_by),
        report.cases.len(),
        report.registry_size,
    ));
    page.push_str(&cautions(report));
    for case in &report.cases {
        page.push_str(&of_case(case));
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn cautions(report: &Report) -> String {
    let items: String = report
        .cautions()
        .map(|(case, caution)| {
            let (kind, text) = (escaped(&caution.kind), escaped(&caution.text));
            format!("<li><strong>{kind}</strong>, {}: <bdi>{text}</bdi></li>\n", name(&case.referral_id))
        })
        .collect();
    let items = if items.is_empty() {
        "<p>Nothing: no act without consent, nothing late, nothing missing, nothing signed twice.</p>\n".to_owned()
    } else {
        format!("<ul>\n{items}</ul>\n")
    };
    format!("<section class=\"caution\">\n<h2>To look at first</h2>\n{items}</section>\n")
}

fn of_case(case: &AuditedCase) -> String {
    let exercise = if case.exercise { " (exercise)" } else { "" };
    let rows: String = case.lines.iter().map(of_line).collect();
    format!(
        "<section>\n<h2>Referral {}{exercise}</h2>\n<p>From {} to {}, now {}.</p>\n<table>\n<thead><tr><th scope=\"col\">Time</th>\
         <th scope=\"col\">Whose clock</th><th scope=\"col\">Act</th><th scope=\"col\">Agency and pseudonym</th>\
         <th scope=\"col\">Proof</th><th scope=\"col\">It counts as</th><th scope=\"col\">It proves</th>\
         <th scope=\"col\">It does not prove</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n</section>\n",
        name(&case.referral_id),
        name(&case.sender),
        name(&case.recipient),
        named(words::state(&case.state), &case.state),
    )
}

fn of_line(line: &AuditLine) -> String {
    let why = line.why.as_ref().map(|why| format!(": {}", named(words::why(why), why))).unwrap_or_default();
    let level = line.level.map(|level| format!(", level {level}")).unwrap_or_default();
    let cause = line.cause.as_ref().map(|cause| format!(" ({})", escaped(cause))).unwrap_or_default();
    let event = if line.event.is_empty() { String::new() } else { format!("<br>{}{cause}", name(&line.event)) };
    let agency = line.agency.as_deref().map(name).unwrap_or_default();
    let second = if line.confirmed { ", confirmed by a second person" } else { "" };
    let person = line.person.as_deref().map_or_else(
        || {
            if line.agency.is_some() && line.proof == "signature" {
                "<br>no person named".to_owned()
            } else {
                String::new()
            }
        },
        |person| format!("<br>{}{second}", name(person)),
    );
    format!(
        "<tr><td>{}</td><td>{}</td><td>{}{why}{level}{event}</td><td>{agency}{person}</td><td>{}, {}<br><bdi class=\"mono\">{}</bdi></td>\
         <td>{}</td><td>{}</td><td>{}</td></tr>\n",
        escaped(&instant(line.at)),
        escaped(&line.clock),
        named(words::did(&line.act), &line.act),
        escaped(&line.proof),
        escaped(&line.holds),
        escaped(&line.place),
        escaped(&line.counted),
        escaped(&line.proves),
        escaped(&line.proves_not),
    )
}

/// What a stable name means, with the name, by which other tools know it.
fn named(words: &str, name: &str) -> String {
    if words == name {
        escaped(name)
    } else {
        format!("{} (<span class=\"mono\">{}</span>)", escaped(words), escaped(name))
    }
}

/// A name that turns nothing round beside it.
fn name(text: &str) -> String {
    format!("<bdi class=\"mono\">{}</bdi>", escaped(text))
}

/// Text in a page, as what it is; control characters and marks of direction are written as what they are not: a gap.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}' => safe.push(' '),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{super::tests::report, *};

    #[test]
    fn the_page_runs_nothing_loads_nothing_and_escapes_what_it_shows() {
        let page = page(&report());

        for wanted in [
            "<html lang=\"en\" dir=\"ltr\">",
            POLICY,
            "<bdi",
            "2026-06-01T12:00:00Z",
            "07070707",
            "that help was given",
            "accepted it (<span class=\"mono\">Accepted</span>)",
        ] {
            assert!(page.contains(wanted), "{wanted}");
        }
        let lower = page.to_lowercase();
        for absent in [
            "<script",
            "javascript:",
            " on",
            "src=",
            "href=",
            "url(",
            "http:",
            "https:",
            "@import",
            "<b>",
            "<link",
            "<img",
        ] {
            // ` on` begins a handler's name only inside a tag.
            let inside = lower.split('<').filter_map(|part| part.split('>').next()).any(|tag| tag.contains(absent));
            assert!(!inside, "{absent}");
        }
        assert!(!page.contains('\u{202e}') && page.contains("&lt;b&gt;=cmd"));
        let (top, first) = (page.find("To look at first").unwrap(), page.find("<h2>Referral").unwrap());
        assert!(top < first && page[top..first].contains("@late &amp; more"));
    }
}
