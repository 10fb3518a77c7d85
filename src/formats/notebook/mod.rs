//! A Jupyter notebook that goes on in Python: it builds the network with the program that
//! [`super::keras_code`] writes, loads the weights from the `.weights.h5` beside it, evaluates them on the
//! images that the run was judged by, draws a confusion matrix, trains on with `initial_epoch`, and draws the
//! curves. Its words are in the language asked for.
//!
//! The notebook is JSON after nbformat 4.5. It has no outputs: whoever runs it gets them.

mod cells;
mod code;
mod texts;

#[cfg(test)]
mod tests;

use super::keras_code::Program;
use super::{FormatError, ModelFormat, NamedFile, SavedModel, Unsupported, Wrapping, keras_file};
use crate::engine::spec::RunSpec;
use cells::Cell;
use texts::text;

/// Values of an image of either dataset.
const IMAGE_VALUES: usize = 28 * 28;
/// Epochs that follow where all planned ones are done, at most.
const MORE_EPOCHS: usize = 5;

/// The notebook, and the weights beside it.
///
/// # Errors
/// If the network takes no images of the datasets, or Keras's file cannot hold its weights.
pub fn write(saved: &SavedModel, wrapping: &Wrapping) -> Result<Vec<NamedFile>, FormatError> {
    let bytes = to_json(saved, wrapping)?.into_bytes();
    let mut files = vec![NamedFile { name: format!("{}.ipynb", wrapping.stem), bytes }];
    files.extend(keras_file::write_weights_h5(saved, wrapping)?);
    Ok(files)
}

/// The notebook's text. It loads `{stem}.weights.h5`.
///
/// # Errors
/// If the network takes no images of the datasets.
pub fn to_json(saved: &SavedModel, wrapping: &Wrapping) -> Result<String, FormatError> {
    let shape = &saved.model.input_shape.0;
    // Of every layer's sizes only this one is not bounded by the parameters.
    let values = shape.iter().try_fold(1_usize, |product, extent| product.checked_mul(*extent));
    if values != Some(IMAGE_VALUES) {
        return Err(FormatError::Unsupported {
            format: ModelFormat::Notebook,
            part: "input_shape".to_owned(),
            reason: Unsupported::OtherInput { expected: IMAGE_VALUES, got: format!("{shape:?}") },
        });
    }
    Ok(cells::to_json(&cells(saved, wrapping)))
}

fn cells(saved: &SavedModel, wrapping: &Wrapping) -> Vec<Cell> {
    let Wrapping { stem, language, .. } = wrapping;
    let (run, done, planned) = continued(saved);
    let (weights, table) = (format!("{stem}.weights.h5"), format!("{stem}.csv"));
    let [told_done, told_planned, next] = [done, planned, done + 1].map(|epoch| epoch.to_string());
    let values = [
        ("stem", &**stem),
        ("weights", &*weights),
        ("table", &*table),
        ("done", &*told_done),
        ("planned", &*told_planned),
        ("next", &*next),
    ];
    let say = |name: &str| text(*language, name, &values);
    let has_optimizer = saved.optimizer.is_some();
    let program = Program::of(&run);
    let judged = code::judged(&run);
    let confusion = code::confusion(run.data.dataset, judged, &say("class_axis"), &say("answer_axis"));
    vec![
        Cell::Text("title", say("title")),
        Cell::Code("imports", format!("{}\n{}", code::imports(&program.imports), program.seed)),
        Cell::Text("about-data", say("data")),
        Cell::Code("data", program.data),
        Cell::Text("about-model", say("model")),
        Cell::Code("model", program.model),
        Cell::Text("about-compile", say("compile")),
        Cell::Code("compile", program.compile),
        Cell::Text("about-weights", say(if has_optimizer { "weights" } else { "weights_alone" })),
        Cell::Code("weights", code::weights(&weights, has_optimizer)),
        Cell::Text("about-evaluate", say("evaluate")),
        Cell::Code("evaluate", code::evaluate(judged)),
        Cell::Text("about-confusion", say("confusion")),
        Cell::Code("confusion", confusion),
        Cell::Text("about-fit", say(if done < planned { "go_on" } else { "go_on_more" })),
        Cell::Code("fit", program.fit),
        Cell::Text("about-curves", say("curves")),
        Cell::Code("curves", code::curves(&run, &table, &say("epoch_axis"))),
    ]
}

/// The run that goes on, how many epochs are done, and how many were planned.
fn continued(saved: &SavedModel) -> (RunSpec, usize, usize) {
    let mut run = saved.job.clone().unwrap_or_else(|| RunSpec::new(saved.model.clone()));
    run.model = saved.model.clone();
    let planned = run.fit.epochs;
    let done = saved.epochs.unwrap_or(planned);
    run.fit.initial_epoch = done;
    if done >= planned {
        run.fit.epochs = done.saturating_add(planned.clamp(1, MORE_EPOCHS));
    }
    (run, done, planned)
}
