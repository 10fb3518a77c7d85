//! Makes the translation lookup of the front end from `www/locales`.
//!
//! The library's own macro cannot put numbers into texts for attributes, and its build crate brings a
//! networked data source along; the two crates both are made of do the same in one call.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    #[cfg(feature = "ui")]
    if let Err(error) = translations() {
        panic!("www/locales: {error}");
    }
}

#[cfg(feature = "ui")]
fn translations() -> Result<(), Box<dyn std::error::Error>> {
    use leptos_i18n_parser::parse_locales::{
        options::{Config, ParseOptions},
        parse_locales,
    };

    // Beside English, the default.
    const LANGUAGES: [&str; 1] = ["ru"];
    const NAMESPACES: [&str; 12] = [
        "common",
        "convolution",
        "pooling",
        "chain",
        "backwards",
        "sources",
        "take",
        "training",
        "evaluation",
        "files",
        "device",
        "errors",
    ];

    let config = Config::new("en")?
        .add_locales(LANGUAGES)?
        .add_namespaces(NAMESPACES)?
        .locales_path("www/locales")
        .parse_options(ParseOptions::new().interpolate_display(true));
    let parsed = parse_locales(None, config)?;
    for file in parsed.tracked_files.iter().flatten() {
        println!("cargo::rerun-if-changed={file}");
    }
    let code = leptos_i18n_codegen::gen_code(&parsed, None, true, None, true)?;
    let folder = std::path::PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(folder.join("i18n.rs"), code.to_string())?;
    Ok(())
}
