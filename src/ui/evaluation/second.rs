//! Brings the second model of a comparison: from a kept run, or from the reader's disk.

use crate::protocol::OtherModel;
use crate::ui::files::{current_run, read};
use crate::ui::laboratory::Laboratory;
use crate::ui::pages::evaluation::{Second, Source, of_file};
use crate::ui::pages::files::{LoadState, Refusal};
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
    Refused(Refusal),
}

/// The second model, and what the page calls it.
///
/// # Errors
/// If its weights are not there or cannot be read.
pub async fn load(
    lab: Laboratory,
    words: RunWords,
    source: Source,
    files: LoadState,
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
            let run = untrack(|| lab.keeper.run(&id)).ok_or(Trouble::NoWeights)?;
            let saved = lab.keeper.file(&id, &path).await.ok_or(Trouble::NoWeights)?;
            let (other, second) = of_run(words, &run, Some(saved.params), saved.epochs)?;
            let name = format!("{}, {path}", second.name);
            Ok((OtherModel { name: name.clone(), ..other }, Second { name, ..second }))
        }
        Source::Disk => {
            let (file, description) = files.files().ok_or(Trouble::NoFile)?;
            let name = file.name.clone();
            // Weights alone are taken for those of the current model.
            let opened = read(file, description, current_run(lab), Vec::new()).await;
            let opened = opened.map_err(|(refusal, _)| Trouble::Refused(refusal))?;
            Ok(of_file(&name, opened.saved))
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
