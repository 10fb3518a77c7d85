//! One prediction, binary cross-entropy and the squared error.

use super::{LossBench, NumberTable, bounds, nudge, rounded};
use crate::ui::components::{AsTable, Card, Handle, Held, NumberField, Picture, Table};
use crate::ui::context::locale_of;
use crate::ui::i18n::{t, t_string, td_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::pages::losses::{
    BinaryPoint, BinaryState, Curves, LossSetup, binary_plot, binary_scene, gradient_scene,
};
use crate::ui::scene::{Point, Scene};
use crate::ui::translations::text;
use leptos::prelude::*;
use std::sync::Arc;

fn curves(language: Language, from_logits: bool, is_gradient: bool) -> Curves {
    let locale = locale_of(language);
    let across = if from_logits {
        td_string!(locale, losses.binary.logit).to_string()
    } else {
        td_string!(locale, losses.binary.probability).to_string()
    };
    let up = if is_gradient {
        td_string!(locale, losses.binary.gradient).to_string()
    } else {
        td_string!(locale, losses.binary.loss).to_string()
    };
    Curves { axes: [across, up], curves: vec!["BinaryCrossentropy".into(), "MeanSquaredError".into()] }
}

/// Of the points that a curve is drawn through, every twelfth: 21 rows.
const LISTED: usize = 12;

/// A curve's numbers: where, and what both losses or their gradients are there.
fn curve_table(
    state: &BinaryState,
    names: Curves,
    language: Language,
    of: impl Fn(&BinaryPoint) -> [f32; 2],
) -> Table {
    let row = |point: &BinaryPoint| {
        let [cross, squared] = of(point);
        [point.at(state.from_logits), cross, squared].map(|value| language.short(value.into(), 4)).to_vec()
    };
    let [across, _] = names.axes;
    let heads = std::iter::once(across).chain(names.curves).collect();
    Table { heads, rows: state.curve.iter().step_by(LISTED).map(row).collect() }
}

/// Moves the prediction to a place of the axis.
fn put(setup: &mut LossSetup, value: f64) {
    let [low, high] = BinaryState::ends(setup.from_logits);
    if setup.from_logits {
        setup.logit = rounded(value, 2).clamp(low, high);
    } else {
        setup.prediction = rounded(value, 3).clamp(low, high);
    }
}

/// Settings, curves and the numbers of one prediction.
#[component]
pub fn BinaryView(bench: LossBench) -> impl IntoView {
    let i18n = use_i18n();
    let (setup, language) = (bench.setup, bench.shell.language);
    let state = Memo::new(move |_| Arc::new(BinaryState::new(&setup.read())));
    let said = Signal::derive(move || {
        let (state, language) = (state.read(), language.get());
        let short = |value: f32| language.short(value.into(), 4);
        let point = state.point;
        let (p, z) = (short(point.probability), short(point.logit));
        let (loss, squared) = (short(point.loss), short(point.squared));
        t_string!(i18n, losses.binary.said, p, z, loss, squared).to_string()
    });
    let scene = move |width: f64| {
        let (state, language) = (state.read(), language.get());
        binary_scene(&state, &curves(language, state.from_logits, false), language, width)
    };
    let slopes = move |width: f64| {
        let (state, language) = (state.read(), language.get());
        gradient_scene(&state, &curves(language, state.from_logits, true), language, width)
    };
    let on_drag = move |(point, width, _): (Point, f64, bool)| {
        let [value, _] = binary_plot(setup.read_untracked().from_logits, width).values(point);
        bench.drag(|setup| put(setup, value));
    };
    let on_key = move |(key, is_large): (String, bool)| {
        let now = setup.get_untracked();
        let [low, high] = BinaryState::ends(now.from_logits).map(f64::from);
        let (at, step) = if now.from_logits { (now.logit, 0.1) } else { (now.prediction, 0.01) };
        let value = match key.as_str() {
            "Home" => low,
            "End" => high,
            _ => match nudge(&key, is_large) {
                Some(by) => f64::from(at) + by * step,
                None => return false,
            },
        };
        bench.change(|setup| put(setup, value));
        bench.shell.announce(said.get_untracked());
        true
    };
    let table = Signal::derive(move || {
        let (state, language) = (state.read(), language.get());
        let short = |value: f32| language.short(value.into(), 4);
        let point = state.point;
        let row = |name: &str, values: [f32; 4]| {
            std::iter::once(name.to_owned()).chain(values.map(short)).collect::<Vec<_>>()
        };
        let heads = [t_string!(i18n, losses.binary.loss).to_string()]
            .into_iter()
            .chain(["L", "∂L/∂p", "∂p/∂z", "∂L/∂z"].map(str::to_owned));
        Table {
            heads: heads.collect(),
            rows: vec![
                row("BinaryCrossentropy", [point.loss, point.of_probability, point.slope, point.of_logit]),
                row(
                    "MeanSquaredError",
                    [point.squared, point.squared_of_probability, point.slope, point.squared_of_logit],
                ),
            ],
        }
    });
    let curve = move |is_gradient: bool| {
        let (state, language) = (state.read(), language.get());
        let names = curves(language, state.from_logits, is_gradient);
        curve_table(&state, names, language, |point| {
            if is_gradient { [point.of_logit, point.squared_of_logit] } else { [point.loss, point.squared] }
        })
    };
    view! {
        <Card title=text!(i18n, losses.binary.title)>
            <p>{t!(i18n, losses.binary.lead)}</p>
            <Controls bench />
            <Handle
                label=text!(i18n, losses.binary.label)
                said
                scene=scene
                on_drag=on_drag
                on_drop=move |()| bench.let_go()
                on_key=on_key
            />
            <AsTable title=text!(i18n, losses.binary.title) table=move |()| curve(false) />
            <p data-testid="losses-binary"><strong>{move || said.get()}</strong></p>
            <div class="hints"><p>{t!(i18n, losses.binary.hint)}</p></div>
        </Card>
        <Card title=text!(i18n, losses.binary.gradient_title)>
            <Picture scene=slopes label=text!(i18n, losses.binary.gradient_said) />
            <AsTable title=text!(i18n, losses.binary.gradient_title) table=move |()| curve(true) />
            <NumberTable caption=text!(i18n, losses.binary.table) table />
            <p>{t!(i18n, losses.binary.dies)}</p>
            <p>{t!(i18n, losses.binary.logits)}</p>
        </Card>
    }
}

#[component]
fn Controls(bench: LossBench) -> impl IntoView {
    let i18n = use_i18n();
    let setup = bench.setup;
    let switch = move |event| {
        let from_logits = event_target_checked(&event);
        // The prediction stays what it is, as far as the other axis reaches.
        let point = BinaryState::new(&setup.get_untracked()).point;
        bench.change(|setup| {
            setup.from_logits = from_logits;
            put(setup, f64::from(point.at(from_logits)));
        });
    };
    let field = move |name: &'static str, label: Signal<String>, of: fn(&mut LossSetup) -> &mut f32| {
        view! {
            <Held name>
                <NumberField
                    label=label
                    value=Signal::derive(move || f64::from(*of(&mut setup.get())))
                    bounds=bounds(&(0.0..=1.0), 0.05, 4)
                    on_change=move |value: f64| bench.change(|setup| *of(setup) = value as f32)
                />
            </Held>
        }
    };
    view! {
        <div class="fields">
            {field("y", text!(i18n, losses.binary.target), |setup| &mut setup.target)}
            {field("label_smoothing", Signal::stored("label_smoothing".to_owned()), |setup| &mut setup.binary_smoothing)}
            {move || {
                let from_logits = setup.read().from_logits;
                from_logits.then(|| view! {
                    <Held name="logit">
                        <NumberField
                            label=text!(i18n, losses.binary.logit)
                            value=Signal::derive(move || f64::from(setup.read().logit))
                            bounds=bounds(&LossSetup::LOGITS, 0.1, 2)
                            on_change=move |value: f64| bench.change(|setup| put(setup, value))
                        />
                    </Held>
                })
            }}
            <Show when=move || !setup.read().from_logits>
                {field("prediction", text!(i18n, losses.binary.probability), |setup| &mut setup.prediction)}
            </Show>
            <Held name="from_logits">
                <label class="check">
                    <input type="checkbox" prop:checked=move || setup.read().from_logits on:change=switch />
                    <code lang="en">"from_logits"</code>
                </label>
            </Held>
        </div>
    }
}

/// The pictures of this moment, for a file.
pub fn binary_pictures(bench: LossBench) -> Vec<(String, Scene)> {
    let language = bench.shell.language.get_untracked();
    let locale = locale_of(language);
    let state = BinaryState::new(&bench.setup.get_untracked());
    let words = |is_gradient| curves(language, state.from_logits, is_gradient);
    vec![
        (
            td_string!(locale, losses.binary.title).to_string(),
            binary_scene(&state, &words(false), language, 500.0),
        ),
        (
            td_string!(locale, losses.binary.gradient_title).to_string(),
            gradient_scene(&state, &words(true), language, 500.0),
        ),
    ]
}
