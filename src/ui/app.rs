//! The shell: header, page, footer, and what stands around every page.

use super::browser;
use super::components::{Segmented, Select};
use super::context::{Shell, locale_of, shell};
use super::i18n::{I18nSubContextProvider, t, t_string, use_i18n};
use super::laboratory::Laboratory;
use super::locale::Language;
use super::pages::{
    backwards::BackwardsPage, callbacks::CallbacksPage, chain::ChainPage, convolution::ConvolutionPage,
    device::DevicePage, evaluation::EvaluationPage, files::FilesPage, home::HomePage, inside::InsidePage,
    losses::LossesPage, network::NetworkPage, neuron::NeuronPage, optimizers::OptimizersPage,
    pooling::PoolingPage, runs::RunsPage, training::TrainingPage,
};
use super::routes::Route;
use super::theme::Theme;
use super::training::WorkerAlert;
use super::translations::text;
use super::updates::UpdateOffer;
use leptos::prelude::*;

/// The whole page.
#[component]
pub fn App() -> impl IntoView {
    let shell = Shell::start();
    provide_context(shell);
    provide_context(Laboratory::start());
    let locale = Signal::derive(move || locale_of(shell.language.get()));
    view! {
        <I18nSubContextProvider initial_locale=locale>
            <Frame />
        </I18nSubContextProvider>
    }
}

#[component]
fn Frame() -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let route = shell.route();
    Effect::new(move |_| {
        if let Some(root) = document().document_element() {
            // Setting an attribute fails only for an illegal name.
            let _ = root.set_attribute("lang", shell.language.get().tag());
        }
    });
    let title = route_title(route.into());
    Effect::new(move |_| {
        let name = t_string!(i18n, common.name);
        let page = title.get();
        let is_home = route.get() == Some(Route::Home);
        document().set_title(&if is_home { format!("{name}: {page}") } else { format!("{page} · {name}") });
    });
    // The first page keeps the browser's own focus; later ones move it to their heading.
    Effect::new(move |before: Option<Option<Route>>| {
        let now = route.get();
        if before.is_some_and(|before| before != now) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            browser::focus_heading();
        }
        now
    });
    view! {
        <div class="shell">
            <SkipLink />
            <Header route=route.into() />
            <GroupNav route=route.into() />
            <main class="main" id="main" tabindex="-1">
                <WorkerAlert />
                {move || match route.get() {
                    Some(Route::Home) => view! { <HomePage /> }.into_any(),
                    Some(Route::Convolution) => view! { <ConvolutionPage /> }.into_any(),
                    Some(Route::Pooling) => view! { <PoolingPage /> }.into_any(),
                    Some(Route::Chain) => view! { <ChainPage /> }.into_any(),
                    Some(Route::Backwards) => view! { <BackwardsPage /> }.into_any(),
                    Some(Route::Losses) => view! { <LossesPage /> }.into_any(),
                    Some(Route::Neuron) => view! { <NeuronPage /> }.into_any(),
                    Some(Route::Network) => view! { <NetworkPage /> }.into_any(),
                    Some(Route::Training) => view! { <TrainingPage /> }.into_any(),
                    Some(Route::Callbacks) => view! { <CallbacksPage /> }.into_any(),
                    Some(Route::Optimizers) => view! { <OptimizersPage /> }.into_any(),
                    Some(Route::Runs) => view! { <RunsPage /> }.into_any(),
                    Some(Route::Evaluation) => view! { <EvaluationPage /> }.into_any(),
                    Some(Route::Inside) => view! { <InsidePage /> }.into_any(),
                    Some(Route::Files) => view! { <FilesPage /> }.into_any(),
                    Some(Route::Device) => view! { <DevicePage /> }.into_any(),
                    None => view! { <Lost /> }.into_any(),
                }}
            </main>
            <Footer />
            <UpdateOffer />
        </div>
        <div class="visually-hidden" role="status" aria-live="polite">
            {move || shell.announcement().get()}
        </div>
    }
}

/// A page's name, in the menu and in the title.
fn route_title(route: Signal<Option<Route>>) -> Signal<String> {
    let i18n = use_i18n();
    Signal::derive(move || {
        match route.get() {
            Some(Route::Home) => t_string!(i18n, common.tagline),
            Some(Route::Convolution) => t_string!(i18n, common.nav.convolution),
            Some(Route::Pooling) => t_string!(i18n, common.nav.pooling),
            Some(Route::Chain) => t_string!(i18n, common.nav.chain),
            Some(Route::Backwards) => t_string!(i18n, common.nav.backwards),
            Some(Route::Losses) => t_string!(i18n, common.nav.losses),
            Some(Route::Neuron) => t_string!(i18n, common.nav.neuron),
            Some(Route::Network) => t_string!(i18n, common.nav.network),
            Some(Route::Training) => t_string!(i18n, common.nav.training),
            Some(Route::Callbacks) => t_string!(i18n, common.nav.callbacks),
            Some(Route::Optimizers) => t_string!(i18n, common.nav.optimizers),
            Some(Route::Runs) => t_string!(i18n, common.nav.runs),
            Some(Route::Evaluation) => t_string!(i18n, common.nav.evaluation),
            Some(Route::Inside) => t_string!(i18n, common.nav.inside),
            Some(Route::Files) => t_string!(i18n, common.nav.files),
            Some(Route::Device) => t_string!(i18n, common.nav.device),
            None => t_string!(i18n, common.lost.title),
        }
        .to_string()
    })
}

