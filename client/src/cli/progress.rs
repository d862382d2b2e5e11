//! How far something is, while it goes on: a bar where there is a terminal, a line now and then where there is none, nothing beside JSON.

use std::{
    sync::mpsc::{RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use super::output::{Form, Output};

/// Between two looks, so that nothing is drawn more often.
pub(super) const STEP: Duration = Duration::from_millis(100);
/// Between two lines where there is no terminal.
const LINES_APART: Duration = Duration::from_secs(3);
/// Characters of the bar.
const BAR_CHARS: usize = 24;
const MIB: u64 = 1024 * 1024;

/// How it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Shown {
    /// Drawn over itself.
    Bar,
    /// Line by line.
    Lines,
    /// Not at all.
    Nothing,
}

/// Says when and what is written. Knows no clock and no terminal.
pub(super) struct Progress {
    shown: Shown,
    what: String,
    /// When it was written last; bars are written at once, the first line after its time.
    last: Option<Duration>,
    is_drawn: bool,
}

impl Progress {
    /// For this output; `what` goes on, in one word or two.
    pub(super) fn new(output: Output, what: &str) -> Self {
        let shown = match (output.form(), output.talks_to_a_terminal()) {
            (Form::Json, _) => Shown::Nothing,
            (Form::Text, true) => Shown::Bar,
            (Form::Text, false) => Shown::Lines,
        };
        Self { shown, what: what.to_owned(), last: None, is_drawn: false }
    }

    /// What is to be written `now`, counted from the beginning, when so many of all bytes are done.
    pub(super) fn on(&mut self, now: Duration, done: u64, whole: u64) -> Option<String> {
        let apart = match self.shown {
            Shown::Bar => STEP,
            Shown::Lines => LINES_APART,
            Shown::Nothing => return None,
        };
        let since = match (self.last, self.shown) {
            (None, Shown::Bar) => apart,
            (last, _) => now.saturating_sub(last.unwrap_or_default()),
        };
        if whole == 0 || since < apart {
            return None;
        }
        self.last = Some(now);
        let told = format!("{}  {}", self.what, amount(done, whole));
        if self.shown == Shown::Lines {
            return Some(format!("{told}\n"));
        }
        self.is_drawn = true;
        let full = usize::try_from(share(done, whole, u64::try_from(BAR_CHARS).unwrap_or(0))).unwrap_or(0);
        let (full, rest) = ("#".repeat(full), "-".repeat(BAR_CHARS.saturating_sub(full)));
        Some(format!("\r[{full}{rest}]  {told}\u{1b}[K"))
    }

    /// What takes a bar away again.
    pub(super) const fn end(&self) -> Option<&'static str> {
        if self.is_drawn { Some("\r\u{1b}[K") } else { None }
    }
}

/// `done` of `whole` in so many parts, rounded down.
fn share(done: u64, whole: u64, parts: u64) -> u64 {
    let share = u128::from(done.min(whole)).saturating_mul(u128::from(parts)).checked_div(u128::from(whole));
    share.and_then(|share| u64::try_from(share).ok()).unwrap_or(parts)
}

/// `12.5 of 100.0 MiB, 12 %`; what is less than one in bytes.
pub(super) fn amount(done: u64, whole: u64) -> String {
    let percent = share(done, whole, 100);
    if whole < MIB {
        return format!("{done} of {whole} bytes, {percent} %");
    }
    let mib = |bytes: u64| format!("{}.{}", bytes / MIB, (bytes % MIB).saturating_mul(10) / MIB);
    format!("{} of {} MiB, {percent} %", mib(done), mib(whole))
}

