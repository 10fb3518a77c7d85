//! One test: a server, a driver, a fresh browser, a journey, and what is left of it when it fails.

use std::cell::RefCell;
use std::env;
use std::fs;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use svertka::ui::locale::Language;
use tokio::runtime::Builder;
use tokio::task::{LocalSet, spawn_local};
use tokio::time::timeout;

use crate::browser::Lab;
use crate::driver::{Driver, Engine, capabilities};
use crate::sentry::Sentry;
use crate::site::{FOLDER, Site};
use crate::trace;
use crate::words::Words;

/// No journey takes longer, even on two slow cores.
const LIMIT: Duration = Duration::from_mins(10);
/// For the last look at a page that may be stuck.
const LAST_LOOK: Duration = Duration::from_secs(15);

/// Training is work for all cores: tests take turns.
static TURN: Mutex<()> = Mutex::new(());

/// What a journey starts from.
pub struct Setup {
    /// Names the test's folder in `target/e2e`.
    pub name: &'static str,
    /// The browser's engine.
    pub engine: Engine,
    /// The browser's language.
    pub language: Language,
    /// Runs in every document before the page's own scripts; Chromium alone can do that.
    pub script: &'static str,
    /// Whether Chromium keeps a trace of its tasks, to be read when it has ended: see [`trace`].
    pub is_traced: bool,
    /// Parts of the console's errors that belong to the journey; any other error fails the test.
    pub expected_errors: &'static [&'static str],
}

impl Setup {
    /// Chromium in a language, and nothing special.
    pub fn new(name: &'static str, language: Language) -> Self {
        Self { name, engine: Engine::Chromium, language, script: "", is_traced: false, expected_errors: &[] }
    }

    /// Where the test keeps its files.
    pub fn folder(&self) -> PathBuf {
        Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("e2e").join(self.name)
    }
}

/// The built page.
pub fn dist() -> PathBuf {
    let folder = env::var_os("SVERTKA_DIST").expect("SVERTKA_DIST names the built page: run `make test`");
    let folder = PathBuf::from(folder);
    assert!(folder.join("index.html").exists(), "{} holds no index.html", folder.display());
    folder
}

/// Runs a journey from an empty profile, and checks what holds for all of them: no request left
/// this machine, and the console has no error that was not expected.
pub fn drive(setup: Setup, journey: impl AsyncFnOnce(Lab) + 'static) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = setup.folder();
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, async move {
        let site = Rc::new(RefCell::new(Site::start(&dist())));
        let sentry = Sentry::start();
        let downloads = folder.join("downloads");
        fs::create_dir_all(&downloads).unwrap();
        let driver = Driver::start(setup.engine, &folder, &downloads);
        let lab = start(&setup, &driver, &sentry, site, folder, downloads).await;
        let mut task = spawn_local({
            let lab = lab.clone();
            async move { journey(lab).await }
        });
        let outcome = timeout(LIMIT, &mut task).await;
        task.abort();
        let errors = timeout(LAST_LOOK, lab.console_errors()).await.unwrap_or_default();
        let is_expected = |error: &&String| !setup.expected_errors.iter().any(|part| error.contains(part));
        let unexpected: Vec<&String> = errors.iter().filter(is_expected).collect();
        let failure = match outcome {
            Ok(Ok(())) if !unexpected.is_empty() => Some(format!("the console has errors: {unexpected:#?}")),
            Ok(Ok(())) if !sentry.heard().is_empty() => {
                Some(format!("requests to other origins: {:#?}", sentry.heard()))
            }
            Ok(Ok(())) if !strays(&lab).is_empty() => {
                Some(format!("requests outside the page's folder: {:#?}", strays(&lab)))
            }
            Ok(Ok(())) => None,
            Ok(Err(panic)) => {
                leave_evidence(&lab, &errors).await;
                drop(driver);
                resume_unwind(panic.into_panic());
            }
            Err(_) => Some(format!("the journey took longer than {LIMIT:?}")),
        };
        if let Some(failure) = failure {
            leave_evidence(&lab, &errors).await;
            drop(driver);
            panic!("{failure}");
        }
        // Drivers other than Chromium's leave the browser to itself when they are ended.
        let _ = timeout(LAST_LOOK, lab.client.clone().close()).await;
    });
}

async fn start(
    setup: &Setup,
    driver: &Driver,
    sentry: &Sentry,
    site: Rc<RefCell<Site>>,
    folder: PathBuf,
    downloads: PathBuf,
) -> Lab {
    let trace = setup.is_traced.then(|| trace::file(&folder));
    let wanted =
        capabilities(setup.engine, setup.language.tag(), &downloads, &sentry.address(), trace.as_deref());
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(wanted)
        .connect(&driver.url())
        .await
        .expect("the driver starts no browser");
    let (engine, words) = (setup.engine, Words::of(setup.language));
    let lab = Lab { client, engine, site, words, folder, downloads };
    if !setup.script.is_empty() {
        assert_eq!(engine, Engine::Chromium, "a script before the page's own");
        let script = serde_json::json!({ "source": setup.script });
        lab.cdp("Page.addScriptToEvaluateOnNewDocument", script).await;
    }
    lab
}

/// What was asked for outside the page's own folder: it must not count on being at the root.
fn strays(lab: &Lab) -> Vec<String> {
    lab.site.borrow().requests().into_iter().filter(|path| !path.starts_with(FOLDER)).collect()
}

/// A screenshot, the page's text and the console, for whoever asks why.
async fn leave_evidence(lab: &Lab, errors: &[String]) {
    let look = async {
        if let Ok(picture) = lab.client.screenshot().await {
            fs::write(lab.folder.join("screenshot.png"), picture).unwrap();
        }
        let address = lab.client.current_url().await.map(|url| url.to_string()).unwrap_or_default();
        let text = lab.client.execute("return document.body.innerText", vec![]).await;
        let text = text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_default();
        fs::write(lab.folder.join("page.txt"), format!("{address}\n\n{text}\n")).unwrap();
    };
    let is_stuck = timeout(LAST_LOOK, look).await.is_err();
    fs::write(lab.folder.join("console.txt"), errors.join("\n")).unwrap();
    let more = if is_stuck { " (the page did not answer)" } else { "" };
    eprintln!("what was left of the page is in {}{more}", lab.folder.display());
}
