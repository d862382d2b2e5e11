//! What was measured, beside what the issue asks for: as lines, as JSON.

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
};

use serde::Serialize;
use serde_json::Value;

use crate::environment::Environment;

/// On which side of its limit a figure is good.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Good {
    AtLeast,
    AtMost,
}

/// How a figure came out.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Debug)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Verdict {
    Pass,
    Short,
    Skipped,
}

/// One figure of the relay's promise.
#[derive(Clone, Serialize)]
pub(crate) struct Figure {
    /// What it says, in one line.
    pub(crate) what: String,
    /// Measured; a ratio unless `unit` says otherwise.
    pub(crate) value: f64,
    pub(crate) unit: &'static str,
    pub(crate) good: Good,
    pub(crate) limit: f64,
    pub(crate) verdict: Verdict,
    /// From what it was made, or why it was skipped.
    pub(crate) from: String,
}

impl Figure {
    pub(crate) fn new(what: impl Into<String>, value: f64, good: Good, limit: f64, from: String) -> Self {
        let holds = match good {
            Good::AtLeast => value >= limit,
            Good::AtMost => value <= limit,
        };
        let verdict = if holds { Verdict::Pass } else { Verdict::Short };
        Self { what: what.into(), value, unit: "", good, limit, verdict, from }
    }

    pub(crate) const fn in_unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    pub(crate) fn skipped(what: impl Into<String>, good: Good, limit: f64, why: String) -> Self {
        Self { what: what.into(), value: 0.0, unit: "", good, limit, verdict: Verdict::Skipped, from: why }
    }

    /// How often the limit is met: 1 is just so, more is better, whichever side is good.
    pub(crate) fn margin(&self) -> f64 {
        match self.good {
            Good::AtLeast => self.value / self.limit,
            Good::AtMost => self.limit / self.value.max(f64::MIN_POSITIVE),
        }
    }

    /// `0.71, at least 0.60`.
    pub(crate) fn against(&self) -> String {
        let side = match self.good {
            Good::AtLeast => "at least",
            Good::AtMost => "at most",
        };
        match self.verdict {
            Verdict::Skipped => format!("skipped: {}", self.from),
            Verdict::Pass | Verdict::Short => {
                format!("{}{u}, {side} {}{u}", digits(self.value), digits(self.limit), u = self.unit)
            }
        }
    }

    pub(crate) const fn word(&self) -> &'static str {
        match self.verdict {
            Verdict::Pass => "pass",
            Verdict::Short => "short",
            Verdict::Skipped => "skipped",
        }
    }
}

/// Three digits that count.
pub(crate) fn digits(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

/// Everything of one run.
#[derive(Serialize)]
pub(crate) struct Report {
    /// Of this layout.
    pub(crate) version: u32,
    pub(crate) environment: Environment,
    pub(crate) settings: BTreeMap<&'static str, Value>,
    pub(crate) figures: Vec<Figure>,
    /// What the figures were made from, each round.
    pub(crate) measurements: BTreeMap<&'static str, Value>,
}

impl Report {
    /// Takes the figures of one group and shows them.
    pub(crate) fn take(&mut self, figures: Vec<Figure>) {
        for figure in figures {
            let mut out = io::stdout().lock();
            // Nobody reads it any more: the files still come.
            writeln!(out, "{:7} {}: {}", figure.word(), figure.what, figure.against()).ok();
            if figure.verdict != Verdict::Skipped {
                writeln!(out, "        {}", figure.from).ok();
            }
            self.figures.push(figure);
        }
    }

    pub(crate) fn measured(&mut self, name: &'static str, value: impl Serialize) {
        self.measurements.insert(name, serde_json::to_value(value).unwrap_or_default());
    }
}

/// Shows what goes on.
pub(crate) fn say(line: &str) {
    writeln!(io::stderr(), "{line}").ok();
}
