//! What the product is built from: licences and origins of all crates of `Cargo.lock`, without a network.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, LicenseReq, ParseMode};

/// Every package of the lock file, for all features and targets.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--all-features"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs this test");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// The licences that `deny.toml` allows a crate of this name.
fn allowed(name: &str) -> Vec<String> {
    let deny: toml::Table = include_str!("../deny.toml").parse().unwrap();
    let licenses = &deny["licenses"];
    let exceptions = licenses["exceptions"].as_array().unwrap();
    let own = exceptions.iter().filter(|it| it["crate"].as_str() == Some(name)).map(|it| &it["allow"]);
    let lists = own.chain([&licenses["allow"]]).flat_map(|list| list.as_array().unwrap());
    lists.map(|licence| licence.as_str().unwrap().to_owned()).collect()
}

/// Whether one of the ways to read a licence is allowed.
fn is_allowed(licence: &str, allowed: &[String]) -> bool {
    let holds = |req: &LicenseReq| allowed.contains(&req.to_string());
    // Older crates write "MIT/Apache-2.0".
    Expression::parse_mode(licence, ParseMode::LAX).is_ok_and(|expression| expression.evaluate(holds))
}

#[test]
fn every_crate_has_a_licence_that_may_be_passed_on() {
    let refused: Vec<String> = packages()
        .iter()
        .filter(|package| {
            let allowed = allowed(package["name"].as_str().unwrap());
            !is_allowed(package["license"].as_str().unwrap_or_default(), &allowed)
        })
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(refused.is_empty(), "not in deny.toml: {refused:#?}");
}

#[test]
fn every_crate_comes_from_one_registry() {
    let packages = packages();
    let own: Vec<&str> =
        packages.iter().filter(|it| it["source"].is_null()).map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(own, ["svertka"], "crates from a folder");
    let sources: BTreeSet<&str> = packages.iter().filter_map(|it| it["source"].as_str()).collect();
    assert_eq!(sources.len(), 1, "from several places: {sources:?}");
    assert!(sources.iter().all(|source| source.starts_with("registry+")), "not from a registry: {sources:?}");
}

#[test]
fn a_licence_that_is_not_listed_is_refused() {
    let allowed = allowed("svertka");
    for good in ["MIT", "MIT/Apache-2.0", "GPL-3.0-only OR MIT", "(MIT OR Apache-2.0) AND Unicode-3.0"] {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in ["GPL-3.0-only", "MIT AND GPL-3.0-only", "", "own terms"] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}
