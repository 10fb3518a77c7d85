//! Brings the second model of a comparison: from a kept run, or from the reader's disk.

use crate::formats::FormatError;
use crate::protocol::OtherModel;
use crate::ui::laboratory::Laboratory;
use crate::ui::pages::evaluation::{Second, Source, from_files};
use crate::ui::pages::files::Picked;
use crate::ui::runs::{KeptRun, RunWords, WholeRun};
use leptos::prelude::*;

/// Why there is none.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// The kept run's weights are gone.
    NoWeights,
    /// No weights were picked.
    NoFile,
    /// The files cannot be read.
    Format(FormatError),
}

/// The files that were picked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Files {
    /// `model.json`, if it was picked.
    pub description: Option<Picked>,
    /// `model.safetensors`.
    pub weights: Option<Picked>,
}

/// The second model, and what the page calls it.
///
/// # Errors
/// If its weights are not there or cannot be read.
pub async fn load(
    lab: Laboratory,
    words: RunWords,
    source: Source,
    files: Files,
) -> Result<(OtherModel, Second), Trouble> {
    match source {
        Source::Best(id) => {
            let WholeRun { run, best, .. } = lab.keeper.export(&id).await.ok_or(Trouble::NoWeights)?;
            of_run(words, &run, best, run.best.map(|best| best + 1))
        }
        Source::Last(id) => {
            let WholeRun { run, last, .. } = lab.keeper.export(&id).await.ok_or(Trouble::NoWeights)?;
            let epochs = run.last.as_ref().map(|last| last.epochs);
            of_run(words, &run, last.into_iter().next(), epochs)
        }
        Source::File(id, path) => {
            let (run, note, params) = lab.keeper.file(&id, &path).await.ok_or(Trouble::NoWeights)?;
            let (other, second) = of_run(words, &run, Some(params), Some(note.epochs))?;
            let name = format!("{}, {path}", second.name);
            Ok((OtherModel { name: name.clone(), ..other }, Second { name, ..second }))
        }
        Source::Disk => {
            let weights = files.weights.ok_or(Trouble::NoFile)?;
            let own =
                lab.bridge.model.with_untracked(|model| model.current.clone()).ok_or(Trouble::NoWeights)?;
            let dataset = own.job.as_ref().map(|job| job.data.dataset);
            from_files(files.description.as_ref(), &weights, &own.spec, dataset).map_err(Trouble::Format)
        }
    }
}

fn of_run(
    words: RunWords,
    run: &KeptRun,
    params: Option<Vec<f32>>,
    epochs: Option<usize>,
) -> Result<(OtherModel, Second), Trouble> {
    // The storage may hold less than it should, and the worker takes nothing else.
    let params = params.filter(|params| params.len() == run.num_params()).ok_or(Trouble::NoWeights)?;
    let name = untrack(|| words.name(run));
    let (model, dataset) = (run.job.model.clone(), Some(run.job.data.dataset));
    Ok((OtherModel { name: name.clone(), model, params, dataset }, Second { name, epochs }))
}
