//! The matrix with the choice of what its cells say.

use super::looking::Looking;
use super::talk;
use crate::ui::components::Segmented;
use crate::ui::i18n::{t_string, use_i18n};
use crate::ui::laboratory::laboratory;
use crate::ui::pages::evaluation::{Evaluation, Listing};
use crate::ui::translations::text;
use crate::ui::widgets::confusion_matrix::{ConfusionMatrix, MatrixMode};
use leptos::prelude::*;
use std::sync::Arc;

/// The card's content.
#[component]
pub fn Matrix(
    evaluation: StoredValue<Arc<Evaluation>>,
    names: Memo<Vec<String>>,
    looking: Looking,
) -> impl IntoView {
    let i18n = use_i18n();
    let evaluation = evaluation.get_value();
    let lab = laboratory();
    let mode = Memo::new(move |_| looking.look.read().matrix);
    let selected = Memo::new(move |_| match lab.evaluation.read().open.as_ref()?.listing {
        Listing::Cell(cell) => Some(cell),
        _ => None,
    });
    let choices = Signal::derive(move || {
        let name = |mode: MatrixMode| match mode {
            MatrixMode::Counts => t_string!(i18n, evaluation.matrix.mode.counts),
            MatrixMode::Rows => t_string!(i18n, evaluation.matrix.mode.rows),
            MatrixMode::Columns => t_string!(i18n, evaluation.matrix.mode.columns),
        };
        MatrixMode::ALL.map(|mode| (mode.name().to_owned(), name(mode).to_string())).to_vec()
    });
    let choose = move |name: String| {
        if let Some(mode) = MatrixMode::from_name(&name) {
            looking.change(|look| look.matrix = mode);
        }
    };
    view! {
        <div class="evaluation__screen">
            <Segmented
                label=text!(i18n, evaluation.matrix.mode.label)
                choices
                value=Signal::derive(move || mode.get().name().to_owned())
                on_change=choose
            />
        </div>
        <ConfusionMatrix
            confusion=evaluation.confusion.clone()
            names
            mode
            selected
            on_open=move |cell| talk::open(lab, Listing::Cell(cell))
        />
    }
}
