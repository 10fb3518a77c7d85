//! The drivers' processes, and each engine's browser with a fresh profile behind them.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::trace;

/// How long a driver may take until it listens.
const START: Duration = Duration::from_secs(20);
/// How long a browser may take to end itself.
const END: Duration = Duration::from_secs(10);
/// Between two looks.
const GLANCE: Duration = Duration::from_millis(20);

/// What renders pages and runs their scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, Chrome, Edge and their kin.
    Chromium,
    /// Firefox.
    Gecko,
    /// Safari's engine, here as WebKitGTK.
    WebKit,
}

impl Engine {
    /// The variable that names its driver, and the driver's own name on the path.
    fn program(self) -> (&'static str, &'static str) {
        match self {
            Engine::Chromium => ("CHROMEDRIVER", "chromedriver"),
            Engine::Gecko => ("GECKODRIVER", "geckodriver"),
            Engine::WebKit => ("WEBKITDRIVER", "WebKitWebDriver"),
        }
    }
}

/// A running driver; dropping it ends the driver and its browser.
pub struct Driver {
    process: Child,
    port: u16,
}

impl Driver {
    /// Starts the engine's driver on a free port. What the browser keeps on this machine goes into `folder`, and
    /// what it saves into `downloads`.
    pub fn start(engine: Engine, folder: &Path, downloads: &Path) -> Self {
        let (variable, name) = engine.program();
        let program = env::var(variable).unwrap_or_else(|_| name.to_owned());
        let mut command = match engine {
            // WebKitGTK draws on a screen; without one it gets a screen in memory.
            Engine::WebKit if env::var_os("DISPLAY").is_none() => {
                let mut command = Command::new("xvfb-run");
                command.args(["-a", "-s", "-screen 0 1280x1000x24", &program]);
                command
            }
            _ => Command::new(&program),
        };
        // A group of its own, so that it can be ended with everything that it started.
        command.process_group(0).stdout(Stdio::piped()).stderr(Stdio::null());
        let port = match engine {
            Engine::Chromium | Engine::Gecko => None,
            // It takes a port, but chooses none.
            Engine::WebKit => Some(free_port()),
        };
        match engine {
            Engine::Chromium => command.arg("--port=0"),
            Engine::Gecko => command.args(["--port", "0", "--websocket-port", "0"]),
            Engine::WebKit => {
                home(&mut command, folder, downloads);
                command.args(["--host=127.0.0.1", &format!("--port={}", port.unwrap_or_default())])
            }
        };
        let mut process = command.spawn().unwrap_or_else(|error| {
            panic!("{program} does not start ({error}): put it on PATH or name it in {variable}")
        });
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let port = port.unwrap_or_else(|| said_port(engine, &program, &mut output));
        // A pipe that nobody empties would hold the driver up.
        thread::spawn(move || output.read_to_end(&mut Vec::new()));
        let driver = Self { process, port };
        let end = Instant::now() + START;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, driver.port)).is_err() {
            assert!(
                Instant::now() < end,
                "{program} does not listen on port {} after {START:?}",
                driver.port
            );
            thread::sleep(GLANCE);
        }
        driver
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Asks the driver, its screen and every browser it started to end, or with `KILL` ends them.
    fn signal(&self, signal: &str) {
        let group = format!("-{}", self.process.id());
        // A group whose members have all ended is just as well.
        let _ = Command::new("kill").args(["-s", signal, "--", &group]).stderr(Stdio::null()).status();
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.signal("TERM");
        let end = Instant::now() + END;
        while matches!(self.process.try_wait(), Ok(None)) && Instant::now() < end {
            thread::sleep(GLANCE);
        }
        self.signal("KILL");
        let _ = self.process.wait();
    }
}

/// A port that nobody listens on now.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// The port that a driver says it has chosen.
fn said_port(engine: Engine, program: &str, output: &mut impl BufRead) -> u16 {
    let before_port =
        if engine == Engine::Chromium { "successfully on port " } else { "Listening on 127.0.0.1:" };
    let mut said = String::new();
    loop {
        let before = said.len();
        let length = output.read_line(&mut said).unwrap();
        assert!(length > 0, "{program} said no port, but: {said}");
        if let Some((_, port)) = said[before..].split_once(before_port) {
            return port.trim().trim_end_matches('.').parse().unwrap();
        }
    }
}

