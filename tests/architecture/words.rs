//! What must not be said at all, or not in some places.

use crate::source::{Source, Violation, sources};
use crate::{assert_caught, assert_passes, report};

/// Areas that are given time, files and randomness as arguments.
const PURE: &[&str] = &["tensor", "data", "engine", "speed", "protocol"];
/// Standard modules that reach outside.
const OUTSIDE: &[&str] = &["fs", "net", "time", "env", "process", "thread"];
/// Files that may, and at what.
const OUTSIDE_EXCEPTIONS: &[(&str, &str)] = &[
    // The command line's reader of shard folders; built with the feature `cli` alone.
    ("src/data/files.rs", "fs"),
];
/// Crates and functions that draw from the system's randomness.
const RANDOM: &[&str] =
    &["getrandom", "OsRng", "SysRng", "thread_rng", "ThreadRng", "RandomState", "from_os_rng"];

/// Functions that differ in the last bit between browsers and systems; `sqrt` is exact everywhere.
/// `mul_add` rounds once where a target without it rounds twice.
const INEXACT: &[&str] = &[
    "exp", "exp2", "exp_m1", "ln", "ln_1p", "log", "log2", "log10", "sin", "cos", "tan", "sin_cos", "asin",
    "acos", "atan", "atan2", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "powf", "powi", "cbrt",
    "hypot", "mul_add",
];
/// Where the one `exp` and `ln` for every target live.
const MATH: &str = "src/tensor/math.rs";

/// The one file that names a processor's instructions, among them those whose bits are its own.
const LANES: &str = "src/tensor/kernels/lanes.rs";

/// Files with a measured kernel that needs `unsafe`, with its safe twin beside it.
const UNSAFE: &[&str] = &[];

fn in_areas(source: &Source, areas: &[&str]) -> bool {
    source.module().first().is_some_and(|first| areas.contains(first))
}

fn outside(source: &Source) -> Vec<Violation> {
    if !in_areas(source, PURE) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in source.paths() {
        let [first, second, ..] = &path.segments[..] else { continue };
        let second = second.as_str();
        let excepted = OUTSIDE_EXCEPTIONS.contains(&(source.path.as_str(), second));
        if first == "std" && OUTSIDE.contains(&second) && !excepted && !path.test {
            found.push(
                source
                    .violation(path.line, format!("`std::{second}`: time, files and the like are arguments")),
            );
        }
    }
    for token in source.tokens.iter().filter(|token| RANDOM.contains(&token.text.as_str())) {
        found.push(source.violation(token.line, format!("`{}`: the seed is an argument", token.text)));
    }
    found
}

fn inexact(source: &Source) -> Vec<Violation> {
    if !in_areas(source, &["tensor", "engine"]) || source.path == MATH {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (idx, token) in source.tokens.iter().enumerate().filter(|(_, token)| !token.test) {
        if idx < 2 || !INEXACT.contains(&token.text.as_str()) {
            continue;
        }
        let method = source.text(idx - 1) == "." && source.text(idx + 1) == "(";
        let function = source.text(idx - 1) == "::" && matches!(source.text(idx - 2), "f32" | "f64" | "libm");
        if method || function {
            let rule = format!("`{}` differs between targets: use tensor::math", token.text);
            found.push(source.violation(token.line, rule));
        }
    }
    found
}

fn instructions(source: &Source) -> Vec<Violation> {
    let is_arch = |segments: &[String]| matches!(segments, [first, second, ..] if matches!(first.as_str(), "core" | "std") && second == "arch");
    let paths = source.paths().into_iter().filter(|path| source.path != LANES && is_arch(&path.segments));
    paths
        .map(|path| source.violation(path.line, format!("instructions are named in {LANES} alone")))
        .collect()
}

fn no_unsafe(source: &Source) -> Vec<Violation> {
    let listed = UNSAFE.contains(&source.path.as_str());
    let tokens = source.tokens.iter().filter(|token| token.text == "unsafe" && !listed);
    tokens
        .map(|token| source.violation(token.line, "`unsafe` outside the list of measured kernels"))
        .collect()
}

#[test]
fn the_engine_reads_no_clock_file_network_or_system_randomness() {
    report(&sources().iter().flat_map(outside).collect::<Vec<_>>());
}

#[test]
fn exp_and_ln_come_from_one_place() {
    report(&sources().iter().flat_map(inexact).collect::<Vec<_>>());
}

#[test]
fn instructions_are_named_in_one_file() {
    report(&sources().iter().flat_map(instructions).collect::<Vec<_>>());
}

#[test]
fn there_is_no_unsafe() {
    report(&sources().iter().flat_map(no_unsafe).collect::<Vec<_>>());
}

#[test]
fn a_look_outside_is_caught() {
    assert_caught(outside, "src/engine/trainer.rs", "use std::time::Instant;");
    assert_caught(outside, "src/engine/trainer.rs", "use std::{fs, io};");
    assert_caught(outside, "src/tensor/rng.rs", "fn f() { let now = std::time::SystemTime::now(); }");
    assert_caught(outside, "src/data/shard.rs", "use std::fs;");
    assert_caught(outside, "src/engine/model.rs", "use rand::rngs::OsRng;");
    assert_passes(outside, "src/data/files.rs", "use std::fs;");
    assert_passes(outside, "src/cli/fit.rs", "use std::{fs, time::Instant};");
    assert_passes(outside, "src/data/shard.rs", "#[cfg(test)] mod tests { use std::fs; }");
}

#[test]
fn a_function_that_differs_between_targets_is_caught() {
    assert_caught(inexact, "src/engine/optimizers/adam.rs", "fn f(b: f32, t: i32) -> f32 { b.powi(t) }");
    assert_caught(inexact, "src/tensor/kernels/gemm/tile.rs", "fn f(a: f32) -> f32 { a.mul_add(a, a) }");
    assert_caught(
        inexact,
        "src/engine/layers/activation.rs",
        "fn f(x: &[f32]) { x.iter().copied().map(f32::exp); }",
    );
    assert_passes(inexact, "src/engine/layers/activation.rs", "fn f(x: f32) -> f32 { math::exp(x).sqrt() }");
    assert_passes(inexact, MATH, "fn exp(x: f32) -> f32 { libm::expf(x) }");
}

#[test]
fn an_instruction_elsewhere_is_caught() {
    assert_caught(instructions, "src/tensor/kernels/conv2d.rs", "use core::arch::wasm32::v128;");
    assert_caught(instructions, "src/engine/model.rs", "fn f() { std::arch::wasm32::f32x4_splat(1.0); }");
    assert_passes(instructions, LANES, "use core::arch::wasm32::v128;");
}

#[test]
fn unsafe_is_caught_even_in_tests_and_attributes() {
    assert_caught(no_unsafe, "src/worker/mod.rs", "#[cfg(test)] fn f() { unsafe { g() } }");
    assert_caught(no_unsafe, "src/worker/mod.rs", "#[unsafe(no_mangle)] fn f() {}");
    assert_passes(no_unsafe, "src/worker/mod.rs", "// unsafe\nfn f() { let unsafety = \"unsafe\"; }");
}
