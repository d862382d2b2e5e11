#!/usr/bin/env bash
# Runs the symbolic models of docs/formal, and compares each result with the one that its file expects. Needs verifpal, a tool beside the
# project: its build takes some minutes, so that ./test does without it.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

if ! command -v verifpal >/dev/null 2>&1; then
  printf 'verifpal is missing\n  → cargo install verifpal --ignore-rust-version --no-default-features --features cli\n' >&2
  exit 3
fi
failed=0
for model in docs/formal/*.vp; do
  wanted=$(sed -n 's|^// expect: ||p' "$model")
  found=$(timeout 300 verifpal verify --result-code "$model" 2>/dev/null | tail -n 1)
  if [ -n "$wanted" ] && [ "$found" = "$wanted" ]; then
    printf '%-32s %s, as expected\n' "${model##*/}" "$found"
  else
    printf '%-32s %s, and %s was expected\n' "${model##*/}" "${found:-nothing}" "${wanted:-nothing}"
    failed=1
  fi
done
exit "$failed"
