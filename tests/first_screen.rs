//! What `index.html` shows before the program is there: the header, the first page, and the heads of all others, as the
//! program shows them.
//!
//! The texts are those of `www/locales`, the picture is the page's own scene. After a change of either,
//! `SVERTKA_WRITE=1 cargo test --test first_screen` writes both anew.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its files has failed")]

use std::fmt::Write as _;
use std::{env, fs, path::PathBuf};

use serde_json::Value;
use svertka::ui::locale::Language;
use svertka::ui::pages::home::{HomeState, patch_scene};
use svertka::ui::routes::Route;
use svertka::ui::scene::{ColorMap, Ink};
use svertka::ui::svg::{Colors, to_svg};

const BEGIN: &str = "<!-- first screen: tests/first_screen.rs writes it -->";
const END: &str = "<!-- end of the first screen -->";
/// Widths of the picture on a wide and a narrow page, in CSS px, and the pages that they are for.
const PICTURES: [(&str, f64); 2] = [("first-wide.svg", 864.0), ("first-narrow.svg", 328.0)];

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The light theme, which also looks well on dark paper: the picture is a white sheet.
struct Light;

impl Colors for Light {
    fn ink(&self, ink: Ink) -> String {
        let tokens = include_str!("../www/css/tokens.css");
        let named = format!("{}: #", ink.token());
        let at = tokens.find(&named).expect("every ink is a token of the style sheet") + named.len() - 1;
        tokens[at..at + 7].to_owned()
    }

    fn cell(&self, _map: ColorMap, value: f32) -> [u8; 3] {
        [(255.0 * (1.0 - value.clamp(0.0, 1.0))).round() as u8; 3]
    }

    fn font(&self, _mono: bool) -> String {
        "ui-monospace, monospace".to_owned()
    }
}

/// The texts of one file in one language.
struct Texts {
    file: PathBuf,
    all: Value,
}

impl Texts {
    fn of(language: Language, name: &str) -> Self {
        let file = path("www/locales").join(language.tag()).join(format!("{name}.json"));
        let all = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        Self { file, all }
    }

    fn find(&self, key: &str) -> Option<String> {
        let text = key.split('.').fold(&self.all, |at, name| &at[name]).as_str()?;
        assert!(!text.contains("{{"), "{key} holds a value, which nothing puts in here");
        Some(text.replace('&', "&amp;").replace('<', "&lt;"))
    }

    fn say(&self, key: &str) -> String {
        self.find(key).unwrap_or_else(|| panic!("{} has no {key}", self.file.display()))
    }

    /// A page's name, in a menu and over the page.
    fn name(&self, route: Route) -> String {
        self.say(&format!("nav.{}", route.name()))
    }
}

/// The links of a menu.
fn links(texts: &Texts, routes: &[Route]) -> String {
    routes.iter().fold(String::new(), |mut out, route| {
        write!(out, "<li><a href=\"{}\">{}</a></li>", route.href(), texts.name(*route)).unwrap();
        out
    })
}

/// The menu of a group of pages.
fn group_menu(texts: &Texts, group: &[Route]) -> String {
    let label = match group[0] {
        Route::Losses => "nav.benches",
        Route::Evaluation => "nav.examination",
        _ => "nav.laboratory",
    };
    let pages: Vec<_> = group.iter().map(|route| route.name()).collect();
    format!(
        "<nav class=\"nav subnav\" aria-label=\"{}\" data-pages=\"{}\" hidden><ul>{}</ul></nav>",
        texts.say(label),
        pages.join(" "),
        links(texts, group),
    )
}

/// What stands above a page other than the first.
fn head(texts: &Texts, language: Language, route: Route) -> String {
    let own = Texts::of(language, route.name());
    let intro = match (own.find("intro"), own.find("intro_steps")) {
        (Some(intro), Some(steps)) => format!("<div class=\"columns\"><p>{intro}</p><p>{steps}</p></div>"),
        _ => String::new(),
    };
    format!(
        "<article class=\"page\" data-page=\"{}\" hidden><header class=\"page__head\"><h1>{}</h1><p \
         class=\"lead\">{}</p></header>{intro}</article>",
        route.name(),
        own.find("title").unwrap_or_else(|| texts.name(route)),
        own.say("lead"),
    )
}

