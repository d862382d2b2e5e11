//! See `safeconduct_fuzzing::targets::blob_frames`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| safeconduct_fuzzing::targets::blob_frames(data));
