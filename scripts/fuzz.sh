#!/usr/bin/env bash
# Searches for inputs that break a reader of bytes from outside (docs/FUZZING.md). See scripts/fuzz.sh --help.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

usage() {
  cat <<'TEXT'
usage: scripts/fuzz.sh [--minutes N] [--target T]… [--week] [--keep] | --list

Lets libFuzzer search with each target of fuzz/, from its committed corpus. What it needs and does
not find, it installs where it can. Ends with 0 when nothing was found, with 1 when something was.

  --minutes N   so long for each target (5)
  --target T    this target alone; may be given again
  --list        the targets, one a line
  --week        a week of one processor, divided: 144 minutes for each target, then 405 more for
                each of those that strangers reach over a network
  --keep        afterwards, take over into fuzz/corpus what was found and raises coverage, minimised
  --help        this text

An input that breaks something is left in fuzz/artifacts/TARGET; run it again with
  cargo fuzz run -s none TARGET fuzz/artifacts/TARGET/NAME
TEXT
}

die() {
  printf 'fuzz: %s\n' "$1" >&2
  [ -z "${2-}" ] || printf '  → %s\n' "$2" >&2
  exit 3
}

is_number() { case "$1" in '' | *[!0-9]* | 0) return 1 ;; esac; }

every_target() { sed -n 's/^name = "\([a-z_]*\)"$/\1/p' fuzz/Cargo.toml; }

# What strangers reach over a network.
NETWORK=(frames blob_frames relay_session node_session relay_transfer node_transfer envelopes contents prekeys receipts leaves notes)

minutes=5
keep=
week=
targets=()
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h) usage; exit 0 ;;
    --list) every_target; exit 0 ;;
    --minutes) is_number "${2-}" || die '--minutes takes a whole number above 0'; minutes=$2; shift 2 ;;
    --target)
      every_target | grep -qx "${2-}" || die "there is no target '${2-}'" 'scripts/fuzz.sh --list'
      targets+=("$2"); shift 2 ;;
    --week) week=yes; shift ;;
    --keep) keep=yes; shift ;;
    *) printf 'fuzz: unknown option %s\n\n' "$1" >&2; usage >&2; exit 2 ;;
  esac
done
if [ "${#targets[@]}" -eq 0 ]; then
  while IFS= read -r target; do targets+=("$target"); done < <(every_target)
fi

. scripts/needs.sh
needs_for_building c++ || exit 3
needs_crates cargo-fuzz || exit 3

# Without a sanitizer: no crate of ours has unsafe code, and stable Rust instruments for coverage. The corpus that a search adds to
# is not the committed one.
fuzz() { cargo fuzz "$@"; }
fuzz build -s none || die 'the targets do not build'

mkdir -p fuzz/search
failed=

# search TARGET MINUTES: one line of what came of it.
search() {
  local target=$1 seconds=$(($2 * 60)) log="fuzz/search/$1.log" first=("fuzz/corpus/$1")
  mkdir -p "fuzz/search/$target"
  [ ! -d "fuzz/regressions/$target" ] || first+=("fuzz/regressions/$target")
  if fuzz run -s none "$target" "fuzz/search/$target" "${first[@]}" -- -max_total_time="$seconds" -timeout=20 \
    -rss_limit_mb=2048 -print_final_stats=1 >"$log" 2>&1; then
    printf '%-16s %12s executions, %6s edges, %5s inputs\n' "$target" \
      "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
      "$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | tr -dc 0-9)" \
      "$(find "fuzz/search/$target" -type f | wc -l)"
  else
    printf '%-16s BROKEN: %s\n' "$target" "$(grep -m1 -E 'panicked at|ERROR: libFuzzer' "$log")"
    printf '  → %s\n' "$(grep -m1 -o 'fuzz/artifacts/[^ ]*' "$log" || printf 'see %s' "$log")"
    return 1
  fi
}

# take TARGET: seeds stay; of the rest, what adds coverage to them, each file small.
take() {
  local target=$1 corpus="fuzz/corpus/$1" merged
  merged=$(mktemp -d) || return 1
  cp "$corpus"/seed-* "$merged/"
  fuzz run -s none "$target" "$merged" "fuzz/search/$target" "$corpus" -- -merge=1 -max_len=2048 >/dev/null 2>&1
  find "$corpus" -type f ! -name 'seed-*' -delete
  find "$merged" -type f ! -name 'seed-*' -size -3k | head -n 60 | while IFS= read -r file; do cp "$file" "$corpus/"; done
  rm -rf "$merged"
}

# round MINUTES TARGET…: one after the other.
round() {
  local each=$1 target
  shift
  for target in "$@"; do search "$target" "$each" || failed=yes; done
}

if [ -n "$week" ]; then
  # 36 targets for 144 minutes are 86 hours, and 12 for 405 are 81: a week of one processor, with an hour to spare.
  round 144 "${targets[@]}"
  round 405 "${NETWORK[@]}"
else
  round "$minutes" "${targets[@]}"
fi
if [ -n "$keep" ]; then
  for target in "${targets[@]}"; do take "$target"; done
  printf 'corpora: %s bytes (docs/FUZZING.md says how many are kept)\n' "$(find fuzz/corpus -type f -print0 | du -cb --files0-from=- | tail -n 1 | cut -f1)"
fi
[ -z "$failed" ]
