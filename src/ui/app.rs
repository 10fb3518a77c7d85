//! The shell: header, page, footer, and what stands around every page.

use super::browser;
use super::components::{Segmented, Select};
use super::context::{Shell, locale_of, read_address, shell};
use super::embed::Widget;
use super::framed::{EmbedOffer, FramedPage};
use super::i18n::{I18nSubContextProvider, t, t_string, use_i18n};
use super::laboratory::Laboratory;
use super::locale::Language;
use super::parts;
use super::routes::Route;
use super::theme::Theme;
use super::training::WorkerAlert;
use super::translations::text;
use super::updates::UpdateOffer;
use leptos::{prelude::*, task::spawn_local};

/// Puts the page in the place of what `www/boot.js` shows before. That stays until the page's part of the program is
/// here, too: whoever has begun to read goes on reading.
pub async fn start() {
    let (_, location) = read_address();
    if let Some(route) = location.route {
        // The page asks for it once more, and says what went wrong.
        let _ = parts::page(route).await;
    }
    leptos::mount::mount_to_body(App);
    // A page that is not there needs no part.
    if location.route.is_none() {
        take_place().await;
    }
}

/// Takes away what `www/boot.js` shows before the program; until then `www/css/base.css` hides what is made. What comes
/// next gets a task of its own: the shell and the page together would hold a slow telephone for a fifth of a second.
async fn take_place() {
    if let Some(screen) = document().get_element_by_id("boot") {
        browser::sleep(0).await;
        screen.remove();
    }
}

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
        let tag = shell.language.get().tag();
        // `www/boot.js` has said the first one, and to say it again would have every element styled anew.
        let root = document().document_element();
        if let Some(root) = root.filter(|root| root.get_attribute("lang").as_deref() != Some(tag)) {
            // Setting an attribute fails only for an illegal name.
            let _ = root.set_attribute("lang", tag);
        }
    });
    let title = route_title(route.into());
    Effect::new(move |_| {
        let name = t_string!(i18n, common.name);
        let page = title.get();
        let is_home = route.get() == Some(Route::Home);
        document().set_title(&if is_home { format!("{name}: {page}") } else { format!("{page} · {name}") });
    });
    // Decided once: another frame is another document.
    let page = if shell.is_framed() {
        view! { <FramedPage make=page_now /> }.into_any()
    } else {
        view! { <Site route title /> }.into_any()
    };
    view! {
        {page}
        <div class="visually-hidden" role="status" aria-live="polite">
            {move || shell.announcement().get()}
        </div>
    }
}

/// The page by itself.
#[component]
fn Site(route: Memo<Option<Route>>, title: Signal<String>) -> impl IntoView {
    let offer = move || {
        let widget = route.get().and_then(Widget::of_route)?;
        Some(view! { <EmbedOffer widget title /> })
    };
    let is_busy = shell().when_building();
    view! {
        <div class="shell">
            <SkipLink />
            <Header route=route.into() />
            <GroupNav route=route.into() />
            <main class="main" id="main" tabindex="-1" aria-busy=is_busy>
                {page_now()}
                {offer}
            </main>
            <Footer />
            <UpdateOffer />
        </div>
    }
}

/// The page that the address names, with what is said on all of them.
fn page_now() -> AnyView {
    let route = shell().route();
    // The first page keeps the browser's own focus; later ones move it to their heading.
    let moved = StoredValue::new(false);
    Effect::new(move |before: Option<Option<Route>>| {
        let now = route.get();
        if before.is_some_and(|before| before != now) {
            moved.set_value(true);
            window().scroll_to_with_x_and_y(0.0, 0.0);
        }
        now
    });
    view! {
        <WorkerAlert />
        {move || match route.get() {
            Some(route) => view! { <Page route moved /> }.into_any(),
            None => view! { <Lost /> }.into_any(),
        }}
    }
    .into_any()
}

/// The page of a route, once its part of the program is here; `moved` says whether the reader came from another page.
#[component]
fn Page(route: Route, moved: StoredValue<bool>) -> impl IntoView {
    let i18n = use_i18n();
    let page = RwSignal::new(None::<Result<parts::Page, ()>>);
    let fetch = move || {
        page.set(None);
        spawn_local(async move {
            let fetched = parts::page(route).await.map_err(|error| leptos::logging::error!("{error}"));
            take_place().await;
            // Whoever has gone on to another page in the meantime needs this one no longer.
            page.try_set(Some(fetched));
        });
    };
    fetch();
    Effect::new(move |_| {
        if page.read().is_some() && moved.get_value() {
            browser::focus_heading();
        }
    });
    move || match page.get() {
        None => view! { <p class="page__wait" role="status">{t!(i18n, common.part.wait)}</p> }.into_any(),
        Some(Ok(page)) => page(),
        Some(Err(())) => view! {
            <article class="page">
                <header class="page__head">
                    <h1 tabindex="-1">{t!(i18n, common.part.title)}</h1>
                    <p class="lead">{t!(i18n, common.part.text)}</p>
                </header>
                <p>
                    <button type="button" class="button button--primary" on:click=move |_| fetch()>
                        {t!(i18n, common.part.again)}
                    </button>
                </p>
            </article>
        }
        .into_any(),
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
