//! Two distributions in the hand, and what they measure against each other.

use super::{LossBench, NumberTable, bounds, nudge};
use crate::ui::components::{Bounds, Card, Handle, Held, NumberField, Picture, Segmented, Select, Table};
use crate::ui::context::locale_of;
use crate::ui::i18n::{t, t_string, td_string, use_i18n};
use crate::ui::pages::losses::{
    BarText, EntropyState, LossSetup, Preset, Shares, bar_hit, bar_scene, entropy_formulas, length_scene,
};
use crate::ui::scene::{Ink, Point, Scene};
use crate::ui::translations::text;
use leptos::prelude::*;
use std::sync::Arc;

/// What an arrow key adds to a share, in ten-thousandths.
const NUDGE: f64 = 100.0;

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    P,
    Q,
}

impl Which {
    fn of(self, setup: &LossSetup) -> &Shares {
        if self == Which::P { &setup.p } else { &setup.q }
    }

    fn of_mut(self, setup: &mut LossSetup) -> &mut Shares {
        if self == Which::P { &mut setup.p } else { &mut setup.q }
    }

    fn letter(self) -> &'static str {
        if self == Which::P { "p" } else { "q" }
    }

    fn bars(self, setup: &LossSetup, chosen: usize) -> BarText {
        let marks = (self == Which::P && setup.smoothing > 0.0).then(|| EntropyState::new(setup).p);
        match self {
            Which::P => BarText { letter: "p", ink: Ink::Series0, is_hatched: false, chosen, marks },
            Which::Q => BarText { letter: "q", ink: Ink::Series1, is_hatched: true, chosen, marks },
        }
    }
}

/// Settings, bars, lengths, formulas and tables.
#[component]
pub fn EntropyView(bench: LossBench) -> impl IntoView {
    let i18n = use_i18n();
    let state = Memo::new(move |_| Arc::new(EntropyState::new(&bench.setup.read())));
    let in_bits = RwSignal::new(false);
    view! {
        <Card title=text!(i18n, losses.entropy.title)>
            <p>{t!(i18n, losses.entropy.lead)}</p>
            <Controls bench />
            <div class="pair">
                <Distribution bench which=Which::P />
                <Distribution bench which=Which::Q />
            </div>
            <div class="hints"><p>{t!(i18n, losses.entropy.hint)}</p></div>
        </Card>
        <Card title=text!(i18n, losses.lengths.title)>
            <Lengths bench state in_bits />
        </Card>
        <Card title=text!(i18n, losses.classes.title)>
            <Classes bench state />
        </Card>
    }
}

#[component]
fn Controls(bench: LossBench) -> impl IntoView {
    let i18n = use_i18n();
    let setup = bench.setup;
    let presets = Signal::derive(move || {
        let name = |preset| match preset {
            Preset::Confident => t_string!(i18n, losses.preset.confident),
            Preset::Unsure => t_string!(i18n, losses.preset.unsure),
            Preset::Wrong => t_string!(i18n, losses.preset.wrong),
            Preset::Zero => t_string!(i18n, losses.preset.zero),
            Preset::Uniform => t_string!(i18n, losses.preset.uniform),
            Preset::Equal => t_string!(i18n, losses.preset.equal),
            Preset::Smoothing => t_string!(i18n, losses.preset.smoothing),
        };
        let own = (String::new(), t_string!(i18n, losses.preset.own).to_string());
        let all = Preset::ALL.into_iter().map(|preset| (preset.name().to_owned(), name(preset).to_string()));
        std::iter::once(own).chain(all).collect::<Vec<_>>()
    });
    let chosen = Signal::derive(move || setup.read().preset().map_or("", Preset::name).to_owned());
    let choose = move |name: String| {
        if let Some(preset) = Preset::ALL.into_iter().find(|preset| preset.name() == name) {
            bench.change(|setup| setup.take(preset));
        }
    };
    let classes = Bounds { min: Shares::MIN as f64, max: Shares::MAX as f64, step: 1.0, decimals: 0 };
    view! {
        <div class="fields">
            <Select label=text!(i18n, losses.preset.label) choices=presets value=chosen on_change=choose />
            <Held name="p">
                <NumberField
                    label=text!(i18n, losses.entropy.classes)
                    value=Signal::derive(move || setup.read().p.len() as f64)
                    bounds=classes
                    on_change=move |count: f64| bench.change(|setup| setup.resize(count as usize))
                />
            </Held>
            <Held name="smoothing">
                <NumberField
                    label=Signal::stored("label_smoothing".to_owned())
                    value=Signal::derive(move || f64::from(setup.read().smoothing))
                    bounds=bounds(&(0.0..=1.0), 0.05, 4)
                    on_change=move |value: f64| bench.change(|setup| setup.smoothing = value as f32)
                />
            </Held>
        </div>
    }
}

