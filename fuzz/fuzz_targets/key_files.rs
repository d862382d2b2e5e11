//! See `safeconduct_fuzzing::targets::key_files`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| safeconduct_fuzzing::targets::key_files(data));
