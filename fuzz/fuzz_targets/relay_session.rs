//! See `safeconduct_fuzzing::targets::relay_session`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| safeconduct_fuzzing::targets::relay_session(data));
