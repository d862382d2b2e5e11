#!/usr/bin/env bash
# Changes `protocol` and `certs` in one place at a time and sees whether a test notices. See scripts/mutants.sh --help and docs/MUTANTS.md.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

usage() {
  cat <<'TEXT'
usage: scripts/mutants.sh CRATE [--file FILE]… [--shard K/N] [--jobs N] [--anew]

Builds CRATE (protocol or certs) once for each small change to it (a comparison turned, a function
that returns nothing, an operator exchanged) and runs its tests. A change that no test notices is a
survivor; docs/MUTANTS.md explains those that are known. What was noticed once is not tried again,
so that a run that was cut off goes on where it was. It installs cargo-mutants and cargo-nextest where it can.

  --file FILE   in this source file alone; may be given again
  --shard K/N   the K-th of N parts, from 0: a night's share
  --jobs N      so many at once (as many as there are processors)
  --anew        forget earlier runs
  --help        this text

A night does: protocol has about 1,200 changes and certs 3,300, at some ten seconds of one processor each.
Exit codes: 0 no survivor that is not explained, 1 there are, 2 wrong usage, 3 something is missing.
TEXT
}

case "${1-}" in
  --help | -h) usage; exit 0 ;;
  protocol | certs) crate=$1; shift ;;
  *) usage >&2; exit 2 ;;
esac
which=()
jobs=$(nproc)
anew=
while [ $# -gt 0 ]; do
  case "$1" in
    --file)
      [ -f "${2-}" ] || { printf 'mutants: there is no file "%s"\n' "${2-}" >&2; exit 2; }
      which+=(--file "$2"); shift 2 ;;
    --shard)
      [[ ${2-} =~ ^[0-9]+/[1-9][0-9]*$ ]] || { printf 'mutants: --shard takes K/N, as 0/7\n' >&2; exit 2; }
      which+=(--shard "$2"); shift 2 ;;
    --jobs)
      [[ ${2-} =~ ^[1-9][0-9]*$ ]] || { printf 'mutants: --jobs takes a whole number above 0\n' >&2; exit 2; }
      jobs=$2; shift 2 ;;
    --anew) anew=yes; shift ;;
    *) printf 'mutants: unknown option %s\n\n' "$1" >&2; usage >&2; exit 2 ;;
  esac
done

. scripts/needs.sh
needs_for_building python3 || exit 3
needs_crates cargo-nextest cargo-mutants || exit 3

# What takes long and is seldom the one that notices is run for survivors alone.
slow=(a_transfer_that_is_cut_at_every_frame every_message_is_shown_exactly_once_in_any_order both_ways_agree garbage_under_a_live)
quick='all()'
for test in "${slow[@]}"; do quick+=" & not test($test)"; done
case "$crate" in
  protocol) first=(--lib --test messages) ;;
  certs) first=(--lib) ;;
esac

out=${CARGO_TARGET_DIR:-target}/mutants/$crate
[ -z "$anew" ] || rm -rf -- "$out"
mkdir -p "$out" || exit 3
export CARGO_PROFILE_DEV_DEBUG=0 NEXTEST_FAILURE_OUTPUT=never PROPTEST_DISABLE_FAILURE_PERSISTENCE=1

# mutate ARGUMENT…: one pass; 2 and 3 say that some survived or hung, which the lists say too.
mutate() {
  cargo mutants --package "safeconduct-$crate" --test-tool nextest --jobs "$jobs" --timeout 90 --baseline skip --cap-lints true \
    --no-shuffle --iterate --output "$out" --exclude protocol/src/planted.rs --exclude 'certs/src/bin/**' "${which[@]}" "$@"
  case $? in 0 | 2 | 3) ;; *) return 1 ;; esac
}

mutate -- "${first[@]}" --fail-fast -E "$quick" || { printf 'mutants: the run failed\n  → the lines above say why\n' >&2; exit 3; }
if [ -s "$out/mutants.out/missed.txt" ]; then
  printf 'the %d that survived, against every test of the crate …\n' "$(wc -l <"$out/mutants.out/missed.txt")"
  mutate -- --fail-fast || { printf 'mutants: the run failed\n  → the lines above say why\n' >&2; exit 3; }
fi
exec python3 scripts/mutants.py "$out/mutants.out/missed.txt"
