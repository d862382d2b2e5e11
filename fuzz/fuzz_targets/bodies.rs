//! See `safeconduct_fuzzing::targets::bodies`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| safeconduct_fuzzing::targets::bodies(data));
