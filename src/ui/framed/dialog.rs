//! [`EmbedOffer`]: the code with which a teacher puts this page into another one.

use leptos::{html, prelude::*};

use crate::ui::browser::{base_address, copy_text};
use crate::ui::components::{Bounds, NumberField, Select, fresh_id};
use crate::ui::context::{Shell, shell};
use crate::ui::embed::{Code, Widget};
use crate::ui::i18n::{t, t_string, use_i18n};
use crate::ui::locale::Language;
use crate::ui::theme::Theme;
use crate::ui::translations::text;

/// What was chosen.
#[derive(Clone, Debug, PartialEq)]
struct Choices {
    language: Option<Language>,
    theme: Option<Theme>,
    height: u32,
    fixed: Vec<&'static str>,
    hidden: Vec<&'static str>,
}

impl Choices {
    fn toggle(names: &mut Vec<&'static str>, name: &'static str, is_on: bool) {
        names.retain(|other| *other != name);
        if is_on {
            names.push(name);
        }
    }
}

/// The button below a page that can be embedded, and its dialog. `title` is the page's name.
#[component]
pub fn EmbedOffer(widget: Widget, title: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let dialog = NodeRef::<html::Dialog>::new();
    // What is not looked at costs nothing.
    let is_open = RwSignal::new(false);
    let open = move |_| {
        is_open.set(true);
        if let Some(dialog) = dialog.get() {
            // Only a dialog that is open already refuses.
            let _ = dialog.show_modal();
        }
    };
    let close = move || {
        if let Some(dialog) = dialog.get() {
            dialog.close();
        }
    };
    let id = fresh_id("embed-title");
    let title_id = id.clone();
    view! {
        <p class="embed-offer">
            <button type="button" class="button" data-testid="embed" on:click=open>{t!(i18n, embed.button)}</button>
            <span class="field__hint">{t!(i18n, embed.hint)}</span>
        </p>
        <dialog
            class="dialog"
            node_ref=dialog
            aria-labelledby=id
            on:close=move |_| is_open.set(false)
        >
            <div class="dialog__head">
                <h2 class="card__title" id=title_id>{t!(i18n, embed.title)}</h2>
                <button type="button" class="button" on:click=move |_| close()>{t!(i18n, embed.close)}</button>
            </div>
            <Show when=move || is_open.get()>
                <Inside widget title />
            </Show>
        </dialog>
    }
}

#[component]
fn Inside(widget: Widget, title: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let choices = RwSignal::new(Choices {
        language: Some(shell.language.get_untracked()),
        theme: None,
        height: Code::HEIGHT,
        fixed: Vec::new(),
        hidden: Vec::new(),
    });
    let code = Memo::new(move |_| {
        let Choices { language, theme, height, fixed, hidden } = choices.get();
        Code {
            base: base_address(),
            widget,
            state: shell.location.read().query.clone(),
            title: title.get(),
            language,
            theme,
            fixed,
            hidden,
            height,
        }
    });
    view! {
        <p>{t!(i18n, embed.lead)}</p>
        <Options choices />
        <Holds widget choices />
        <Copied shell label=text!(i18n, embed.code.element) hint=text!(i18n, embed.code.element_hint) code=Signal::derive(move || code.read().element()) />
        <Copied shell label=text!(i18n, embed.code.iframe) hint=text!(i18n, embed.code.iframe_hint) code=Signal::derive(move || code.read().iframe()) />
        <Copied shell label=text!(i18n, embed.code.link) hint=text!(i18n, embed.code.link_hint) code=Signal::derive(move || code.read().link()) />
    }
}

