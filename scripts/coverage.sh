#!/usr/bin/env bash
# Says which lines of `protocol` and `certs` their own tests run, and holds them to a share. See scripts/coverage.sh --help.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

usage() {
  cat <<'TEXT'
usage: scripts/coverage.sh [--lines FILE]

Runs the tests of safeconduct-protocol and safeconduct-certs, measured, and prints each source file
below 95 % of its lines, then the share of each crate. Lines of tests do not count, nor those of the
authority's page and command line (certs/src/bin). Some minutes. It installs cargo-llvm-cov where it
can, and needs the component llvm-tools of rustup.

  --lines FILE   instead of the table, the lines of this file that no test runs, by the last run
  --help         this text

Exit codes: 0 both crates are at 95 % or above, 1 one is below or a test failed, 2 wrong usage, 3 something is missing.
TEXT
}

one=
case "${1-}" in
  '') ;;
  --help | -h) usage; exit 0 ;;
  --lines) [ -f "${2-}" ] || { printf 'coverage: there is no file "%s"\n' "${2-}" >&2; exit 2; }; one=$2 ;;
  *) printf 'coverage: unknown option %s\n\n' "$1" >&2; usage >&2; exit 2 ;;
esac

report=${CARGO_TARGET_DIR:-target}/coverage.lcov
if [ -z "$one" ]; then
  . scripts/needs.sh
  needs_for_building python3 || exit 3
  needs_crates cargo-nextest cargo-llvm-cov || exit 3
  [ -n "$(find "$(rustc --print sysroot)/lib/rustlib" -name llvm-profdata)" ] || rustup component add llvm-tools >/dev/null 2>&1 || {
    printf 'coverage: the tools of LLVM that fit this Rust are missing\n  → rustup component add llvm-tools\n' >&2
    exit 3
  }
  # Built once, for this alone: nothing of it is built again.
  CARGO_INCREMENTAL=0 cargo llvm-cov nextest --locked -p safeconduct-protocol -p safeconduct-certs --no-fail-fast \
    --lcov --output-path "$report" --status-level fail --show-progress none || exit 1
fi
exec python3 scripts/coverage.py "$report" ${one:+"$one"}