/// Header, first page and heads in one language.
fn screen(language: Language) -> String {
    let (texts, tag) = (Texts::of(language, "common"), language.tag());
    let mut out = format!("  <div class=\"shell\" lang=\"{tag}\" data-first hidden>\n");
    let mut line = |text: String| writeln!(out, "    {text}").unwrap();
    line("<header class=\"header\"><div class=\"header__inner\">".to_owned());
    line(format!(
        "<a class=\"brand\" href=\"{}\"><svg class=\"brand__mark\" viewBox=\"0 0 32 32\" aria-hidden=\"true\"><path \
         fill=\"currentColor\" opacity=\".28\" d=\"M3 3h26v26H3z\"/><path fill=\"currentColor\" d=\"M3 3h17v17H3z\"/><path \
         fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" d=\"M3 3h26v26H3z\"/></svg><span>{}</span></a>",
        Route::Home.href(),
        texts.say("name"),
    ));
    line(format!("<nav class=\"nav\" aria-label=\"{}\"><ul>", texts.say("nav.label")));
    for route in Route::MENU {
        // The menu names the benches by what they are.
        let name = if route == Route::Losses { "benches" } else { route.name() };
        line(format!("<li><a href=\"{}\">{}</a></li>", route.href(), texts.say(&format!("nav.{name}"))));
    }
    line("</ul></nav></div></header>".to_owned());
    for group in Route::GROUPS {
        line(group_menu(&texts, group));
    }
    line("<main class=\"main\">".to_owned());
    line("<article class=\"page home\" data-page=\"\" hidden>".to_owned());
    line(format!(
        "<header class=\"page__head\"><h1>{}</h1><p class=\"lead\">{}</p></header>",
        texts.say("home.title"),
        texts.say("home.lead")
    ));
    let [(wide, width), (narrow, _)] = PICTURES;
    line(format!(
        "<picture class=\"home__stage\"><source media=\"(max-width: 37rem)\" srcset=\"icons/{narrow}\"/><img \
         src=\"icons/{wide}\" width=\"{width}\" height=\"{}\" alt=\"\"/></picture>",
        patch_scene(HomeState::default(), width).height.round()
    ));
    line(format!("<h2>{}</h2><ol class=\"home__tasks\">", texts.say("home.tasks")));
    for task in [Route::Convolution, Route::Training, Route::Evaluation] {
        let name = task.name();
        line(format!(
            "<li class=\"card home__task\"><h3><a href=\"{}\">{}</a></h3><p>{}</p></li>",
            task.href(),
            texts.name(task),
            texts.say(&format!("home.{name}"))
        ));
    }
    line("</ol></article>".to_owned());
    for route in Route::ALL.into_iter().filter(|route| *route != Route::Home) {
        line(head(&texts, language, route));
    }
    line(format!("<p class=\"page__wait\" data-wait role=\"status\" hidden>{}</p>", texts.say("part.wait")));
    line("</main>".to_owned());
    out.push_str("  </div>\n");
    out
}

#[test]
fn the_page_before_the_program_has_the_programs_texts_and_picture() {
    let write = env::var_os("SVERTKA_WRITE").is_some();
    let page = fs::read_to_string(path("index.html")).unwrap();
    let (before, rest) = page.split_once(BEGIN).expect("index.html marks where the first screen begins");
    let (_, after) = rest.split_once(END).expect("index.html marks where the first screen ends");
    let screens: String = Language::ALL.into_iter().map(screen).collect();
    let mut files = vec![(path("index.html"), format!("{before}{BEGIN}\n{screens}  {END}{after}"))];
    for (name, width) in PICTURES {
        let svg = to_svg(&patch_scene(HomeState::default(), width), "", &Light);
        files.push((path("www/icons").join(name), svg));
    }
    for (file, wanted) in files {
        if write {
            fs::write(&file, wanted).unwrap();
        } else {
            let found = fs::read_to_string(&file).unwrap_or_default();
            assert!(
                found == wanted,
                "{} is not what the program shows: see this test's head",
                file.display()
            );
        }
    }
}
