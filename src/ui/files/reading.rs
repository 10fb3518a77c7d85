//! Files that become a model: read by the files' worker, then handed to the training worker.

use leptos::prelude::*;

use super::courier::ask;
use crate::engine::spec::RunSpec;
use crate::formats::{NamedFile, OpenedModel};
use crate::protocol::{FilesEvent, FilesRequest, Reading};
use crate::ui::laboratory::Laboratory;
use crate::ui::pages::files::{Fit, Refusal, candidates};
use crate::ui::pages::training::default_job;

/// The job that was looked at last.
pub fn form_job(lab: Laboratory) -> RunSpec {
    lab.draft.get_value().unwrap_or_else(default_job)
}

/// The run whose network takes weights that come without a description: that of the current model.
pub fn current_run(lab: Laboratory) -> Option<RunSpec> {
    let current = lab.bridge.model.with_untracked(|model| model.current.clone())?;
    Some(current.job.unwrap_or_else(|| RunSpec { model: current.spec, ..form_job(lab) }))
}

/// Networks that may take such weights if that one does not.
pub fn others(lab: Laboratory, known: Option<&RunSpec>) -> Vec<Fit> {
    let (runs, form) = (lab.keeper.runs.get_untracked(), form_job(lab));
    let runs = runs.iter().map(|run| (run.id.as_str(), &run.job));
    candidates(known.map(|run| &run.model), Some(&form), runs)
}

/// Reads a file. Weights without a description go into `known`, or else it is said which of `fits` could take
/// them.
///
/// # Errors
/// Why it cannot be read, and who could take it.
pub async fn read(
    file: NamedFile,
    description: Option<String>,
    known: Option<RunSpec>,
    fits: Vec<Fit>,
) -> Result<OpenedModel, (Refusal, Vec<Fit>)> {
    let others = fits.iter().map(|fit| fit.run.model.clone()).collect();
    let reading = Box::new(Reading { file, description, known, others });
    match ask(|run| FilesRequest::Read { run, reading }).await {
        Ok(FilesEvent::Opened { opened, .. }) => Ok(*opened),
        Ok(FilesEvent::Failed { error, fits: taking, .. }) => {
            Err((Refusal::Format(error), chosen(fits, &taking)))
        }
        Ok(_) => Err((Refusal::Died, Vec::new())),
        Err(refusal) => Err((refusal, Vec::new())),
    }
}

fn chosen(fits: Vec<Fit>, taking: &[usize]) -> Vec<Fit> {
    let fits = fits.into_iter().enumerate().filter(|(idx, _)| taking.contains(idx));
    fits.map(|(_, fit)| fit).collect()
}
