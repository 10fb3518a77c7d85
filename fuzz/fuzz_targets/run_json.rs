#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| svertka_fuzz::check("run_json", bytes));
