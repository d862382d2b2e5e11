//! See `safeconduct_fuzzing::targets::profiles`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| safeconduct_fuzzing::targets::profiles(data));
