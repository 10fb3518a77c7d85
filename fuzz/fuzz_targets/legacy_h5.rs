#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| svertka_fuzz::check("legacy_h5", bytes));
