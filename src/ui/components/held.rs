//! What a teacher holds: a setting that is fixed, or a part that is taken away.

use super::super::context::shell;
use super::super::i18n::{t, use_i18n};
use super::{Icon, IconMark, fresh_id};
use leptos::prelude::*;

/// The controls of one setting, or one part of a page, by its name in the address; with `or_gone` they are not there when
/// they are fixed, as a button that would change more than this setting. Where the page stands by itself
/// they are as they are; in a page of a teacher who has fixed them they are disabled, with the reason beside them.
/// That no gesture changes them either is the care of [`Shell::replace_query`](crate::ui::context::Shell).
#[component]
pub fn Held(name: &'static str, #[prop(optional)] or_gone: bool, children: Children) -> impl IntoView {
    let i18n = use_i18n();
    let held = shell().with_frame(|frame| (frame.is_hidden(name), frame.is_fixed(name)));
    match held {
        None | Some((false, false)) => children().into_any(),
        Some((is_hidden, _)) if is_hidden || or_gone => ().into_any(),
        Some(_) => {
            let id = fresh_id("held");
            let labelled_by = id.clone();
            view! {
                <fieldset class="held" disabled aria-labelledby=labelled_by data-held=name>
                    {children()}
                    <p class="held__note" id=id>
                        <IconMark icon=Icon::Lock />
                        {t!(i18n, embed.fixed)}
                    </p>
                </fieldset>
            }
            .into_any()
        }
    }
}
