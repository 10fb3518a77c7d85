//! The form of any spec: one row for each argument, with its meaning and its default.

use leptos::{ev::KeyboardEvent, prelude::*};
use serde_json::Value;

use super::half_typed::Draft;
use super::words::meaning_text;
use super::{
    Argument, Family, FieldBounds, Kind, Layout, arguments, class_of, counts_up, get, list_from_text,
    list_to_text, numbers, python, set, text::plain, with_number,
};
use crate::ui::components::{Held, fresh_id};
use crate::ui::context::shell;
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::locale::parse_decimals;

/// The arguments of `spec`, a member of `family`; `on_change` hears the whole spec. Those in `skip` have
/// fields elsewhere.
#[component]
pub fn ArgumentForm(
    family: Family,
    #[prop(into)] spec: Signal<Value>,
    #[prop(into)] on_change: Callback<Value>,
    #[prop(optional)] skip: &'static [&'static str],
) -> impl IntoView {
    let i18n = use_i18n();
    // Rows are made anew only for another class, so that fields keep the focus.
    let class = Memo::new(move |_| class_of(&spec.read()).to_owned());
    let form = move || {
        let all = arguments(family, &class.read());
        let all = all.into_iter().filter(|argument| !skip.contains(&argument.name.as_str()));
        let (rare, usual): (Vec<_>, Vec<_>) = all.partition(Argument::is_rare);
        let row = move |argument| view! { <Row argument spec on_change /> };
        let more = (!rare.is_empty()).then(|| {
            view! {
                <details class="arguments__more">
                    <summary>{t!(i18n, network.form.more)}</summary>
                    <div class="arguments">{rare.into_iter().map(row).collect_view()}</div>
                </details>
            }
        });
        let none = (usual.is_empty() && more.is_none())
            .then(|| view! { <p class="note">{t!(i18n, network.form.none)}</p> });
        view! { {usual.into_iter().map(row).collect_view()} {more} {none} }
    };
    view! { <div class="arguments">{form}</div> }.into_any()
}

/// One argument.
#[component]
fn Row(argument: Argument, spec: Signal<Value>, on_change: Callback<Value>) -> impl IntoView {
    let name = argument.name.clone();
    let default = argument.default.clone();
    let value = Memo::new(move |_| get(&spec.read(), &name).unwrap_or(&default).clone());
    let name = argument.name.clone();
    let change = Callback::new(move |to: Value| {
        let mut spec = spec.get_untracked();
        set(&mut spec, &name, to);
        on_change.run(spec);
    });
    let value = Signal::from(value);
    match argument.kind {
        Kind::Flag => view! { <FlagRow argument value change /> }.into_any(),
        Kind::Numbers(layout, bounds) => {
            view! { <NumberRow argument layout bounds value change /> }.into_any()
        }
        Kind::List { bounds, gaps } => view! { <ListRow argument bounds gaps value change /> }.into_any(),
        Kind::Text => view! { <TextRow argument value change /> }.into_any(),
        Kind::Choice(names) => {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            let choose =
                move |name: String| change.run(if name.is_empty() { Value::Null } else { name.into() });
            let chosen = Signal::derive(move || value.read().as_str().unwrap_or_default().to_owned());
            view! { <SelectRow argument names value=chosen on_choose=choose /> }.into_any()
        }
        Kind::Member(family) => view! { <MemberRow argument family value change /> }.into_any(),
        Kind::Rate(bounds) => {
            view! { <Held name="learning_rate"><RateRow argument bounds value change /></Held> }.into_any()
        }
    }
}

/// What it is for and what it is by default.
#[component]
fn Hint(argument: Argument, id: String) -> impl IntoView {
    let i18n = use_i18n();
    let Argument { name, kind, default, required, meaning, .. } = argument;
    let default = (!required).then(|| python(&name, kind, &default));
    view! {
        <span class="field__hint" id=id>
            {move || meaning_text(i18n, meaning)} " "
            {default.map(|default| view! { {t!(i18n, network.form.default)} " " <code lang="en">{default}</code> "." })}
        </span>
    }
}