/// WebKitGTK's browser keeps its things below the home folder, and asks the desktop where files are saved.
fn home(command: &mut Command, folder: &Path, downloads: &Path) {
    let home = folder.join("home");
    fs::create_dir_all(&home).unwrap();
    let places = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display());
    fs::write(home.join("user-dirs.dirs"), places).unwrap();
    command.env("HOME", &home).env("XDG_CONFIG_HOME", &home).env("XDG_CACHE_HOME", &home);
    command.env("XDG_DATA_HOME", &home);
    // Containers may start no sandbox of their own, and have no graphics card.
    command.env("WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS", "1").env("WEBKIT_DISABLE_COMPOSITING_MODE", "1");
    command.env("LIBGL_ALWAYS_SOFTWARE", "1");
}

/// What the browser is asked to be; everything but this machine is reached through `proxy`.
pub fn capabilities(
    engine: Engine,
    language: &str,
    downloads: &Path,
    proxy: &str,
    trace: Option<&Path>,
) -> Map<String, Value> {
    let capabilities = match engine {
        Engine::Chromium => chromium(language, downloads, proxy, trace),
        Engine::Gecko => gecko(language, downloads, proxy),
        Engine::WebKit => webkit(proxy),
    };
    let Value::Object(capabilities) = capabilities else { unreachable!("written as an object below") };
    capabilities
}

fn chromium(language: &str, downloads: &Path, proxy: &str, trace: Option<&Path>) -> Value {
    let mut capabilities = json!({
        "goog:chromeOptions": {
            "args": [
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--window-size=1280,900",
                format!("--lang={language}"),
                format!("--proxy-server={proxy}"),
            ],
            "prefs": {
                "intl.accept_languages": language,
                "download.default_directory": downloads,
                "download.prompt_for_download": false,
            },
        },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    if let (Some(file), Some(args)) = (trace, capabilities["goog:chromeOptions"]["args"].as_array_mut()) {
        args.extend(trace::arguments(file).map(Value::from));
    }
    capabilities
}

fn gecko(language: &str, downloads: &Path, proxy: &str) -> Value {
    let (host, port) = proxy.split_once(':').unwrap_or((proxy, "0"));
    let port: u16 = port.parse().unwrap_or_default();
    let saved = "application/octet-stream,application/json,application/zip,text/csv,image/png,image/svg+xml";
    // geckodriver looks for `firefox` alone, and Debian has another name for it.
    let path = env::var_os("PATH").unwrap_or_default();
    let found = |name: &str| env::split_paths(&path).map(|place| place.join(name)).find(|it| it.exists());
    let mut capabilities = json!({
        "moz:firefoxOptions": {
            "args": ["-headless", "--width=1280", "--height=900"],
            "prefs": {
                "intl.accept_languages": language,
                "browser.download.folderList": 2,
                "browser.download.dir": downloads,
                "browser.download.useDownloadDir": true,
                "browser.helperApps.neverAsk.saveToDisk": saved,
                "browser.download.alwaysOpenPanel": false,
                "network.proxy.type": 1,
                "network.proxy.http": host,
                "network.proxy.http_port": port,
                "network.proxy.ssl": host,
                "network.proxy.ssl_port": port,
            },
        },
    });
    if let Some(browser) = found("firefox").or_else(|| found("firefox-esr")) {
        capabilities["moz:firefoxOptions"]["binary"] = json!(browser);
    }
    capabilities
}

fn webkit(proxy: &str) -> Value {
    let browsers = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/libexec", "/usr/lib64"];
    let versions = ["webkit2gtk-4.1", "webkit2gtk-4.0", "webkitgtk-6.0"];
    let places = browsers.iter().flat_map(|place| {
        versions.iter().map(move |version| Path::new(place).join(version).join("MiniBrowser"))
    });
    let browser =
        env::var_os("MINIBROWSER").map(Into::into).or_else(|| places.into_iter().find(|it| it.exists()));
    let browser = browser.expect("WebKitGTK's MiniBrowser is not here; name it in MINIBROWSER");
    json!({
        "webkitgtk:browserOptions": { "binary": browser, "args": ["--automation"] },
        "proxy": { "proxyType": "manual", "httpProxy": proxy, "sslProxy": proxy, "noProxy": ["127.0.0.1"] },
    })
}