/// Moves the focus without touching the hash, which holds the page and its state.
#[component]
fn SkipLink() -> impl IntoView {
    let i18n = use_i18n();
    let skip = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        browser::focus_heading();
    };
    view! { <a class="skip-link" href="#main" on:click=skip>{t!(i18n, common.skip)}</a> }
}

#[component]
fn Header(route: Signal<Option<Route>>) -> impl IntoView {
    let i18n = use_i18n();
    let link = move |target: Route| {
        let title = route_title(Signal::stored(Some(target)));
        let group = target.group();
        // The benches are named by what they are, not by the first of them.
        let name = move || match target {
            Route::Losses => t_string!(i18n, common.nav.benches).to_string(),
            _ => title.get(),
        };
        let current = move || match route.get() {
            Some(now) if now == target && target != Route::Losses => Some("page"),
            // The pages of a group have a menu of their own below this one.
            Some(now) if group.is_some() && now.group() == group => Some("true"),
            _ => None,
        };
        view! { <li><a href=target.href() aria-current=current>{name}</a></li> }
    };
    let is_home = move || (route.get() == Some(Route::Home)).then_some("page");
    view! {
        <header class="header">
            <div class="header__inner">
                <a class="brand" href=Route::Home.href() aria-current=is_home>
                    <svg class="brand__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                        <path fill="currentColor" opacity=".28" d="M3 3h26v26H3z" />
                        <path fill="currentColor" d="M3 3h17v17H3z" />
                        <path fill="none" stroke="currentColor" stroke-width="2" d="M3 3h26v26H3z" />
                    </svg>
                    <span>{t!(i18n, common.name)}</span>
                </a>
                <nav class="nav" aria-label=move || t_string!(i18n, common.nav.label)>
                    <ul>{Route::MENU.into_iter().map(link).collect_view()}</ul>
                </nav>
                <div class="header__tools">
                    <LanguageSwitch />
                    <ThemeSwitch />
                </div>
            </div>
        </header>
    }
}

/// The pages of the group that the reader is in, shown on each of them.
#[component]
fn GroupNav(route: Signal<Option<Route>>) -> impl IntoView {
    let i18n = use_i18n();
    let group = Memo::new(move |_| route.get().and_then(Route::group));
    let label = move || match group.get() {
        Some(group) if group.contains(&Route::Losses) => t_string!(i18n, common.nav.benches),
        Some(group) if group.contains(&Route::Inside) => t_string!(i18n, common.nav.examination),
        _ => t_string!(i18n, common.nav.laboratory),
    };
    let link = move |target: Route| {
        let name = route_title(Signal::stored(Some(target)));
        let current = move || (route.get() == Some(target)).then_some("page");
        view! { <li><a href=target.href() aria-current=current>{move || name.get()}</a></li> }
    };
    let menu = move |group: &'static [Route]| {
        view! {
            <nav class="nav subnav" aria-label=label>
                <ul>{group.iter().map(|target| link(*target)).collect_view()}</ul>
            </nav>
        }
    };
    move || group.get().map(menu)
}

#[component]
fn LanguageSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    // A language is always named in itself.
    let choices = Signal::stored(vec![
        (Language::Ru.tag().to_owned(), "Рус".to_owned()),
        (Language::En.tag().to_owned(), "Eng".to_owned()),
    ]);
    let choose = move |tag: String| {
        if let Some(language) = Language::from_tag(&tag) {
            shell.choose_language(language);
        }
    };
    view! {
        <Segmented
            label=text!(i18n, common.language)
            hidden_label=true
            compact=true
            choices=choices
            value=Signal::derive(move || shell.language.get().tag().to_owned())
            on_change=choose
        />
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let i18n = use_i18n();
    let shell = shell();
    let choices = Signal::derive(move || {
        let name = |theme| match theme {
            Theme::Auto => t_string!(i18n, common.theme.auto),
            Theme::Light => t_string!(i18n, common.theme.light),
            Theme::Dark => t_string!(i18n, common.theme.dark),
        };
        Theme::ALL.into_iter().map(|theme| (theme.name().to_owned(), name(theme).to_string())).collect()
    });
    let choose = move |name: String| {
        if let Some(theme) = Theme::from_name(&name) {
            shell.choose_theme(theme);
        }
    };
    view! {
        <Select
            label=text!(i18n, common.theme.label)
            hidden_label=true
            choices=choices
            value=Signal::derive(move || shell.theme.get().name().to_owned())
            on_change=choose
        />
    }
}

#[component]
fn Footer() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <footer class="footer">
            <div class="footer__inner">
                <p>{t!(i18n, common.footer.local)}</p>
                <p>{t!(i18n, common.footer.licence)}</p>
                <p><a href=Route::Device.href()>{t!(i18n, common.nav.device)}</a></p>
            </div>
        </footer>
    }
}

#[component]
fn Lost() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <article class="page">
            <header class="page__head">
                <h1 tabindex="-1">{t!(i18n, common.lost.title)}</h1>
                <p class="lead">{t!(i18n, common.lost.text)}</p>
            </header>
            <p><a class="button" href=Route::Home.href()>{t!(i18n, common.lost.back)}</a></p>
        </article>
    }
}
