//! The loops as two rows of cells: epochs, and the batches of this epoch with its validation.

use super::state::ProtocolState;
use crate::ui::callbacks::Hook;
use crate::ui::scene::{Align, Area, Draw, Ink, Pen, Point, Scene};

/// The names of the rows in the reader's language.
#[derive(Clone, Debug, PartialEq)]
pub struct StripText {
    /// Above the epochs.
    pub epochs: String,
    /// Above the batches of training.
    pub batches: String,
    /// Above those of validation.
    pub validation: String,
}

const CELL: f64 = 14.0;
const ROW: f64 = 42.0;
const TEXT: f64 = 12.0;
/// More cells would be narrower than this, in px; then they are drawn as one bar.
const NARROWEST: f64 = 4.0;
/// Room of validation in its row.
const VALIDATION: f64 = 0.3;

/// A row of cells, or a bar where there are too many.
struct Row {
    count: usize,
    /// Cells that are over, the current one not among them.
    done: usize,
    current: Option<usize>,
}

/// Draws both rows `width` px wide.
pub fn strip_scene(state: &ProtocolState, text: &StripText, width: f64) -> Scene {
    let mut scene = Scene::new(width, 2.0 * ROW);
    let is_over = state.hook == Some(Hook::TrainEnd);
    let has_begun = state.hook.is_some_and(|hook| hook != Hook::TrainBegin);
    let is_in_epoch = has_begun && !is_over;
    let done = if has_begun { state.epoch + usize::from(is_over) } else { 0 };
    let epochs = Row { count: state.epochs, done, current: is_in_epoch.then_some(state.epoch) };
    push_row(&mut scene, &epochs, &text.epochs, Area { x: 1.0, y: 0.0, width: width - 2.0, height: ROW });

    let validates = matches!(
        state.hook,
        Some(Hook::TestBegin | Hook::TestBatchBegin | Hook::TestBatchEnd | Hook::TestEnd)
    );
    let trains = matches!(state.hook, Some(Hook::TrainBatchBegin | Hook::TrainBatchEnd));
    let counted = |batch: Option<usize>, is_current: bool| match batch {
        Some(batch) if is_current => (batch, Some(batch)),
        Some(batch) => (batch + 1, None),
        None => (0, None),
    };
    let (done, current) = counted(state.batch, trains);
    let room = if state.test_batches > 0 { (width - 2.0) * (1.0 - VALIDATION) } else { width - 2.0 };
    let batches = Row { count: state.batches, done, current };
    push_row(&mut scene, &batches, &text.batches, Area { x: 1.0, y: ROW, width: room, height: ROW });
    if state.test_batches > 0 {
        let (done, current) = counted(state.test_batch, validates);
        let tests = Row { count: state.test_batches, done, current };
        let (x, width) = (1.0 + room + 8.0, width - 2.0 - room - 8.0);
        push_row(&mut scene, &tests, &text.validation, Area { x, y: ROW, width, height: ROW });
    }
    scene
}

fn push_row(scene: &mut Scene, row: &Row, name: &str, area: Area) {
    let at = Point { x: area.x, y: area.y + 9.0 };
    let (text, ink, align) = (name.to_owned(), Ink::Muted, Align::Start);
    scene.push(Draw::Text { at, text, ink, size: TEXT, align, mono: false });
    let track = Area { y: area.y + 20.0, height: CELL, ..area };
    let outline = |area| Draw::Stroke { area, pen: Pen::solid(Ink::Outline, 1.0) };
    let step = area.width / row.count.max(1) as f64;
    if row.count == 0 || step < NARROWEST {
        let done = row.done as f64 + if row.current.is_some() { 0.5 } else { 0.0 };
        let share = (done / row.count.max(1) as f64).min(1.0);
        scene.push(Draw::Fill { area: Area { width: track.width * share, ..track }, ink: Ink::Series0 });
        scene.push(outline(track));
        return;
    }
    for cell in 0..row.count {
        let gap = if step > 8.0 { 2.0 } else { 0.5 };
        let own = Area { x: area.x + cell as f64 * step, width: step - gap, ..track };
        if cell < row.done {
            scene.push(Draw::Fill { area: own, ink: Ink::Series0 });
        }
        if row.current == Some(cell) {
            scene.push(Draw::Fill { area: own, ink: Ink::Window });
            scene.push(Draw::Stroke { area: own.grown(1.0), pen: Pen::solid(Ink::Window, 2.0) });
        } else {
            scene.push(outline(own));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene(state: &ProtocolState, width: f64) -> Scene {
        let text = |name: &str| name.to_owned();
        let text =
            StripText { epochs: text("epochs"), batches: text("batches"), validation: text("validation") };
        strip_scene(state, &text, width)
    }

    fn fills(scene: &Scene, wanted: Ink) -> usize {
        scene.draws.iter().filter(|draw| matches!(draw, Draw::Fill { ink, .. } if *ink == wanted)).count()
    }

    #[test]
    fn what_is_over_is_full_and_what_runs_is_marked() {
        let (hook, epochs, batches) = (Some(Hook::TrainBatchEnd), 5, 4);
        let state =
            ProtocolState { hook, epoch: 2, epochs, batch: Some(1), batches, ..ProtocolState::default() };
        let drawn = scene(&state, 400.0);
        // Epochs 1 and 2 and batch 1 are over; epoch 3 and batch 2 run.
        assert_eq!((fills(&drawn, Ink::Series0), fills(&drawn, Ink::Window)), (3, 2));
        let over = ProtocolState { hook: Some(Hook::TrainEnd), ..state };
        assert_eq!(fills(&scene(&over, 400.0), Ink::Window), 0);
    }

    #[test]
    fn a_thousand_batches_are_one_bar_and_an_empty_run_is_no_harm() {
        let (hook, batches) = (Some(Hook::TrainBatchEnd), 1_000);
        let state = ProtocolState {
            hook,
            epochs: 2,
            batch: Some(500),
            batches,
            test_batches: 40,
            ..ProtocolState::default()
        };
        assert!(scene(&state, 300.0).draws.len() < 60);
        let empty = scene(&ProtocolState::default(), 300.0);
        assert!(empty.texts().any(|text| text == "epochs"));
    }
}