/// Does `work`, and shows meanwhile what `look` says of how far it is: bytes done and all of them.
pub(super) fn shown<T>(
    output: Output,
    what: &str,
    mut look: impl FnMut() -> Option<(u64, u64)> + Send,
    work: impl FnOnce() -> T,
) -> T {
    let mut progress = Progress::new(output, what);
    if progress.shown == Shown::Nothing {
        return work();
    }
    let (running, until) = sync_channel::<()>(0);
    thread::scope(|scope| {
        let looking = move || {
            let mut elapsed = Duration::ZERO;
            while until.recv_timeout(STEP) == Err(RecvTimeoutError::Timeout) {
                elapsed = elapsed.saturating_add(STEP);
                if let Some(text) = look().and_then(|(done, whole)| progress.on(elapsed, done, whole)) {
                    output.draw(&text);
                }
            }
            if let Some(text) = progress.end() {
                output.draw(text);
            }
        };
        // Without a thread it is done all the same.
        let looks = thread::Builder::new().name("progress".to_owned()).spawn_scoped(scope, looking).is_ok();
        let done = work();
        drop((running, looks));
        done
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn progress(shown: Shown) -> Progress {
        Progress { shown, what: "sealing".to_owned(), last: None, is_drawn: false }
    }

    #[test]
    fn a_bar_is_drawn_over_itself_never_twice_in_a_tenth_of_a_second_and_goes_again() {
        let mut bar = progress(Shown::Bar);
        assert_eq!((bar.on(Duration::ZERO, 0, 0), bar.end()), (None, None), "nothing has begun");

        let drawn = bar.on(Duration::ZERO, 50 * MIB, 100 * MIB).unwrap();
        assert_eq!(drawn, "\r[############------------]  sealing  50.0 of 100.0 MiB, 50 %\u{1b}[K");
        assert_eq!(bar.on(Duration::from_millis(99), 60 * MIB, 100 * MIB), None);
        let drawn = bar.on(Duration::from_millis(100), 100 * MIB, 100 * MIB).unwrap();
        assert!(drawn.contains("[########################]") && drawn.contains("100 %"), "{drawn}");
        assert!(drawn.chars().count() < 80, "it fits a line");
        assert_eq!(bar.end(), Some("\r\u{1b}[K"));
    }

    #[test]
    fn without_a_terminal_a_line_comes_every_few_seconds_and_beside_json_nothing() {
        let mut lines = progress(Shown::Lines);
        assert_eq!(lines.on(Duration::from_millis(2_999), 1, 700), None, "what is over soon says nothing");
        assert_eq!(lines.on(Duration::from_secs(3), 7, 700).as_deref(), Some("sealing  7 of 700 bytes, 1 %\n"));
        assert_eq!(lines.on(Duration::from_millis(5_999), 8, 700), None);
        assert!(lines.on(Duration::from_secs(6), 8, 700).is_some() && lines.end().is_none());
        let mut nothing = progress(Shown::Nothing);
        assert_eq!((nothing.on(Duration::from_secs(9), 1, 2), nothing.end()), (None, None));
    }

    #[test]
    fn amounts_never_pass_their_whole() {
        assert_eq!(amount(0, MIB), "0.0 of 1.0 MiB, 0 %");
        assert_eq!(amount(25 * MIB + MIB / 2, 100 * MIB), "25.5 of 100.0 MiB, 25 %");
        assert_eq!((share(9, 7, 100), share(1, 0, 100), share(u64::MAX, u64::MAX, 24)), (100, 100, 24));
    }

    #[test]
    fn what_is_worked_on_is_looked_at_until_it_is_done_and_its_answer_comes_back() {
        let looked = AtomicUsize::new(0);
        let look = || {
            looked.fetch_add(1, Ordering::SeqCst);
            Some((1, 2))
        };
        // It ends when it was looked at, however long that takes.
        let work = || {
            while looked.load(Ordering::SeqCst) == 0 {
                thread::yield_now();
            }
            7
        };

        assert_eq!(shown(Output::new(false), "sealing", look, work), 7);
        assert_eq!(shown(Output::new(true), "sealing", || panic!("nobody looks"), || 8), 8);
    }
}
