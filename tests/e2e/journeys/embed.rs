//! Widgets in course pages of another origin, in a locked frame, and in a learning platform.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use fantoccini::elements::Element;
use serde_json::{Value, json};
use svertka::formats::NamedFile;
use svertka::formats::scorm::Package;
use svertka::ui::convolution::Computed;
use svertka::ui::locale::Language;
use svertka::ui::pages::convolution::read_query;
use svertka::ui::pages::pooling::{PoolSetup, PoolState};
use svertka::ui::routes::Query;

use crate::browser::{Lab, SOON};
use crate::harness::{Setup, dist, drive};
use crate::site::Site;

/// A training of two short epochs, on two slow cores.
const TRAINED: Duration = Duration::from_mins(4);
/// A phone, in CSS px.
const PHONE: u32 = 360;
/// Letters are as high as they are; frames are whole px.
const ROUNDING: f64 = 2.0;

/// The widgets of the example, in its order, and what each is told to hold.
const WIDGETS: [&str; 3] = ["convolution", "callbacks", "training"];

/// The browser asks a course page's own host for the picture of its tab.
const ICON: &[&str] = &["favicon.ico"];

#[test]
fn a_course_page_of_another_origin_holds_three_widgets_on_a_phone() {
    drive(Setup { expected_errors: ICON, ..Setup::new("embed", Language::Ru) }, async |lab: Lab| {
        let course = Site::start(Path::new("examples/course"));
        let phone = json!({ "width": PHONE, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        lab.cdp("Emulation.setDeviceMetricsOverride", phone).await;
        let app = lab.site.borrow().url();
        lab.client.goto(&format!("{}?svertka={app}", course.url())).await.unwrap();
        for (idx, name) in WIDGETS.into_iter().enumerate() {
            // Frames are loaded when they come near.
            let near = "document.querySelectorAll('svertka-lab')[arguments[0]].scrollIntoView()";
            lab.client.execute(near, vec![json!(idx)]).await.unwrap();
            told(&lab, name, "Готово", SOON).await;
            height_follows(&lab, idx).await;
        }
        locks_hold(&lab).await;
        only_the_parent_is_heard(&lab).await;
        guess_three_numbers(&lab).await;
        rehearse_to_the_end(&lab).await;
        train(&lab).await;
    });
}

/// Goes into a frame of the page, does something there, and comes back.
async fn within<T>(lab: &Lab, idx: usize, act: impl AsyncFnOnce(&Lab) -> T) -> T {
    lab.client.enter_frame(idx as u16).await.unwrap();
    let result = act(lab).await;
    lab.client.enter_parent_frame().await.unwrap();
    result
}

/// Waits until the course page says this of a widget.
async fn told(lab: &Lab, widget: &str, words: &str, limit: Duration) {
    let place = format!("[data-of={widget}]");
    let is_told = async || lab.text(&place).await.contains(words);
    lab.until_true(&format!("{words:?} told of {widget}"), limit, is_told).await;
}

/// The frame is as high as what is in it, also once that has grown, and nothing is wider than the phone.
async fn height_follows(lab: &Lab, idx: usize) {
    let inner = "return document.querySelector('.shell').getBoundingClientRect().height";
    let outer = "return document.querySelectorAll('iframe')[arguments[0]].getBoundingClientRect().height";
    let fits = "return document.documentElement.scrollWidth <= innerWidth";
    let mut before = 0.0;
    for step in ["at first", "with everything open"] {
        lab.until_true(&format!("the height of frame {idx} {step}"), SOON, async || {
            let high: f64 = within(lab, idx, async |lab| lab.read(inner, vec![]).await).await;
            let frame: f64 = lab.read(outer, vec![json!(idx)]).await;
            high > before && (high - frame).abs() <= ROUNDING
        })
        .await;
        before = within(lab, idx, async |lab| {
            assert!(lab.read::<bool>(fits, vec![]).await, "frame {idx} {step} scrolls sideways");
            lab.client
                .execute("document.querySelectorAll('details').forEach(it => it.open = true)", vec![])
                .await
                .unwrap();
            lab.read::<f64>("return arguments[0]", vec![json!(before + 1.0)]).await
        })
        .await;
        assert!(lab.read::<bool>(fits, vec![]).await, "the course page scrolls sideways");
    }
}

/// What is fixed is disabled with its reason, hidden things are not there, and the state wins over any change.
async fn locks_hold(lab: &Lab) {
    let fixed = lab.words.say("embed.fixed");
    within(lab, 0, async |lab| {
        let held = "return [...document.querySelectorAll('[data-held=strides] input')].every(it => it.matches(':disabled'))
            && document.querySelectorAll('[data-held=strides] input').length > 0";
        assert!(lab.read::<bool>(held, vec![]).await, "strides can be changed");
        assert!(lab.text("[data-held=strides]").await.contains(&fixed));
        assert!(lab.peek("h2", Some(&lab.words.say("pooling.take.title"))).await.is_none());
        for gone in [".header", ".footer", ".subnav", ".lead", ".columns"] {
            assert!(lab.peek(gone, None).await.is_none(), "{gone} is shown in a frame");
        }
        // What is free can be changed, and what is fixed stays.
        let same = "document.querySelector('input[type=radio][value=same]').click()";
        lab.client.execute(same, vec![]).await.unwrap();
        let is_kept = async || {
            let hash: String = lab.read("return location.hash", vec![]).await;
            hash.contains("padding=same") && hash.contains("strides=2,2") && hash.contains("kernel_size=3,3")
        };
        lab.until_true("padding in the address beside what is fixed", SOON, is_kept).await;
    })
    .await;
}

/// Theme and state are taken from the page around, in the right form; from another frame, or in another form, nothing.
async fn only_the_parent_is_heard(lab: &Lab) {
    let theme = "return document.documentElement.getAttribute('data-theme')";
    let foreign = "
        const [done] = [arguments[arguments.length - 1]];
        const target = document.querySelector('svertka-lab iframe').contentWindow;
        const wish = { source: 'svertka-host', version: 1, type: 'set-theme', theme: 'light' };
        for (const bad of [{ ...wish, version: 2 }, { ...wish, more: 1 }, { ...wish, theme: {} }, 'svertka-host', null, 7])
            target.postMessage(bad, '*');
        const other = document.createElement('iframe');
        window.foreign = wish;
        other.srcdoc = '<script>top.document.querySelector(\"svertka-lab iframe\").contentWindow.postMessage(top.foreign, \"*\"); top.sent = true;</scr' + 'ipt>';
        document.body.append(other);";
    lab.client.execute("document.querySelector('svertka-lab').setTheme('dark')", vec![]).await.unwrap();
    let is_dark = async || {
        within(lab, 0, async |lab| lab.read::<Option<String>>(theme, vec![]).await).await.as_deref()
            == Some("dark")
    };
    lab.until_true("the theme that the page around asked for", SOON, is_dark).await;
    lab.client.execute(foreign, vec![]).await.unwrap();
    lab.until_true("the foreign frame has spoken", SOON, async || {
        lab.read::<bool>("return window.sent === true", vec![]).await
    })
    .await;
    // A state that is taken comes after all of those, and is the teacher's: it moves what is fixed.
    let state = "document.querySelector('svertka-lab').setState('input=count&kernel_size=3,3&strides=1,1&padding=valid&kernel=identity&at=0')";
    lab.client.execute(state, vec![]).await.unwrap();
    let is_taken = async || {
        let hash: String = within(lab, 0, async |lab| lab.read("return location.hash", vec![]).await).await;
        hash.contains("strides=1,1") && hash.contains("input=count")
    };
    lab.until_true("the state that the page around gave", SOON, is_taken).await;
    assert!(is_dark().await, "a foreign message changed the theme");
    // The frame that spoke out of turn must not be counted among the widgets.
    lab.client.execute("document.body.lastElementChild.remove()", vec![]).await.unwrap();
}

async fn guess_three_numbers(lab: &Lab) {
    let state =
        Query::from_text("input=count&kernel_size=3,3&strides=1,1&padding=valid&kernel=identity&at=0");
    let computed = Computed::new(Arc::new(read_query(&state).0), None);
    within(lab, 0, async |lab| {
        let offer = lab.find("label", Some(&lab.words.say("pooling.guess.offer"))).await;
        tap(lab, &offer).await;
        for idx in 0..3 {
            let value = computed.value(0, idx).unwrap();
            type_a_guess(lab, &value.to_string()).await;
        }
    })
    .await;
    told(lab, "convolution", "Выполнено / Completed: 100 %", SOON).await;
}

/// A click that the page hears without a pointer: in the frames of a window of another size than its own, as a telephone's
/// is here, Chromium's driver misses what it points at.
async fn tap(lab: &Lab, element: &Element) {
    lab.client.execute("arguments[0].click()", vec![json!(element)]).await.unwrap();
}

/// Answers the question that is asked, and waits for the verdict.
async fn type_a_guess(lab: &Lab, answer: &str) {
    let field = lab.find(".guess__form input", None).await;
    let question = lab.text(".guess__form label").await;
    field.send_keys(answer).await.unwrap();
    let button = lab.find(".guess__form button", None).await;
    tap(lab, &button).await;
    let is_next = async || lab.text(".guess__form label").await != question;
    lab.until_true(&format!("the question after {question:?}"), SOON, is_next).await;
}

async fn rehearse_to_the_end(lab: &Lab) {
    within(lab, 1, async |lab| lab.press("callbacks.player.first").await).await;
    within(lab, 1, async |lab| lab.press("callbacks.player.last").await).await;
    told(lab, "callbacks", "Выполнено / Completed", SOON).await;
}

async fn train(lab: &Lab) {
    within(lab, 2, async |lab| {
        let held = "return [...document.querySelectorAll('[data-held=epochs] input')].every(it => it.matches(':disabled'))";
        assert!(lab.read::<bool>(held, vec![]).await, "epochs can be changed");
        lab.press("training.run.start").await;
    })
    .await;
    told(lab, "training", "Выполнено / Completed: ", TRAINED).await;
}

#[test]
fn a_frame_that_is_locked_in_works_and_says_what_is_missing() {
    // The browser refuses what the page asks for to find out.
    let setup = Setup {
        expected_errors: &["Blocked opening", "sandboxed", "favicon.ico"],
        ..Setup::new("embed-locked", Language::En)
    };
    drive(setup, async |lab: Lab| {
        let folder = lab.folder.join("host");
        fs::create_dir_all(&folder).unwrap();
        let app = lab.site.borrow().url();
        let frame = |name: &str| {
            format!(
                "<iframe sandbox='allow-scripts' width='360' height='900' src='{app}#/embed/{name}'></iframe>"
            )
        };
        let page = format!(
            "<!doctype html><title>host</title>{}{}",
            frame("pooling"),
            frame("training?samples=600&validation_samples=100&test_samples=100&epochs=1")
        );
        fs::write(folder.join("index.html"), page).unwrap();
        let host = Site::start(&folder);
        lab.client.goto(&host.url()).await.unwrap();
        within(&lab, 0, async |lab| {
            lab.see(&lab.words.say("embed.no_storage"), SOON).await;
            assert_eq!(lab.read::<String>("return self.origin", vec![]).await, "null");
            lab.press("convolution.player.last").await;
            let last = PoolState::new(&PoolSetup::default()).unwrap().output.values.len().to_string();
            let place = [("number", last.as_str()), ("total", last.as_str())];
            lab.see(&lab.words.say_with("convolution.player.position_value", &place), SOON).await;
            // No tab can be opened from here, and the reader is told how to do it.
            lab.click(".frame-foot a", &lab.words.say("embed.open")).await;
            lab.see(&lab.words.say("embed.blocked"), SOON).await;
            let address = "return document.querySelector('[data-testid=blocked] input').value";
            let address = lab.read::<String>(address, vec![]).await;
            assert!(address.contains("#/pooling"), "{address}");
        })
        .await;
        // Even the worker runs, from memory, and finds its data.
        within(&lab, 1, async |lab| {
            lab.press("training.run.start").await;
            lab.see(&lab.words.say("training.result.title"), TRAINED).await;
            assert!(lab.peek_id("unkept").await.is_none(), "the frame has said so already");
        })
        .await;
    });
}

#[test]
fn hostile_addresses_of_frames_open_and_say_what_they_could_not_read() {
    drive(Setup::new("embed-hostile", Language::En), async |lab: Lab| {
        let long = "x,".repeat(5_000);
        let hashes = [
            "#/embed/pooling?lang=%3Cscript%3E&theme=pink&host=javascript:alert(1)&goal=-1".to_owned(),
            format!("#/embed/pooling?lock={long}&hide={long}"),
            "#/embed/pooling?lock=all,nothing&strides=%00%ff&pool_size=9999999999".to_owned(),
            format!("#/embed/convolution?id={}&kernel={}", "y".repeat(9_000), "1,".repeat(9_000)),
        ];
        for hash in hashes {
            lab.client.goto("about:blank").await.unwrap();
            lab.open(&hash).await;
            let said = lab.words.say("common.bad_link");
            let said = said.split("{{").next().unwrap().trim().to_owned();
            lab.see(&said, SOON).await;
        }
        lab.client.goto("about:blank").await.unwrap();
        lab.open("#/embed/%3Cimg%20src=x%20onerror=alert(1)%3E").await;
        lab.find("h1", Some(&lab.words.say("common.lost.title"))).await;
    });
}

#[test]
fn a_teacher_copies_the_code_of_what_is_seen() {
    drive(Setup::new("embed-dialog", Language::En), async |lab: Lab| {
        lab.open("#/pooling?kind=average").await;
        lab.click_id("embed").await;
        lab.find("dialog h2", Some(&lab.words.say("embed.title"))).await;
        // The header has a list of that name as well.
        let theme = lab.find("dialog select", Some(&lab.words.say("common.theme.label"))).await;
        theme.select_by_value("dark").await.unwrap();
        lab.click("summary", &lab.words.say("embed.holds.title")).await;
        let fix = lab.words.say_with("embed.holds.fix_name", &[("name", "strides")]);
        lab.click("dialog input", &fix).await;
        let link = async || {
            let all: Vec<String> = lab
                .read("return [...document.querySelectorAll('dialog pre')].map(it => it.textContent)", vec![])
                .await;
            all.into_iter().find(|text| text.starts_with("http"))
        };
        let is_there = async || {
            link().await.filter(|link| {
                ["#/embed/pooling?", "kind=average", "theme=dark", "lock=strides"]
                    .iter()
                    .all(|part| link.contains(part))
            })
        };
        let address = lab.until("the link with what was chosen", SOON, is_there).await;
        // Escape closes it, and the focus is back at the button.
        lab.client.active_element().await.unwrap().send_keys("\u{e00c}").await.unwrap();
        let is_back = async || {
            lab.read::<bool>("return document.activeElement.dataset.testid === 'embed'", vec![]).await
        };
        lab.until_true("the focus back at the button", SOON, is_back).await;
        lab.client.goto("about:blank").await.unwrap();
        lab.client.goto(&address).await.unwrap();
        lab.find("main h1", None).await;
        assert_eq!(lab.read::<String>("return document.documentElement.dataset.theme", vec![]).await, "dark");
        assert!(lab.text("[data-held=strides]").await.contains(&lab.words.say("embed.fixed")));
        // Chosen by the address, not by the reader: nothing of it is remembered.
        assert!(lab.read::<bool>("return localStorage.getItem('svertka.theme') === null", vec![]).await);
    });
}

/// Every file below a folder.
fn files_below(folder: &Path, before: &str, files: &mut Vec<NamedFile>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), &format!("{name}/"), files);
        } else {
            files.push(NamedFile { name, bytes: fs::read(entry.path()).unwrap() });
        }
    }
}

