#!/usr/bin/env bash
# Runs the protocol's parsing under Miri, which stops at undefined behaviour. Our own code has no `unsafe`, so what this checks is what the
# dependencies do on that way: bytes in, parsed forms out.
#
# usage: scripts/miri.sh [NAME…]      without names, the list below
#
# Needs a nightly toolchain with the components `miri` and `rust-src`. Not part of ./test;
# docs/DEPENDENCIES.md says what it found.
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# Parts of `protocol` whose tests read bytes from outside and need no signature, which Miri takes minutes for.
parts=(codec:: frame:: layout:: id:: slot:: receipt::chain:: envelope::header:: envelope::content::)
[ $# -eq 0 ] || parts=("$@")
export PROPTEST_CASES=4 PROPTEST_DISABLE_FAILURE_PERSISTENCE=1
export MIRIFLAGS="-Zmiri-disable-isolation ${MIRIFLAGS-}"
exec cargo +nightly miri test -p safeconduct-protocol --lib -- "${parts[@]}"
