//! The tables: medians, and ratios to raw of the same round.

use serde::Serialize;

use crate::{
    DEPTHS,
    cells::{Churn, Commit, Filled, Life},
};

#[derive(Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) round: usize,
    pub(crate) depth: usize,
    pub(crate) engine: String,
    pub(crate) cell: Commit,
}

#[derive(Debug, Serialize)]
pub(crate) struct Stored {
    pub(crate) empty: Commit,
    pub(crate) filled: Filled,
    pub(crate) life: Life,
}

#[derive(Debug, Serialize)]
pub(crate) struct Report {
    file_system: String,
    cores: usize,
    pub(crate) stored: usize,
    pub(crate) commits: Vec<Line>,
    pub(crate) churns: Vec<(String, Churn)>,
    pub(crate) lives: Vec<(String, Stored)>,
}

impl Report {
    pub(crate) const fn new(file_system: String, cores: usize) -> Self {
        Self { file_system, cores, stored: 0, commits: Vec::new(), churns: Vec::new(), lives: Vec::new() }
    }

    pub(crate) fn print(&self) {
        if !self.commits.is_empty() {
            self.print_commits();
            self.print_churns();
        }
        self.print_lives();
    }

    fn print_commits(&self) {
        println!(
            "\nEnvelopes a second, durable when acknowledged (ratio to raw: of rates; of median batches); p50/p99 in ms\n"
        );
        println!("| engine | 1 in flight | p50/p99 | 16 | 64 | 256 | p50/p99 |");
        println!("|---|---|---|---|---|---|---|");
        let mut engines: Vec<&str> = Vec::new();
        for line in &self.commits {
            if !engines.contains(&line.engine.as_str()) {
                engines.push(&line.engine);
            }
        }
        for engine in engines {
            let [one, few, many, most] = DEPTHS.map(|depth| {
                let rate = median(self.of(engine, depth).map(|line| line.cell.per_second).collect());
                let of_rates = self.ratio(engine, depth, |cell| cell.per_second);
                let of_medians = self.ratio(engine, depth, |cell| 1.0 / cell.p50_ms);
                format!("{} ({of_rates:.2}; {of_medians:.2})", thousands(rate))
            });
            let [quick, slow] = [DEPTHS[0], DEPTHS[3]].map(|depth| {
                let half = median(self.of(engine, depth).map(|line| line.cell.p50_ms).collect());
                let most = median(self.of(engine, depth).map(|line| line.cell.p99_ms).collect());
                format!("{half:.2}/{most:.2}")
            });
            println!("| {engine} | {one} | {quick} | {few} | {many} | {most} | {slow} |");
        }
    }

    fn print_churns(&self) {
        println!(
            "\nPut, read and done together, 64 at a time; disk after two rounds without stragglers and two with 1 %\n"
        );
        println!(
            "| engine | pairs a second | of put alone | disk after each round, MiB | after a pause | live | peak RSS |"
        );
        println!("|---|---|---|---|---|---|---|");
        for (engine, cell) in &self.churns {
            let rounds: Vec<String> = cell.disk_mib.iter().map(u64::to_string).collect();
            println!(
                "| {engine} | {} | {:.2} | {} | {} | {} | {} MiB |",
                thousands(cell.pairs_per_second),
                cell.pairs_per_second / cell.alone_per_second,
                rounds.join(", "),
                cell.after_pause_mib,
                cell.live_mib,
                cell.resident_peak_mib
            );
        }
    }

    fn print_lives(&self) {
        println!("\nWith {} stored, killed, opened again, read, emptied\n", self.stored);
        println!(
            "| engine | rate full / empty | disk / bytes | open ms | first read and write ms | RSS MiB open (peak) | filling (peak) | read/s | done/s | MiB before, emptied, after a pause |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|");
        for (engine, Stored { empty, filled, life }) in &self.lives {
            println!(
                "| {engine} | {:.2} | {:.2} | {:.1} | {:.1} | {} ({}) | {} ({}) | {} | {} | {}, {}, {} |",
                filled.full.per_second / empty.per_second,
                life.space_full,
                life.open_ms,
                life.ready_ms,
                life.resident_mib,
                life.resident_peak_mib,
                filled.resident_mib,
                filled.resident_peak_mib,
                thousands(life.read_per_second),
                thousands(life.done_per_second),
                life.before_mib,
                life.emptied_mib,
                life.after_pause_mib
            );
        }
    }

    fn of<'a>(&'a self, engine: &'a str, depth: usize) -> impl Iterator<Item = &'a Line> {
        self.commits.iter().filter(move |line| line.engine == engine && line.depth == depth)
    }

    /// The median over the rounds, each held against raw in the same round.
    fn ratio(&self, engine: &str, depth: usize, of: impl Fn(&Commit) -> f64) -> f64 {
        let ratios = self.of(engine, depth).filter_map(|line| {
            let raw = self.of("raw", depth).find(|raw| raw.round == line.round)?;
            Some(of(&line.cell) / of(&raw.cell))
        });
        median(ratios.collect())
    }
}

pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let head = digits.len() % 3;
    let mut parts: Vec<&str> = if head > 0 { vec![&digits[..head]] } else { Vec::new() };
    parts.extend((head..digits.len()).step_by(3).map(|at| &digits[at..at + 3]));
    parts.join(" ")
}
