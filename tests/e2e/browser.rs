//! [`Lab`]: a student's eyes and hands. Finds what the page shows by its name, as a person or a
//! screen reader does, and waits for it.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use fantoccini::Client;
use fantoccini::elements::{Element, ElementRef};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::driver::Engine;
use crate::site::Site;
use crate::words::{Words, flat};

/// The heading of a page of the program, once the page is whole; what stands there before the program has no such frame.
pub const HEADING: &str = "#main:not([aria-busy]) h1";
/// For what a page does by itself.
pub const SOON: Duration = Duration::from_secs(20);
/// Between two looks.
const GLANCE: Duration = Duration::from_millis(40);
/// The key under which WebDriver writes a reference to an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The name that a person or a screen reader knows an element by.
pub const NAME_OF: &str = r"
const flat = text => (text || '').replace(/\s+/g, ' ').trim();
const named = ids => (ids ?? '').split(' ').map(id => document.getElementById(id)?.textContent).join(' ');
const nameOf = element =>
  flat(element.getAttribute('aria-label')) || flat(named(element.getAttribute('aria-labelledby')))
  || flat([...(element.labels ?? [])].map(label => label.textContent).join(' '))
  || flat(element.querySelector(':scope > legend, :scope > summary')?.textContent)
  || flat(element.matches('button') && element.querySelector('[role=img]')?.getAttribute('aria-label'))
  || flat(element.textContent);
";
/// Finds a visible element by selector and name.
const FIND: &str = "
const [selector, name, root] = arguments;
return [...(root ?? document).querySelectorAll(selector)]
  .find(element => element.checkVisibility() && (name === null || nameOf(element) === name)) ?? null;
";
/// An open browser with the site it looks at.
#[derive(Clone)]
pub struct Lab {
    /// The browser.
    pub client: Client,
    /// The browser's engine.
    pub engine: Engine,
    /// The host of the page.
    pub site: Rc<RefCell<Site>>,
    /// What the page says, in its language.
    pub words: Words,
    /// The test's own folder.
    pub folder: PathBuf,
    /// Where the browser saves files.
    pub downloads: PathBuf,
}

impl Lab {
    /// Opens an address of the app, such as `#/training`, and waits for its heading.
    pub async fn open(&self, hash: &str) {
        let address = format!("{}{hash}", self.site.borrow().url());
        self.client.goto(&address).await.unwrap();
        self.listen().await;
        self.find(HEADING, None).await;
    }

    /// Loads the document anew.
    pub async fn reload(&self) {
        self.client.refresh().await.unwrap();
        self.listen().await;
        self.find(HEADING, None).await;
    }

    /// Looks again and again until there is something to see.
    pub async fn until<T>(&self, what: &str, limit: Duration, look: impl AsyncFn() -> Option<T>) -> T {
        let end = Instant::now() + limit;
        loop {
            if let Some(seen) = look().await {
                return seen;
            }
            assert!(Instant::now() < end, "not within {limit:?}: {what}");
            sleep(GLANCE).await;
        }
    }

    /// Waits until something is so.
    pub async fn until_true(&self, what: &str, limit: Duration, look: impl AsyncFn() -> bool) {
        self.until(what, limit, async || look().await.then_some(())).await;
    }

    /// The visible element that matches a selector and has that name, now.
    pub async fn peek(&self, selector: &str, name: Option<&str>) -> Option<Element> {
        self.peek_in(None, selector, name).await
    }

    /// The same, inside another element.
    pub async fn peek_in(
        &self,
        root: Option<&Element>,
        selector: &str,
        name: Option<&str>,
    ) -> Option<Element> {
        let root = root.map_or(Value::Null, |root| json!(root));
        let found = self
            .client
            .execute(&format!("{NAME_OF}{FIND}"), vec![json!(selector), json!(name.map(flat)), root])
            .await
            .ok()?;
        let id = found.get(ELEMENT)?.as_str()?.to_owned();
        Some(Element::from_element_id(self.client.clone(), ElementRef::from(id)))
    }

    /// The same, waited for.
    pub async fn find(&self, selector: &str, name: Option<&str>) -> Element {
        let what = format!("{selector} named {name:?}");
        self.until(&what, SOON, async || self.peek(selector, name).await).await
    }

