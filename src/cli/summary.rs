//! `svertka summary`: a network's layers, output shapes and parameter counts.

use super::error::CliError;
use super::files::NetworkArgs;
use super::json;
use super::report::LogArgs;
use crate::formats::summary_text;

/// Arguments of `svertka summary`.
#[derive(Debug, clap::Args)]
pub struct SummaryArgs {
    #[command(flatten)]
    network: NetworkArgs,
    #[command(flatten)]
    log: LogArgs,
}

/// Tells.
///
/// # Errors
/// If there is no such network.
pub fn run(args: &SummaryArgs) -> Result<(), CliError> {
    let model = args.network.spec()?;
    let lines = model.summary()?;
    let text = summary_text(&model)?;
    args.log.tell(|| text.trim_end().to_owned(), || json::summary(&model, &lines))?;
    Ok(())
}
