//! Makes the translation lookup of the front end from `www/locales`.
//!
//! The library's own macro cannot put numbers into texts for attributes, and its build crate brings a
//! networked data source along; the two crates both are made of do the same in one call.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The tool that cuts the page's program into parts needs the places where one function names another.
    if std::env::var("CARGO_CFG_TARGET_ARCH").is_ok_and(|arch| arch == "wasm32") {
        println!("cargo::rustc-link-arg-bin=ui=--emit-relocs");
    }
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
    const NAMESPACES: [&str; 23] = [
        "common",
        "embed",
        "convolution",
        "pooling",
        "chain",
        "backwards",
        "losses",
        "neuron",
        "sources",
        "take",
        "network",
        "training",
        "fit",
        "data",
        "callbacks",
        "optimizers",
        "curves",
        "evaluation",
        "inside",
        "files",
        "device",
        "runs",
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
    std::fs::write(folder.join("i18n.rs"), in_lines(&code.to_string()))?;
    Ok(())
}

/// The code with a line for every statement and block. Compilers look places up by their lines: in one line of five
/// megabytes clippy and rustdoc search for minutes.
#[cfg(feature = "ui")]
fn in_lines(code: &str) -> String {
    let mut out = String::with_capacity(code.len() + code.len() / 16);
    let mut rest = code.chars();
    let mut is_text = false;
    while let Some(c) = rest.next() {
        out.push(c);
        match c {
            // Whatever is escaped ends nothing.
            '\\' => out.extend(rest.next()),
            // The quotation mark as a character begins no text.
            '"' if !is_text && out.ends_with("'\"") && rest.as_str().starts_with('\'') => {}
            '"' => is_text = !is_text,
            ';' | '{' | '}' if !is_text => out.push('\n'),
            _ => {}
        }
    }
    out
}
