#!/usr/bin/env bash
# Runs what calls the C dependencies under Valgrind: the vault (SQLCipher with SQLite, OpenSSL's libcrypto) and connections (AWS-LC).
# Stops with 9 where memory is read that nobody wrote, or touched that nobody owns.
#
# usage: scripts/memcheck.sh [NAME…]      names of the client's tests, in place of the vault's
#
# Some five minutes. Not part of ./test; docs/DEPENDENCIES.md says what it found.
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
. scripts/needs.sh
needs_for_building valgrind || exit 3
[ $# -gt 0 ] || set -- vault::

# run CRATE TARGET NAME…: tests of one test program, from the crate's folder as cargo runs them.
run() {
  local crate=$1 target=$2 program
  shift 2
  # shellcheck disable=SC2086  # two words
  program=$(cargo test --locked --quiet -p "safeconduct-$crate" $target --no-run --message-format json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' | tail -n 1)
  [ -x "$program" ] || { printf 'memcheck: the tests of %s do not build\n  → cargo test -p safeconduct-%s --no-run\n' "$crate" "$crate" >&2; return 3; }
  (cd "$crate" && valgrind --quiet --error-exitcode=9 "$program" --test-threads=1 "$@")
}

run client --lib "$@" && run certs '--test link'
