//! What must hold for every page at every width, in every language and theme.

use serde::Deserialize;
use svertka::ui::locale::Language;

use crate::browser::{Lab, SOON};
use crate::words::{Words, flat};

/// Looks over the whole document and lists what is wrong with it.
const LOOK: &str = r"
const root = document.documentElement;
const say = element => {
  const name = (element.getAttribute('aria-label') || element.textContent || '').replace(/\s+/g, ' ').trim();
  return `<${element.localName} class='${element.getAttribute('class') ?? ''}'> ${name.slice(0, 60)}`;
};
const all = [...document.body.querySelectorAll('*')].filter(element => element.checkVisibility());
const spoken = element => element.closest('.visually-hidden') !== null;
const texts = [];
for (const element of all) {
  // Names of Keras are the same in every language, and marked as English.
  const isName = element.closest('code[lang=en], select[lang=en]') !== null;
  for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE && !isName) texts.push(node.data);
  for (const name of ['aria-label', 'title', 'alt', 'placeholder', 'aria-valuetext']) {
    if (element.hasAttribute(name)) texts.push(element.getAttribute(name));
  }
}
const scrolls = element => {
  for (let it = element; it && it !== document.body; it = it.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(it).overflowX)) return true;
  }
  return false;
};
const wide = root.scrollWidth > root.clientWidth
  ? all.filter(it => it.getBoundingClientRect().right > root.clientWidth + 0.5 && !spoken(it) && !scrolls(it)) : [];
const clipped = all.filter(it => /hidden|clip/.test(getComputedStyle(it).overflowX)
  && it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 1 && it.textContent.trim() && !spoken(it));
// A list cuts its longest choice off without a trace, so it is asked how wide it would like to be.
for (const list of all.filter(it => it.matches('select'))) {
  const free = list.cloneNode(true);
  free.style.inlineSize = 'max-content';
  free.style.maxInlineSize = 'none';
  list.after(free);
  if (free.offsetWidth > list.offsetWidth + 1) clipped.push(list);
  free.remove();
}
const covered = all.filter(it => it.matches('button, a[href], select, label.segment, summary, input:not([type=radio])')
  && !it.classList.contains('skip-link') && !spoken(it) && it.getClientRects().length > 0).filter(it => {
  it.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
  const box = it.getClientRects()[0];
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return !(top && (it.contains(top) || top.contains(it) || top.closest('label')?.control === it));
});
return {
  is_too_wide: root.scrollWidth > root.clientWidth,
  wide: wide.slice(-5).map(say), clipped: clipped.map(say), covered: covered.map(say),
  texts, cookie: document.cookie,
};
";

#[derive(Debug, Deserialize)]
struct Findings {
    is_too_wide: bool,
    /// What reaches over the right edge.
    wide: Vec<String>,
    /// Text that is cut off.
    clipped: Vec<String>,
    /// Controls that lie under something else.
    covered: Vec<String>,
    /// Every text, shown or spoken, apart from Keras's names.
    texts: Vec<String>,
    cookie: String,
}

/// What a text may not be in one language.
pub struct TextRules {
    language: Language,
    paths: Vec<String>,
    foreign: Vec<String>,
}

impl TextRules {
    /// The rules for pages in `language`.
    pub fn for_language(language: Language) -> Self {
        let own = Words::of(language);
        let other = if language == Language::Ru { Language::En } else { Language::Ru };
        let foreign = Words::of(other).unlike(&own).collect();
        Self { language, paths: own.paths().map(str::to_owned).collect(), foreign }
    }

    fn is_wrong(&self, text: &str) -> bool {
        let text = flat(text);
        let is_cyrillic = |letter: char| ('\u{400}'..='\u{4ff}').contains(&letter);
        // A language is always named in itself.
        let is_foreign = text != "Рус" && text != "Eng" && self.foreign.contains(&text);
        let has_cyrillic = self.language == Language::En && text != "Рус" && text.contains(is_cyrillic);
        // A path as a whole, or without the name of its file; one word alone may be a word.
        let is_path = text.contains(['.', '_'])
            && self
                .paths
                .iter()
                .any(|path| *path == text || path.split_once('.').is_some_and(|it| it.1 == text));
        is_foreign || has_cyrillic || is_path || text.contains("{{") || text.contains("}}")
    }
}

/// Waits until the page at hand has settled, and fails with what is wrong with it.
pub async fn check(lab: &Lab, rules: &TextRules, place: &str) {
    let look = async || lab.read::<Findings>(LOOK, vec![]).await;
    // Pictures follow a new width one frame later.
    let fits = async || !look().await.is_too_wide;
    let patience = SOON / 10;
    let end = tokio::time::Instant::now() + patience;
    while !fits().await && tokio::time::Instant::now() < end {}
    let found = look().await;
    assert!(!found.is_too_wide, "{place}: wider than the window: {:#?}", found.wide);
    assert!(found.clipped.is_empty(), "{place}: cut off: {:#?}", found.clipped);
    assert!(found.covered.is_empty(), "{place}: under something else: {:#?}", found.covered);
    let wrong: Vec<&String> = found.texts.iter().filter(|text| rules.is_wrong(text)).collect();
    assert!(wrong.is_empty(), "{place}: not translated: {wrong:#?}");
    assert_eq!(found.cookie, "", "{place}: a cookie");
}

/// What is cut off, covered, or reaches over the edge, once the page at hand has settled.
pub async fn clipped_and_covered(lab: &Lab) -> Vec<String> {
    let look = async || lab.read::<Findings>(LOOK, vec![]).await;
    let end = tokio::time::Instant::now() + SOON / 10;
    let mut found = look().await;
    while found.is_too_wide && tokio::time::Instant::now() < end {
        found = look().await;
    }
    let say = |what: &str, all: Vec<String>| -> Vec<String> {
        all.into_iter().map(|it| format!("{what}: {it}")).collect()
    };
    let wide = if found.is_too_wide { say("wider than the window", found.wide) } else { Vec::new() };
    [wide, say("cut off", found.clipped), say("under something else", found.covered)].concat()
}