    /// Clicks on what matches a selector and has that name, once it can be clicked.
    pub async fn click(&self, selector: &str, name: &str) {
        let what = format!("{selector} named {name:?}, to click on");
        // A failed click has touched nothing, so that it may be tried again.
        let click = async || self.peek(selector, Some(name)).await?.click().await.ok();
        self.until(&what, SOON, click).await;
    }

    /// The visible element with this `data-testid`, now.
    pub async fn peek_id(&self, id: &str) -> Option<Element> {
        self.peek(&format!("[data-testid='{id}']"), None).await
    }

    /// Clicks on the element with this `data-testid`, once it can be clicked.
    pub async fn click_id(&self, id: &str) {
        let click = async || self.peek_id(id).await?.click().await.ok();
        self.until(&format!("{id}, to click on"), SOON, click).await;
    }

    /// Clicks on the element with this `data-testid`, which has the browser save a file.
    pub async fn click_to_save(&self, id: &str) {
        if self.engine != Engine::WebKit {
            return self.click_id(id).await;
        }
        // WebKit's driver takes the file for a page, and waits for it to be shown before it answers anything.
        let button = self.find(&format!("[data-testid='{id}']"), None).await;
        self.client.execute("arguments[0].click()", vec![json!(button)]).await.unwrap();
    }

    /// Clicks on the button that says what the text at a path says.
    pub async fn press(&self, path: &str) {
        self.click("button", &self.words.say(path)).await;
    }

    /// Whether there is such a button and it can be pressed.
    pub async fn can_press(&self, path: &str) -> bool {
        self.peek("button:not(:disabled, [aria-disabled=true])", Some(&self.words.say(path))).await.is_some()
    }

    /// Goes to a page by its link in the menu.
    pub async fn visit(&self, page: &str) {
        let name = self.words.say(&format!("common.nav.{page}"));
        self.click("nav a", &name).await;
        self.until_true(&format!("page {page}"), SOON, async || {
            self.read::<bool>("return location.hash.startsWith(`#/${arguments[0]}`)", vec![json!(page)]).await
        })
        .await;
        self.find(HEADING, None).await;
    }

    /// Chooses an option of the list with this label by its stored value.
    pub async fn choose(&self, label: &str, value: &str) {
        let list = self.find("select", Some(&self.words.say(label))).await;
        list.select_by_value(value).await.unwrap();
    }

    /// Chooses one of the segments with this label by what it shows.
    pub async fn choose_segment(&self, label: &str, shown: &str) {
        let what = format!("segment {shown:?} of {label}");
        let choose = async || {
            let group = self.peek("fieldset", Some(&self.words.say(label))).await?;
            self.peek_in(Some(&group), "label", Some(shown)).await?.click().await.ok()
        };
        self.until(&what, SOON, choose).await;
    }

    /// Types into the field with this label, in the place of what is there.
    pub async fn fill(&self, label: &str, value: &str) {
        let field = self.find("input", Some(label)).await;
        // Ctrl+A, the text, and Tab, with which the field takes it over.
        field.send_keys(&format!("\u{e009}a\u{e000}{value}\u{e004}")).await.unwrap();
    }

    /// What the script returns, as a value of Rust.
    pub async fn read<T: DeserializeOwned>(&self, script: &str, arguments: Vec<Value>) -> T {
        let value = self.client.execute(script, arguments).await.unwrap();
        serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{script} gave {value}: {error}"))
    }

    /// The visible text of the first element that matches, or nothing.
    pub async fn text(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        flat(&self.read::<String>(script, vec![json!(selector)]).await)
    }

    /// Everything the page shows.
    pub async fn page_text(&self) -> String {
        self.text("body").await
    }

    /// Waits until the page shows a text.
    pub async fn see(&self, text: &str, limit: Duration) {
        let text = flat(text);
        self.until_true(&format!("{text:?} on the page"), limit, async || {
            self.page_text().await.contains(&text)
        })
        .await;
    }

    /// The bytes of a file once the browser has saved it.
    pub async fn downloaded(&self, name: &str) -> Vec<u8> {
        let file = self.downloads.join(name);
        // The browser writes under another name and renames at the end; until then Firefox has an empty file there.
        let is_saved = async || fs::metadata(&file).is_ok_and(|file| file.len() > 0);
        self.until_true(&format!("{name} among the downloads"), SOON, is_saved).await;
        fs::read(file).unwrap()
    }
}
