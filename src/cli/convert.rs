//! `svertka convert`: a trained model from one kind of file into another.

use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::error::CliError;
use super::json;
use super::model_files::{Destination, LayersArgs};
use super::report::LogArgs;
use crate::formats::{Language, ModelFormat, OpenedModel, SavedModel};

/// Arguments of `svertka convert`.
#[derive(Debug, clap::Args)]
pub struct ConvertArgs {
    /// A trained model: .keras, .weights.h5, .h5, .safetensors or .npz
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// The file to write, whose ending says its kind; or a folder, for files called as IN, of the kind that
    /// --format names
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// Kind of file; otherwise by OUT's ending: .keras, .weights.h5, .h5, .safetensors, .npz, .onnx, .py for
    /// PyTorch's module with its weights, .ipynb for a notebook with its weights
    #[arg(long, value_parser = format_parser())]
    format: Option<ModelFormat>,
    /// Of the words in a notebook
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language_parser())]
    language: Language,
    #[command(flatten)]
    layers: LayersArgs,
    #[command(flatten)]
    log: LogArgs,
}

fn format_parser() -> impl TypedValueParser<Value = ModelFormat> {
    let names = PossibleValuesParser::new(ModelFormat::ALL.map(ModelFormat::id));
    names.map(|id| ModelFormat::from_id(&id).expect("only these names are let through"))
}

fn language_parser() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(["en", "ru"])
        .map(|id| if id == "ru" { Language::Russian } else { Language::English })
}

/// Converts.
///
/// # Errors
/// If a file cannot be read or written, or OUT's kind cannot hold the model.
pub fn run(args: &ConvertArgs) -> Result<(), CliError> {
    let mut to = destination(args)?;
    to.language = args.language;
    let OpenedModel { saved, notes } = args.layers.open(&args.input)?;
    for note in &notes {
        args.log.tell(|| format!("Note: {note}"), || json::note(note))?;
    }
    let left_out = left_out(&saved, to.format);
    let files = to.write(&saved)?;
    for part in left_out {
        let message = format!("{} files do not hold {part}; it was left out", to.format.id());
        args.log.tell(|| format!("Note: {message}"), || json::left_out(part, &message))?;
    }
    args.log
        .tell(|| format!("Saved {}", listed(&files)), || json::converted(&args.input, to.format, &files))?;
    Ok(())
}

/// What of a model a kind of file has no place for.
fn left_out(saved: &SavedModel, format: ModelFormat) -> Vec<&'static str> {
    let parts = [
        (!format.holds_layers(), "the layers"),
        (saved.job.is_some() && !format.holds_compile(), "how the model was compiled"),
        (saved.optimizer.is_some() && !format.holds_optimizer(), "the optimizer's state"),
    ];
    parts.into_iter().filter_map(|(is_left_out, part)| is_left_out.then_some(part)).collect()
}

fn destination(args: &ConvertArgs) -> Result<Destination, CliError> {
    let out = &args.output;
    let is_folder = out.is_dir() || out.as_os_str().as_encoded_bytes().ends_with(b"/");
    let by_name =
        out.file_name().and_then(|name| ModelFormat::of_name(name.to_str()?)).map(|(format, _)| format);
    match args.format.or(by_name.filter(|_| !is_folder)) {
        None => Err(CliError::WhichFormat { path: out.clone() }),
        Some(format) if is_folder => Ok(Destination::in_folder(out, &args.input, format)),
        Some(format) => Destination::of_file(out, Some(format)),
    }
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(files: &[impl AsRef<Path>]) -> String {
    let names: Vec<String> = files.iter().map(|path| path.as_ref().display().to_string()).collect();
    match names.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}
