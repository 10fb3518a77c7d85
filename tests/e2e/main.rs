//! The built page in `SVERTKA_DIST`, driven like a student would, in headless Chromium over WebDriver;
//! one journey also in Firefox and WebKitGTK.
//!
//! `make test` runs this; by hand: `SVERTKA_DIST=$PWD/dist cargo test --features e2e --test e2e`.
//! Each test has its own server below a sub-path, its own driver and a fresh browser profile, and
//! the tests take turns, so that training is not measured against another training. Nothing waits
//! for a fixed time: every wait names what it waits for. A failed test leaves a screenshot, the
//! page's text and its console in `target/e2e/`.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a step of a journey that goes wrong is a failed test")]

mod browser;
mod devtools;
mod driver;
mod harness;
mod keyboard;
mod pages;
mod sentry;
mod site;
mod trace;
mod words;

mod journeys;