/// Unpacks a package where a platform would.
fn unpack(package: &Package, folder: &PathBuf) {
    let mut files = Vec::new();
    files_below(&dist(), "", &mut files);
    let zip = std::io::Cursor::new(package.zip(files));
    zip::ZipArchive::new(zip).unwrap().extract(folder).unwrap();
}

/// A platform of 1999, as far as packages see it.
const PLATFORM: &str = "<!doctype html><title>platform</title><script>
    window.kept = { 'cmi.core.lesson_status': 'not attempted' };
    window.calls = [];
    const note = (name, result) => (...args) => { calls.push([name, ...args]); return result(...args); };
    window.API = {
        LMSInitialize: note('LMSInitialize', () => 'true'),
        LMSGetValue: (name) => kept[name] ?? '',
        LMSSetValue: note('LMSSetValue', (name, value) => { if (typeof value !== 'string') throw 'no text'; kept[name] = value; return 'true'; }),
        LMSCommit: note('LMSCommit', () => 'true'),
        LMSFinish: note('LMSFinish', () => 'true'),
    };
</script><iframe src='package/launch.html' width='800' height='900'></iframe>";

#[test]
fn a_package_reports_completion_and_score_to_a_platform_and_goes_on_where_it_was() {
    drive(Setup { expected_errors: ICON, ..Setup::new("embed-scorm", Language::En) }, async |lab: Lab| {
        let folder = lab.folder.join("platform");
        fs::create_dir_all(&folder).unwrap();
        let package = Package {
            widget: "pooling".into(),
            title: "Pooling".into(),
            language: "en".into(),
            state: "kind=max".into(),
            options: "lang=en&goal=1&lock=kind".into(),
            pass: Some(60),
        };
        unpack(&package, &folder.join("package"));
        fs::write(folder.join("index.html"), PLATFORM).unwrap();
        let platform = Site::start(&folder);
        lab.client.goto(&platform.url()).await.unwrap();
        let value = async |name: &str| {
            lab.read::<Value>("return kept[arguments[0]] ?? null", vec![json!(name)]).await
        };
        within(&lab, 0, async |lab| {
            assert!(lab.peek("#alone", None).await.is_none(), "the platform was not found");
            within_app(lab, async |lab| {
                lab.find("main h1", None).await;
                lab.click("label", &lab.words.say("pooling.guess.offer")).await;
                // One wrong guess and one right one.
                let state = PoolState::new(&PoolSetup::default()).unwrap();
                type_a_guess(lab, "-12345").await;
                type_a_guess(lab, &state.output.values[1].to_string()).await;
            })
            .await;
        })
        .await;
        let is_failed = async || value("cmi.core.lesson_status").await == "failed";
        lab.until_true("half right is less than 60 %", SOON, is_failed).await;
        assert_eq!(value("cmi.core.score.raw").await, "50");
        within(&lab, 0, async |lab| {
            let state = PoolState::new(&PoolSetup::default()).unwrap();
            within_app(lab, async |lab| type_a_guess(lab, &state.output.values[2].to_string()).await).await;
        })
        .await;
        let is_passed = async || value("cmi.core.lesson_status").await == "passed";
        lab.until_true("two of three are more than 60 %", SOON, is_passed).await;
        assert_eq!(value("cmi.core.score.raw").await, "67");
        assert_eq!(
            (value("cmi.core.score.min").await, value("cmi.core.score.max").await),
            (json!("0"), json!("100"))
        );
        let is_kept =
            async || value("cmi.suspend_data").await.as_str().is_some_and(|state| state.contains("at="));
        lab.until_true("the state that is kept", SOON, is_kept).await;
        lab.client.execute("document.querySelector('iframe').remove()", vec![]).await.unwrap();
        let is_over =
            async || lab.read::<bool>("return calls.some(([name]) => name === 'LMSFinish')", vec![]).await;
        lab.until_true("the end of the talk", SOON, is_over).await;
        let time: Value = value("cmi.core.session_time").await;
        assert!(time.as_str().is_some_and(|time| time.len() == 8 && time.starts_with("00:0")), "{time}");
    });
}

/// The app inside the package's page.
async fn within_app<T>(lab: &Lab, act: impl AsyncFnOnce(&Lab) -> T) -> T {
    lab.client.enter_frame(0).await.unwrap();
    let result = act(lab).await;
    lab.client.enter_parent_frame().await.unwrap();
    result
}
