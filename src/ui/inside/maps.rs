//! Where in the image the score of a class comes from: saliency, Grad-CAM and covering, laid over the image.

use super::Desk;
use super::asking::{Asked, Section};
use crate::engine::spec::ModelSpec;
use crate::protocol::Finding;
use crate::ui::components::{Bounds, NumberField, Picture, Segmented, Select, Table, Twin};
use crate::ui::context::shell;
use crate::ui::i18n::{Locale, t, t_string, use_i18n};
use crate::ui::pages::inside::{Heat, MapKind, Pace, Setup, heat_of, heat_scene, scale_scene};
use crate::ui::scene::Scene;
use crate::ui::translations::text;
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use std::fmt::Write as _;

/// Width of a saved picture, in px.
const SAVED: f64 = 420.0;

/// The section.
#[component]
pub fn MapsSection(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let question = Memo::new(move |_| desk.setup.read().map_question());
    let wanted = move || desk.ask(question.get());
    let asked = Asked::begin(Pace::Live, false, wanted, |inspection| inspection);
    view! {
        <Section asked id="inside-maps" title=text!(i18n, inside.maps.title) lead=text!(i18n, inside.maps.lead)>
            <Choices desk />
            <Map desk asked />
        </Section>
    }
}

#[component]
fn Choices(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let setup = desk.setup;
    let kinds = Signal::derive(move || {
        let word = |kind| match kind {
            MapKind::Saliency => t_string!(i18n, inside.maps.saliency).to_string(),
            MapKind::Signed => t_string!(i18n, inside.maps.signed).to_string(),
            MapKind::GradCam => "Grad-CAM".to_owned(),
            MapKind::Occlusion => t_string!(i18n, inside.maps.occlusion).to_string(),
        };
        MapKind::ALL.map(|kind| (kind.name().to_owned(), word(kind))).to_vec()
    });
    let choose_kind = move |name: String| {
        if let Some(kind) = MapKind::ALL.into_iter().find(|kind| kind.name() == name) {
            desk.change(|setup| setup.map = kind);
        }
    };
    let classes = Signal::derive(move || {
        let predicted = (String::new(), t_string!(i18n, inside.maps.predicted).to_string());
        let names = desk.names.get().into_iter().enumerate().map(|(class, name)| (class.to_string(), name));
        std::iter::once(predicted).chain(names).collect::<Vec<_>>()
    });
    let scores = Signal::derive(move || {
        vec![
            ("false".to_owned(), t_string!(i18n, inside.maps.of_logit).to_string()),
            ("true".to_owned(), t_string!(i18n, inside.maps.of_probability).to_string()),
        ]
    });
    let layers = Signal::derive(move || {
        let last = (String::new(), t_string!(i18n, inside.maps.last_layer).to_string());
        let spec = desk.spec.read();
        let shapes = spec.as_ref().and_then(|spec| spec.shapes().ok()).unwrap_or_default();
        let names = spec.as_ref().map_or_else(Vec::new, ModelSpec::layer_names);
        let has_map = |layer: usize| layer + 2 < shapes.len() && shapes[layer + 1].image().is_some();
        let own = names.into_iter().enumerate().filter(|(layer, _)| has_map(*layer));
        std::iter::once(last).chain(own.map(|(layer, name)| (layer.to_string(), name))).collect::<Vec<_>>()
    });
    let number = |number: Option<u32>| number.map_or_else(String::new, |number| number.to_string());
    let is = move |kind| Memo::new(move |_| setup.read().map == kind);
    let (is_cam, is_occlusion) = (is(MapKind::GradCam), is(MapKind::Occlusion));
    let bounds = Bounds { min: 1.0, max: f64::from(Setup::MOST_PIXELS), step: 1.0, decimals: 0 };
    view! {
        <Segmented
            label=text!(i18n, inside.maps.kind)
            choices=kinds
            value=Signal::derive(move || setup.read().map.name().to_owned())
            on_change=choose_kind
        />
        <div class="fields">
            <Select
                label=text!(i18n, inside.maps.class)
                choices=classes
                value=Signal::derive(move || number(setup.read().class))
                on_change=move |text: String| desk.change(|setup| setup.class = text.parse().ok())
            />
            <Show when=move || is_cam.get()>
                <Select
                    label=text!(i18n, inside.maps.layer)
                    choices=layers
                    value=Signal::derive(move || number(setup.read().layer))
                    on_change=move |text: String| desk.change(|setup| setup.layer = text.parse().ok())
                />
            </Show>
            <Show when=move || is_occlusion.get()>
                <NumberField
                    label=text!(i18n, inside.maps.window)
                    value=Signal::derive(move || f64::from(setup.read().window))
                    bounds
                    on_change=move |value: f64| desk.change(|setup| setup.window = value as u32)
                />
                <NumberField
                    label=text!(i18n, inside.maps.stride)
                    value=Signal::derive(move || f64::from(setup.read().stride))
                    bounds
                    on_change=move |value: f64| desk.change(|setup| setup.stride = value as u32)
                />
            </Show>
            <Show when=move || !is_cam.get() && !is_occlusion.get()>
                <Segmented
                    label=text!(i18n, inside.maps.score)
                    choices=scores
                    value=Signal::derive(move || setup.read().of_probability.to_string())
                    on_change=move |text: String| desk.change(|setup| setup.of_probability = text == "true")
                />
            </Show>
        </div>
    }
}

