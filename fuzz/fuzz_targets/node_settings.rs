//! See `safeconduct_fuzzing::targets::node_settings`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| safeconduct_fuzzing::targets::node_settings(data));