/// The bars of one distribution and a field for each of its numbers.
#[component]
fn Distribution(bench: LossBench, which: Which) -> impl IntoView {
    let i18n = use_i18n();
    let (setup, language) = (bench.setup, bench.shell.language);
    let chosen = RwSignal::new(0_usize);
    let classes = Memo::new(move |_| which.of(&setup.read()).len());
    let class = move || chosen.get().min(classes.get() - 1);
    let caption = Signal::derive(move || match which {
        Which::P => t_string!(i18n, losses.entropy.p).to_string(),
        Which::Q => t_string!(i18n, losses.entropy.q).to_string(),
    });
    let said = Signal::derive(move || {
        let setup = setup.read();
        let parts = which.of(&setup).parts(class());
        let share = language.get().short(f64::from(parts) / f64::from(Shares::WHOLE), 4);
        t_string!(i18n, losses.entropy.said, letter = which.letter(), class = class() + 1, share).to_string()
    });
    let scene = move |width: f64| {
        let setup = setup.read();
        bar_scene(which.of(&setup), &which.bars(&setup, class()), language.get(), width)
    };
    let on_drag = move |(point, width, begins): (Point, f64, bool)| {
        let (hit, parts) = bar_hit(classes.get_untracked(), point, width);
        // A drag stays with the bar it began on.
        if begins {
            chosen.set(hit);
        }
        let class = untrack(class);
        bench.drag(|setup| which.of_mut(setup).give(class, parts));
    };
    let on_key = move |(key, is_large): (String, bool)| {
        let (now, last) = (untrack(class), classes.get_untracked() - 1);
        match key.as_str() {
            "ArrowLeft" => chosen.set(now.saturating_sub(1)),
            "ArrowRight" => chosen.set((now + 1).min(last)),
            "Home" => chosen.set(0),
            "End" => chosen.set(last),
            _ => {
                let Some(by) = nudge(&key, is_large) else { return false };
                bench.change(|setup| {
                    let shares = which.of_mut(setup);
                    let parts = f64::from(shares.parts(now)) + by * NUDGE;
                    shares.give(now, parts.clamp(0.0, f64::from(Shares::WHOLE)) as u32);
                });
            }
        }
        bench.shell.announce(said.get_untracked());
        true
    };
    let field = move |class: usize| {
        let value = Signal::derive(move || {
            let setup = setup.read();
            let shares = which.of(&setup);
            // The field lives a moment longer than its class.
            if class < shares.len() { f64::from(shares.parts(class)) / f64::from(Shares::WHOLE) } else { 0.0 }
        });
        let give = move |value: f64| {
            let parts = (value * f64::from(Shares::WHOLE)).round() as u32;
            bench.change(|setup| which.of_mut(setup).give(class, parts));
        };
        view! {
            <NumberField
                label=Signal::derive(move || format!("{}{}", which.letter(), class + 1))
                value=value
                bounds=bounds(&(0.0..=1.0), 0.01, 4)
                on_change=give
            />
        }
    };
    view! {
        <figure class="stage__part">
            <figcaption class="stage__caption">{move || caption.get()}</figcaption>
            <Handle label=caption said scene=scene on_drag=on_drag on_drop=move |()| bench.let_go() on_key=on_key />
            <Held name=which.letter()>
                <div class="losses__numbers fields--small">
                    <For each=move || 0..classes.get() key=|class| *class children=field />
                </div>
            </Held>
        </figure>
    }
}

fn unit(in_bits: bool) -> f64 {
    if in_bits { std::f64::consts::LN_2 } else { 1.0 }
}

