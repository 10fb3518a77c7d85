//! The focus on its way through every page: it is always seen, never under something else, and comes around.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde::Deserialize;
use svertka::ui::locale::Language;
use svertka::ui::routes::Route;

use crate::browser::Lab;
use crate::harness::{Setup, drive};
use crate::pages::shell::{fill_pages, resize, show};

/// More than any page has places to stop at, with all that can be unfolded unfolded.
const MOST_STOPS: usize = 400;
/// Places looked at with one command to the browser.
const STRIDE: usize = 20;
/// The least size of a target in CSS px, by WCAG 2.2.
const TARGET: f64 = 24.0;

/// Notes of every element that gets the focus what a reader sees of it, one task later, when it is in view.
const WATCH: &str = r"
window.met = new Set();
if (window.stops) return void (window.stops.length = 0);
const stops = window.stops = [];
const say = it => {
  const name = it.getAttribute('aria-label') || it.labels?.[0]?.textContent || it.textContent || it.name || '';
  return `<${it.localName} class='${it.getAttribute('class') ?? ''}'> ${name.replace(/\s+/g, ' ').trim().slice(0, 50)}`;
};
// A choice is drawn by what stands beside its invisible button.
const seen = it => it.matches('.segment input') ? it.nextElementSibling
  : it.matches('.visually-hidden') ? it.labels?.[0] ?? it.nextElementSibling ?? it : it;
addEventListener('focusin', ({ target }) => {
  const shown = seen(target);
  const style = getComputedStyle(shown);
  const has_ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const box = shown.getBoundingClientRect();
  const inset = Math.min(3, box.width / 4, box.height / 4);
  const places = [[box.left + inset, box.top + inset], [box.right - inset, box.top + inset],
    [box.left + inset, box.bottom - inset], [box.right - inset, box.bottom - inset],
    [box.left + box.width / 2, box.top + box.height / 2]];
  const is_there = ([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top !== null && (shown.contains(top) || top.contains(target) || target.contains(top) || top.closest('label')?.control === target);
  };
  const is_again = window.met.has(target);
  window.met.add(target);
  stops.push({ name: say(target), has_ring, is_in_view: places.some(is_there), is_again });
}, true);
";

#[derive(Debug, Deserialize)]
struct Stop {
    name: String,
    /// Whether an outline marks it.
    has_ring: bool,
    /// Whether some of it is on the screen with nothing over it.
    is_in_view: bool,
    /// Whether it had the focus before.
    is_again: bool,
}

#[test]
fn the_focus_is_seen_at_every_stop_of_every_page() {
    drive(Setup::new("focus", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        fill_pages(&lab).await;
        let mut wrong = Vec::new();
        for route in Route::ALL {
            show(&lab, route).await;
            let stops = walk(&lab).await;
            let skip = lab.words.say("common.skip");
            let has_skip = stops.iter().any(|stop| stop.name.ends_with(&skip));
            assert!(has_skip, "/{}: no way past the menu", route.name());
            eprintln!("/{}: {} stops", route.name(), stops.len());
            let bad = stops.into_iter().filter(|stop| !(stop.has_ring && stop.is_in_view));
            wrong.extend(bad.map(|stop| format!("/{}: {stop:?}", route.name())));
        }
        assert!(wrong.is_empty(), "{} stops are not seen:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// Tabs through the whole page, past its end and its beginning, until the focus is where it was before.
async fn walk(lab: &Lab) -> Vec<Stop> {
    lab.client.execute(WATCH, vec![]).await.unwrap();
    let value = char::from(Key::Tab);
    let mut stops: Vec<Stop> = Vec::new();
    while stops.len() < MOST_STOPS {
        let mut tabs = KeyActions::new("keyboard".to_owned());
        for _ in 0..STRIDE {
            tabs = tabs.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        lab.client.perform_actions(tabs).await.unwrap();
        let fresh: Vec<Stop> = lab.read("return window.stops.splice(0)", vec![]).await;
        // Between end and beginning one press goes to the browser's own controls.
        assert!(fresh.len() + 2 >= STRIDE, "the focus is caught or lost after {stops:#?} {fresh:#?}");
        let is_around = fresh.iter().any(|stop| stop.is_again);
        stops.extend(fresh.into_iter().take_while(|stop| !stop.is_again));
        if is_around {
            return stops;
        }
    }
    panic!("the focus does not come around within {MOST_STOPS} stops");
}

/// Everything that takes a pointer and is smaller than it should be, unless it stands in a sentence or has as much
/// room around it as WCAG 2.2 wants.
const SMALL: &str = r"
const least = arguments[0];
const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=button], [tabindex]:not([tabindex=\'-1\'])')]
  .filter(it => it.checkVisibility({ visibilityProperty: true }) && !it.closest('.visually-hidden') && !it.classList.contains('skip-link') && !it.disabled);
const box = it => (it.closest('label') ?? it.labels?.[0] ?? it).getBoundingClientRect();
const boxes = all.map(it => {
  const own = it.getBoundingClientRect();
  const label = it.matches('input[type=checkbox], input[type=radio]') ? box(it) : own;
  return label.width * label.height > own.width * own.height ? label : own;
});
const inText = it => getComputedStyle(it).display === 'inline' && it.closest('p, li, td, dd, figcaption') !== null;
const crowded = idx => {
  const at = boxes[idx], x = at.left + at.width / 2, y = at.top + at.height / 2;
  return boxes.some((other, to) => to !== idx && !all[to].contains(all[idx]) && !all[idx].contains(all[to])
    && Math.hypot(Math.max(other.left - x, 0, x - other.right), Math.max(other.top - y, 0, y - other.bottom)) < least / 2);
};
return all.flatMap((it, idx) => {
  const { width, height } = boxes[idx];
  if (width === 0 || (width >= least - 0.5 && height >= least - 0.5) || inText(it) || !crowded(idx)) return [];
  const name = (it.getAttribute('aria-label') || it.textContent || it.name || '').replace(/\s+/g, ' ').trim().slice(0, 50);
  return [`<${it.localName} class='${it.className}'> ${name}: ${width.toFixed(1)} x ${height.toFixed(1)}`];
});
";

#[test]
fn everything_that_is_pressed_is_large_enough() {
    drive(Setup::new("targets", Language::Ru), async |lab: Lab| {
        lab.open("").await;
        fill_pages(&lab).await;
        let mut wrong = Vec::new();
        for width in [320, 1280] {
            resize(&lab, width).await;
            for route in Route::ALL {
                show(&lab, route).await;
                let small: Vec<String> = lab.read(SMALL, vec![TARGET.into()]).await;
                wrong.extend(small.into_iter().map(|it| format!("/{} at {width} px: {it}", route.name())));
            }
        }
        assert!(wrong.is_empty(), "{} targets are too small:\n{}", wrong.len(), wrong.join("\n"));
    });
}
