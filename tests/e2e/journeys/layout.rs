//! Every page at three widths, in both languages and both themes.

use svertka::ui::locale::Language;
use svertka::ui::routes::Route;
use svertka::ui::theme::Theme;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, drive};
use crate::pages::audit::{TextRules, check};
use crate::pages::shell::{dress, fill_pages, resize, show};
use crate::words::Words;

/// A phone, a tablet, a desktop, in CSS px.
const WIDTHS: [u32; 3] = [360, 768, 1440];

#[test]
fn every_page_fits_every_window_and_speaks_one_language() {
    drive(Setup::new("layout", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        fill_pages(&lab).await;
        for language in Language::ALL {
            let rules = TextRules::for_language(language);
            let lab = Lab { words: Words::of(language), ..lab.clone() };
            for theme in [Theme::Light, Theme::Dark] {
                dress(&lab, language, theme).await;
                for width in WIDTHS {
                    resize(&lab, width).await;
                    for route in Route::ALL {
                        show(&lab, route).await;
                        let (tag, theme, name) = (language.tag(), theme.name(), route.name());
                        check(&lab, &rules, &format!("/{name} at {width} px, {tag}, {theme}")).await;
                    }
                }
            }
        }
    });
}

#[test]
fn every_page_fits_a_phone_when_letters_are_twice_as_large() {
    drive(Setup::new("large-letters", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        let enlarge = "document.documentElement.style.fontSize = '200%'";
        lab.client.execute(enlarge, vec![]).await.unwrap();
        let root = "document.documentElement";
        let look = format!("return {root}.scrollWidth <= {root}.clientWidth");
        for width in [320, 360] {
            resize(&lab, width).await;
            for route in Route::ALL {
                show(&lab, route).await;
                let fits = async || lab.read::<bool>(&look, vec![]).await;
                lab.until_true(&format!("/{} within {width} px", route.name()), SOON, fits).await;
            }
        }
    });
}
