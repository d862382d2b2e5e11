//! The command line of the page.

use std::time::Duration;

use clap::Args;

/// How the page is served.
#[derive(Args)]
pub(crate) struct Wanted {
    /// The port on 127.0.0.1; without it, one that is free.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1024..))]
    pub(super) port: Option<u16>,
    /// Close after so many minutes without use (or seconds, as in 90s); the keys go from memory then.
    #[arg(long, value_name = "MINUTES", default_value = "15", value_parser = idle)]
    pub(super) lock_after: Duration,
    /// Open the page in this desktop's browser.
    #[arg(long)]
    pub(super) open: bool,
}

/// At most a working day.
fn idle(text: &str) -> Result<Duration, &'static str> {
    let (number, unit_s) = text.strip_suffix('s').map_or((text, 60), |number| (number, 1));
    let seconds = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit_s));
    let seconds = seconds.filter(|seconds| (1..=12 * 60 * 60).contains(seconds));
    seconds.map(Duration::from_secs).ok_or("1 to 720 minutes are needed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idle_time_is_minutes_or_seconds_within_bounds() {
        assert_eq!(idle("15"), Ok(Duration::from_secs(900)));
        assert_eq!(idle("90s"), Ok(Duration::from_secs(90)));
        assert_eq!((idle("1s").is_ok(), idle("720").is_ok()), (true, true));
        for bad in ["", "0", "0s", "721", "-1", "x", "s", "1.5", "18446744073709551615"] {
            assert!(idle(bad).is_err(), "{bad}");
        }
    }
}