/// The lengths that add up, the formulas, and every measure in nats and bits.
#[component]
fn Lengths(bench: LossBench, state: Memo<Arc<EntropyState>>, in_bits: RwSignal<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let language = bench.shell.language;
    let units = Signal::derive(move || {
        let (nats, bits) = (t_string!(i18n, losses.lengths.nats), t_string!(i18n, losses.lengths.bits));
        vec![("nats".to_owned(), nats.to_string()), ("bits".to_owned(), bits.to_string())]
    });
    let label = Signal::derive(move || {
        let (state, language, unit) = (state.read(), language.get(), unit(in_bits.get()));
        let number = |nats: f64| language.short(nats / unit, 4);
        let (own, apart, cross) =
            (number(state.entropy_p), number(state.divergence), number(state.cross_entropy));
        t_string!(i18n, losses.lengths.said, own, apart, cross).to_string()
    });
    let scene = move |width: f64| length_scene(&state.read(), unit(in_bits.get()), language.get(), width);
    let lines = move || {
        let lines = entropy_formulas(&state.read(), unit(in_bits.get()), language.get());
        let line = |mathml: String| view! { <div class="losses__formula" inner_html=mathml></div> };
        lines.into_iter().map(line).collect_view()
    };
    let impossible = move || {
        let (state, language) = (state.read(), language.get());
        let class = state.impossible()?;
        let keras = language.short(f64::from(state.keras_cross_entropy), 4);
        Some(t_string!(i18n, losses.lengths.infinite, class = class + 1, keras).to_string())
    };
    let table = Signal::derive(move || {
        let (state, language) = (state.read(), language.get());
        let row = |name: String, nats: f64| {
            let bits = language.short(nats / std::f64::consts::LN_2, 4);
            vec![name, language.short(nats, 4), bits]
        };
        let mut rows = vec![
            row("H(p)".into(), state.entropy_p),
            row("H(q)".into(), state.entropy_q),
            row("H(p, q)".into(), state.cross_entropy),
            row("KL(p‖q)".into(), state.divergence),
            row("KL(q‖p)".into(), state.reverse),
            row("CategoricalCrossentropy".into(), state.keras_cross_entropy.into()),
            row("KLDivergence".into(), state.keras_divergence.into()),
        ];
        if let Some((class, loss)) = state.sparse {
            rows.push(row(format!("SparseCategoricalCrossentropy, y = {class}"), loss.into()));
        }
        let heads = vec![
            t_string!(i18n, losses.lengths.measure).to_string(),
            t_string!(i18n, losses.lengths.nats).to_string(),
            t_string!(i18n, losses.lengths.bits).to_string(),
        ];
        Table { heads, rows }
    });
    view! {
        <Segmented
            label=text!(i18n, losses.lengths.unit)
            choices=units
            value=Signal::derive(move || if in_bits.get() { "bits" } else { "nats" }.to_owned())
            on_change=move |name: String| in_bits.set(name == "bits")
        />
        <Picture scene=scene label=label />
        <p class="visually-hidden" data-testid="losses-lengths">{move || label.get()}</p>
        <div class="losses__formulas table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, losses.lengths.formulas)>
            {lines}
        </div>
        <p class="remark remark--warn" role="status" hidden=move || impossible().is_none()>{impossible}</p>
        <NumberTable caption=text!(i18n, losses.lengths.table) table />
        <p>{t!(i18n, losses.lengths.sparse)}</p>
    }
}

/// What each class adds, and where its logit is pushed.
#[component]
fn Classes(bench: LossBench, state: Memo<Arc<EntropyState>>) -> impl IntoView {
    let i18n = use_i18n();
    let language = bench.shell.language;
    let table = Signal::derive(move || {
        let (state, language) = (state.read(), language.get());
        let short = |value: f64| language.short(value, 4);
        let row = |class: usize| {
            vec![
                (class + 1).to_string(),
                short(state.p[class].into()),
                short(state.q[class].into()),
                short(state.own[class]),
                short(state.cross[class]),
                short(state.part(class)),
                short(state.gradient[class].into()),
            ]
        };
        let class = t_string!(i18n, losses.classes.class).to_string();
        let rest = ["p", "q", "−p ln p", "−p ln q", "p ln(p/q)", "∂H/∂z = q − p"].map(str::to_owned);
        let rows = (0..state.p.len()).map(row).collect();
        Table { heads: std::iter::once(class).chain(rest).collect(), rows }
    });
    view! {
        <NumberTable caption=text!(i18n, losses.classes.table) table />
        <p>{t!(i18n, losses.classes.gradient)}</p>
    }
}

/// The pictures of this moment, for a file.
pub fn entropy_pictures(bench: LossBench) -> Vec<(String, Scene)> {
    let setup = bench.setup.get_untracked();
    let language = bench.shell.language.get_untracked();
    let locale = locale_of(language);
    // No class is being moved in a file.
    let bars = |which: Which| {
        let text = which.bars(&setup, usize::MAX);
        bar_scene(which.of(&setup), &text, language, 340.0)
    };
    let lengths = length_scene(&EntropyState::new(&setup), 1.0, language, 700.0);
    vec![
        (td_string!(locale, losses.entropy.p).to_string(), bars(Which::P)),
        (td_string!(locale, losses.entropy.q).to_string(), bars(Which::Q)),
        (td_string!(locale, losses.lengths.title).to_string(), lengths),
    ]
}