/// Language, theme and height.
#[component]
fn Options(choices: RwSignal<Choices>) -> impl IntoView {
    let i18n = use_i18n();
    let languages = Signal::derive(move || {
        let own = (String::new(), t_string!(i18n, embed.options.own_language).to_string());
        let names = [("ru", "Русский"), ("en", "English")];
        std::iter::once(own)
            .chain(names.map(|(tag, name)| (tag.to_owned(), name.to_owned())))
            .collect::<Vec<_>>()
    });
    let themes = Signal::derive(move || {
        let name = |theme| match theme {
            Theme::Auto => t_string!(i18n, common.theme.auto),
            Theme::Light => t_string!(i18n, common.theme.light),
            Theme::Dark => t_string!(i18n, common.theme.dark),
        };
        Theme::ALL.map(|theme| (theme.name().to_owned(), name(theme).to_string())).to_vec()
    });
    let heights = Code::HEIGHTS;
    let bounds =
        Bounds { min: f64::from(*heights.start()), max: f64::from(*heights.end()), step: 20.0, decimals: 0 };
    view! {
        <div class="fields">
            <Select
                label=text!(i18n, common.language)
                choices=languages
                value=Signal::derive(move || choices.read().language.map_or("", Language::tag).to_owned())
                on_change=move |tag: String| choices.update(|choices| choices.language = Language::from_tag(&tag))
            />
            <Select
                label=text!(i18n, common.theme.label)
                choices=themes
                value=Signal::derive(move || choices.read().theme.unwrap_or_default().name().to_owned())
                on_change=move |name: String| {
                    let theme = Theme::from_name(&name).filter(|theme| *theme != Theme::Auto);
                    choices.update(|choices| choices.theme = theme);
                }
            />
            <NumberField
                label=text!(i18n, embed.options.height)
                value=Signal::derive(move || f64::from(choices.read().height))
                bounds=bounds
                hint=text!(i18n, embed.options.height_hint)
                on_change=move |height: f64| choices.update(|choices| choices.height = height as u32)
            />
        </div>
    }
}

/// What is fixed and what is taken away.
#[component]
fn Holds(widget: Widget, choices: RwSignal<Choices>) -> impl IntoView {
    let i18n = use_i18n();
    let check = move |name: &'static str, hides: bool| {
        let is_on = move || {
            let choices = choices.read();
            if hides { choices.hidden.contains(&name) } else { choices.fixed.contains(&name) }
        };
        let label = move || {
            if hides {
                t_string!(i18n, embed.holds.hide_name, name).to_string()
            } else {
                t_string!(i18n, embed.holds.fix_name, name).to_string()
            }
        };
        let turn = move |event| {
            let is_on = event_target_checked(&event);
            choices.update(|choices| {
                Choices::toggle(if hides { &mut choices.hidden } else { &mut choices.fixed }, name, is_on);
            });
        };
        view! { <input type="checkbox" aria-label=label prop:checked=is_on on:change=turn /> }
    };
    let row = move |name: &'static str, is_setting: bool| {
        view! {
            <tr>
                <th scope="row"><code lang="en">{name}</code></th>
                <td>{is_setting.then(|| check(name, false))}</td>
                <td>{check(name, true)}</td>
            </tr>
        }
    };
    let settings = widget.setting_names().map(|name| row(name, true)).collect_view();
    let parts = widget.parts().iter().map(|name| row(name, false)).collect_view();
    view! {
        <details>
            <summary>{t!(i18n, embed.holds.title)}</summary>
            <p class="field__hint">{t!(i18n, embed.holds.lead)}</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, embed.holds.title)>
                <table class="table embed-holds">
                    <thead>
                        <tr>
                            <th scope="col">{t!(i18n, embed.holds.name)}</th>
                            <th scope="col">{t!(i18n, embed.holds.fix)}</th>
                            <th scope="col">{t!(i18n, embed.holds.hide)}</th>
                        </tr>
                    </thead>
                    <tbody>{settings} {parts}</tbody>
                </table>
            </div>
        </details>
    }
}

/// A text to copy.
#[component]
fn Copied(shell: Shell, label: Signal<String>, hint: Signal<String>, code: Signal<String>) -> impl IntoView {
    let i18n = use_i18n();
    let copied = Callback::new(move |()| shell.announce(t_string!(i18n, pooling.take.copied)));
    view! {
        <div class="field">
            <h3>{move || label.get()}</h3>
            <p class="field__hint">{move || hint.get()}</p>
            <div class="take-away__code">
                <pre tabindex="0" role="region" aria-label=move || label.get()><code lang="en">{move || code.get()}</code></pre>
                <button
                    type="button"
                    class="button"
                    aria-label=move || t_string!(i18n, embed.code.copy, what = label.get()).to_string()
                    on:click=move |_| copy_text(&code.get_untracked(), copied)
                >
                    {t!(i18n, pooling.take.copy)}
                </button>
            </div>
        </div>
    }
}
