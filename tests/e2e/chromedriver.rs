//! The driver's process, and Chromium with a fresh profile behind it.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// A running driver; dropping it ends the driver and its browser.
pub struct ChromeDriver {
    process: Child,
    port: u16,
}

impl ChromeDriver {
    /// Starts the program named in `CHROMEDRIVER`, or the one on the path, on a free port.
    pub fn start() -> Self {
        let program = env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let mut process = Command::new(&program)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("{program} does not start ({error}): put it on PATH or name it in CHROMEDRIVER")
            });
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut said = String::new();
        let port = loop {
            let before = said.len();
            let length = output.read_line(&mut said).unwrap();
            assert!(length > 0, "{program} said no port, but: {said}");
            if let Some((_, port)) = said[before..].split_once("successfully on port ") {
                break port.trim().trim_end_matches('.').parse().unwrap();
            }
        };
        // A pipe that nobody empties would hold the driver up.
        thread::spawn(move || output.read_to_end(&mut Vec::new()));
        Self { process, port }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Asks the driver to end itself and every browser it started; it knows their process ids.
    fn shut_down(&mut self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(stream, "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        stream.read_to_end(&mut Vec::new())?;
        Ok(())
    }
}

impl Drop for ChromeDriver {
    fn drop(&mut self) {
        // A driver that does not listen any more is ended just as well.
        let _ = self.shut_down();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What the browser is asked to be; everything but this machine is reached through `proxy`.
pub fn capabilities(language: &str, downloads: &Path, proxy: &str) -> serde_json::Map<String, Value> {
    let capabilities = json!({
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
    let Value::Object(capabilities) = capabilities else { unreachable!("written as an object above") };
    capabilities
}
