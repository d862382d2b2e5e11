//! See `safeconduct_fuzzing::targets::pictures`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| safeconduct_fuzzing::targets::pictures(data));