/// What a map says.
fn meaning(i18n: I18nContext<Locale>, kind: MapKind) -> String {
    match kind {
        MapKind::Saliency => t_string!(i18n, inside.maps.meaning_saliency).to_string(),
        MapKind::Signed => t_string!(i18n, inside.maps.meaning_signed).to_string(),
        MapKind::GradCam => t_string!(i18n, inside.maps.meaning_cam).to_string(),
        MapKind::Occlusion => t_string!(i18n, inside.maps.meaning_occlusion).to_string(),
    }
}

#[component]
fn Map(desk: Desk, asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let finding = Signal::derive(move || asked.first());
    let kind = Memo::new(move |_| desk.setup.read().map);
    let heat = move || -> Option<Heat> {
        let (image_size, image) = desk.gray()?;
        heat_of(&finding.get()?, kind.get(), image_size, image)
    };
    let is_none = Memo::new(move |_| matches!(finding.get(), Some(Finding::NoMap)));
    let class = move || match finding.get() {
        Some(
            Finding::Saliency { class, .. } | Finding::Map { class, .. } | Finding::Covered { class, .. },
        ) => Some(class as usize),
        _ => None,
    };
    let words = Signal::derive(move || {
        let (Some(class), Some(heat)) = (class(), heat()) else { return String::new() };
        let name = desk.name(class);
        let (row, col) = heat.strongest();
        match finding.get() {
            Some(Finding::Map { layer, .. }) => {
                let layer = desk.layer_name(layer as usize);
                t_string!(i18n, inside.maps.said_cam, name, layer, row, col).to_string()
            }
            Some(Finding::Covered { base, rows, columns, values, .. }) => {
                let language = language.get();
                let (done, total) =
                    (language.count(values.len()), language.count(rows.len() * columns.len()));
                let base = language.percent(f64::from(base), 1);
                t_string!(i18n, inside.maps.said_covered, name, base, done, total, row, col).to_string()
            }
            _ => t_string!(i18n, inside.maps.said_saliency, name, row, col).to_string(),
        }
    });
    let scene = move |width: f64| heat().map(|heat| heat_scene(&heat, width)).unwrap_or_default();
    let scale = move |width: f64| {
        let Some(heat) = heat() else { return Scene::default() };
        let (largest, has_sign) = (heat.largest(), heat.has_sign());
        let number = |value: f32| language.get().decimal(f64::from(value), if largest < 0.1 { 5 } else { 3 });
        let ends = if has_sign {
            [number(-largest), number(0.0), number(largest)]
        } else {
            [number(0.0), number(largest / 2.0), number(largest)]
        };
        scale_scene(has_sign, ends, width)
    };
    let scale_words = Signal::derive(move || match kind.get() {
        MapKind::Saliency => t_string!(i18n, inside.maps.scale_saliency).to_string(),
        MapKind::Signed => t_string!(i18n, inside.maps.scale_signed).to_string(),
        MapKind::GradCam => t_string!(i18n, inside.maps.scale_cam).to_string(),
        MapKind::Occlusion => t_string!(i18n, inside.maps.scale_occlusion).to_string(),
    });
    let table = move |()| {
        let Some(heat) = heat() else { return Table::default() };
        let row_word = t_string!(i18n, inside.maps.row).to_string();
        let columns = (0..heat.size[1]).map(|col| (col + 1).to_string());
        let language = language.get();
        let row = |(idx, row): (usize, &[f32])| {
            let cells = row.iter().map(|value| language.decimal(f64::from(*value), 3));
            std::iter::once((idx + 1).to_string()).chain(cells).collect()
        };
        let rows = heat.values.chunks(heat.size[1].max(1)).enumerate().map(row).collect();
        Table { heads: std::iter::once(row_word).chain(columns).collect(), rows }
    };
    let csv = move |()| {
        let mut out = String::from("row,column,value\n");
        if let Some(heat) = untrack(heat) {
            for (idx, value) in heat.values.iter().enumerate() {
                // Writing to a String cannot fail.
                let _ = writeln!(out, "{},{},{value}", idx / heat.size[1], idx % heat.size[1]);
            }
        }
        out
    };
    view! {
        <p class="field__hint">{move || meaning(i18n, kind.get())}</p>
        <Show
            when=move || !is_none.get()
            fallback=move || view! { <p class="remark" data-testid="inside-no-map">{t!(i18n, inside.maps.none)}</p> }
        >
            <div class="inside__heat" data-testid="inside-heat">
                <Picture scene=scene label=words />
                <Picture scene=scale label=scale_words />
                <p class="field__hint">{move || scale_words.get()}</p>
            </div>
            <p data-testid="inside-map-said">{move || words.get()}</p>
            <Twin
                title=text!(i18n, inside.maps.title)
                file="map"
                table=table
                csv=csv
                pictures=move |()| vec![(untrack(|| words.get()), untrack(|| scene(SAVED))), (untrack(|| scale_words.get()), untrack(|| scale(SAVED)))]
            />
        </Show>
    }
}