#[component]
fn FlagRow(argument: Argument, value: Signal<Value>, change: Callback<Value>) -> impl IntoView {
    let id = fresh_id("argument");
    let hint_id = format!("{id}-hint");
    let name = argument.name.clone();
    view! {
        <div class="field">
            <label class="check" for=id.clone()>
                <input
                    type="checkbox"
                    id=id.clone()
                    prop:checked=move || value.read().as_bool().unwrap_or_default()
                    aria-describedby=hint_id.clone()
                    on:change=move |event| change.run(event_target_checked(&event).into())
                />
                <code lang="en">{name}</code>
            </label>
            <Hint argument id=hint_id />
        </div>
    }
}

#[component]
fn NumberRow(
    argument: Argument,
    layout: Layout,
    bounds: FieldBounds,
    value: Signal<Value>,
    change: Callback<Value>,
) -> impl IntoView {
    let i18n = use_i18n();
    let id = fresh_id("argument");
    let (label_id, hint_id) = (format!("{id}-label"), format!("{id}-hint"));
    let name = argument.name.clone();
    let part = move |idx: usize| match (layout, idx) {
        (Layout::One, _) => String::new(),
        (Layout::RowsColumns, 0) => t_string!(i18n, network.form.rows).to_string(),
        (Layout::RowsColumns, _) => t_string!(i18n, network.form.columns).to_string(),
        (Layout::LeastGreatest, 0) => t_string!(i18n, network.form.least).to_string(),
        (Layout::LeastGreatest, _) => t_string!(i18n, network.form.greatest).to_string(),
        (Layout::Border, 0) => t_string!(i18n, network.form.top).to_string(),
        (Layout::Border, 1) => t_string!(i18n, network.form.bottom).to_string(),
        (Layout::Border, 2) => t_string!(i18n, network.form.left).to_string(),
        (Layout::Border, _) => t_string!(i18n, network.form.right).to_string(),
    };
    let optional = argument.optional;
    let cells = (0..layout.len())
        .map(|idx| {
            let number = Signal::derive(move || {
                let all = numbers(&value.read());
                (all.len() == layout.len()).then(|| all[idx])
            });
            let set = move |to: Option<f64>| {
                change.run(with_number(layout, bounds, &value.get_untracked(), idx, to));
            };
            let label = {
                let name = name.clone();
                Signal::derive(move || format!("{name} {}", part(idx)).trim_end().to_owned())
            };
            view! { <Cell label bounds optional number on_change=set described=hint_id.clone() /> }
        })
        .collect_view();
    view! {
        <div class="field argument" role="group" aria-labelledby=label_id.clone()>
            <span class="field__label" id=label_id.clone()><code lang="en">{name.clone()}</code></span>
            <div class="argument__cells" class:argument__cells--many={layout.len() > 1}>{cells}</div>
            <Hint argument id=hint_id />
        </div>
    }
}

/// One number; empty stands for none where that is allowed.
#[component]
fn Cell(
    label: Signal<String>,
    bounds: FieldBounds,
    optional: bool,
    number: Signal<Option<f64>>,
    #[prop(into)] on_change: Callback<Option<f64>>,
    described: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let error_id = fresh_id("error");
    let limits = move || {
        let limit = |number| language.get().short(number, bounds.decimals);
        let (min, max) = (limit(bounds.min), limit(bounds.max));
        if bounds.decimals == 0 {
            t_string!(i18n, common.field.whole_between, min, max).to_string()
        } else {
            t_string!(i18n, common.field.between, min, max).to_string()
        }
    };
    // What is typed is only kept while it is not (yet) a usable number.
    let draft = Draft::new(Signal::derive(move || format!("{}. {}", label.get(), limits())));
    let shown = move || {
        let now = || number.get().map(|it| plain(language.get(), it, bounds.decimals)).unwrap_or_default();
        draft.get().unwrap_or_else(now)
    };
    let accept = move |text: String| {
        let to = if text.trim().is_empty() && optional {
            Some(None)
        } else {
            parse_decimals(&text, bounds.decimals).filter(|value| bounds.allows(*value)).map(Some)
        };
        draft.set(to.is_none().then_some(text));
        if let Some(to) = to {
            on_change.run(to);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(up) = counts_up(&event.key()) else { return };
        event.prevent_default();
        draft.set(None);
        let next = number.get_untracked().map_or(bounds.min, |value| bounds.nudged(value, up));
        // Sums of decimals are seldom decimals themselves.
        on_change.run(Some((next * 1e10).round() / 1e10));
    };
    // A link may bring what nobody could type.
    let is_wrong =
        Memo::new(move |_| draft.is_some() || number.get().is_some_and(|number| !bounds.allows(number)));
    let error = move || is_wrong.get().then(limits);
    view! {
        <div class="argument__cell">
            <input
                class="input"
                type="text"
                inputmode=if bounds.decimals == 0 { "numeric" } else { "decimal" }
                autocomplete="off"
                placeholder=if optional { "None" } else { "" }
                prop:value=shown
                aria-label=move || label.get()
                aria-invalid=move || is_wrong.get().to_string()
                aria-describedby=format!("{described} {error_id}")
                on:change=move |event| accept(event_target_value(&event))
                on:keydown=on_key
            />
            <span class="field__error" id=error_id hidden=move || !is_wrong.get()>{error}</span>
        </div>
    }
}

#[component]
fn ListRow(
    argument: Argument,
    bounds: FieldBounds,
    gaps: bool,
    value: Signal<Value>,
    change: Callback<Value>,
) -> impl IntoView {
    let i18n = use_i18n();
    let language = shell().language;
    let id = fresh_id("argument");
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let name = argument.name.clone();
    let takes = move || {
        let limit = |number| language.get().short(number, bounds.decimals);
        let (min, max) = (limit(bounds.min), limit(bounds.max));
        t_string!(i18n, network.form.list, min, max).to_string()
    };
    let draft = Draft::new(Signal::derive(move || format!("{name}. {}", takes())));
    let shown = move || draft.get().unwrap_or_else(|| list_to_text(language.get(), bounds, &value.read()));
    let optional = argument.optional;
    let accept = move |text: String| {
        let is_empty = text.trim().is_empty();
        let list = if is_empty && optional { Some(Value::Null) } else { list_from_text(bounds, gaps, &text) };
        draft.set(list.is_none().then_some(text));
        if let Some(list) = list {
            change.run(list);
        }
    };
    let error = move || draft.is_some().then(takes);
    let name = argument.name.clone();
    view! {
        <div class="field argument">
            <label class="field__label" for=id.clone()><code lang="en">{name}</code></label>
            <input
                class="input"
                id=id
                type="text"
                autocomplete="off"
                placeholder=if optional { "None" } else { "" }
                prop:value=shown
                aria-invalid=move || draft.is_some().to_string()
                aria-describedby=format!("{hint_id} {error_id}")
                on:change=move |event| accept(event_target_value(&event))
            />
            <Hint argument id=hint_id />
            <span class="field__error" id=error_id hidden=move || !draft.is_some()>{error}</span>
        </div>
    }
}

#[component]
fn TextRow(argument: Argument, value: Signal<Value>, change: Callback<Value>) -> impl IntoView {
    let id = fresh_id("argument");
    let hint_id = format!("{id}-hint");
    let name = argument.name.clone();
    let accept = move |text: String| {
        change.run(if text.trim().is_empty() { Value::Null } else { text.trim().into() });
    };
    view! {
        <div class="field argument">
            <label class="field__label" for=id.clone()><code lang="en">{name}</code></label>
            <input
                class="input"
                id=id
                type="text"
                autocomplete="off"
                maxlength="60"
                placeholder="None"
                prop:value=move || value.read().as_str().unwrap_or_default().to_owned()
                aria-describedby=hint_id.clone()
                on:change=move |event| accept(event_target_value(&event))
            />
            <Hint argument id=hint_id />
        </div>
    }
}

/// One of these names, or none of them.
#[component]
fn SelectRow(
    argument: Argument,
    names: Vec<String>,
    value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
) -> impl IntoView {
    let id = fresh_id("argument");
    let hint_id = format!("{id}-hint");
    let name = argument.name.clone();
    let option = move |stored: String| {
        let shown = if stored.is_empty() { "None".to_owned() } else { stored.clone() };
        let own = stored.clone();
        view! { <option value=stored selected=move || value.read() == own>{shown}</option> }
    };
    let none = argument.optional.then(String::new);
    view! {
        <div class="field argument argument--list">
            <label class="field__label" for=id.clone()><code lang="en">{name}</code></label>
            <select
                class="input"
                lang="en"
                id=id
                prop:value=move || value.get()
                aria-describedby=hint_id.clone()
                on:change=move |event| on_choose.run(event_target_value(&event))
            >
                {none.into_iter().chain(names).map(option).collect_view()}
            </select>
            <Hint argument id=hint_id />
        </div>
    }
}

/// A member of a family, whose own arguments stand below it.
#[component]
fn MemberRow(
    argument: Argument,
    family: Family,
    value: Signal<Value>,
    change: Callback<Value>,
) -> impl IntoView {
    let chosen = Memo::new(move |_| class_of(&value.read()).to_owned());
    let choose = move |name: String| change.run(family.member(&name).unwrap_or_default());
    let names = family.classes().iter().map(|class| class.name.clone()).collect();
    view! {
        <SelectRow argument names value=chosen.into() on_choose=choose />
        <Nested family value change />
    }
}

/// The arguments of a member that has any.
#[component]
fn Nested(family: Family, value: Signal<Value>, change: Callback<Value>) -> impl IntoView {
    let has_arguments = Memo::new(move |_| {
        family.class(class_of(&value.read())).is_some_and(|class| !class.arguments.is_empty())
    });
    move || {
        has_arguments.get().then(|| {
            let form = view! { <ArgumentForm family spec=value on_change=change /> };
            view! { <div class="arguments__nested">{form}</div> }
        })
    }
}

/// What stands for a plain number among the schedules.
const CONSTANT: &str = "float";

/// A number or a schedule.
#[component]
fn RateRow(
    argument: Argument,
    bounds: FieldBounds,
    value: Signal<Value>,
    change: Callback<Value>,
) -> impl IntoView {
    let default = argument.default.clone();
    let chosen = Memo::new(move |_| {
        let value = value.read();
        if value.is_number() { CONSTANT.to_owned() } else { class_of(&value).to_owned() }
    });
    let choose = {
        let default = default.clone();
        move |name: String| change.run(Family::Schedule.member(&name).unwrap_or_else(|| default.clone()))
    };
    let classes = Family::Schedule.classes().iter().map(|class| class.name.clone());
    let names: Vec<String> = std::iter::once(CONSTANT.to_owned()).chain(classes).collect();
    let number = Signal::derive(move || value.read().as_f64());
    let is_number = Memo::new(move |_| value.read().is_number());
    let label = Signal::stored(argument.name.clone());
    let set = move |to: Option<f64>| {
        if let Some(to) = to {
            change.run(to.into());
        }
    };
    let cell = move || {
        is_number.get().then(|| {
            view! {
                <div class="field argument">
                    <span class="field__label"><code lang="en">{label.get_untracked()}</code></span>
                    <Cell label bounds optional=false number on_change=set described=String::new() />
                </div>
            }
        })
    };
    view! {
        <SelectRow argument names value=chosen.into() on_choose=choose />
        {cell}
        <Nested family=Family::Schedule value change />
    }
}
