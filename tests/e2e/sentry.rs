//! Hears of every request that would leave this machine.
//!
//! The browser gets the sentry as its proxy, which it passes by only for this machine's own addresses.
//! So page, worker and service worker are watched alike, and nothing gets out.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Where Chromium and Firefox themselves call home, whatever switches they are given; no page has business there.
const BROWSERS_OWN: &[&str] = &[
    ".google.com",
    ".googleapis.com",
    ".gvt1.com",
    ".mozilla.com",
    ".mozilla.net",
    ".mozilla.org",
    ".firefox.com",
];
/// But these give things to pages.
const FOR_PAGES: &[&str] = &["ajax.googleapis.com", "fonts.googleapis.com", "storage.googleapis.com"];

/// A proxy that lets nothing through.
pub struct Sentry {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Sentry {
    /// Listens on a free port.
    pub fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::downgrade(&heard);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Some(heard) = kept.upgrade() else { return };
                let Ok(stream) = stream else { continue };
                // Such as `CONNECT example.org:443 HTTP/1.1`; closing the connection is the answer.
                let mut request = String::new();
                if BufReader::new(stream).read_line(&mut request).is_ok_and(|length| length > 0) {
                    heard.lock().unwrap().push(request.trim().to_owned());
                }
            }
        });
        Self { address, heard }
    }

    /// For the browser's settings.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// What was asked for by others than the browser itself.
    pub fn heard(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        heard.iter().filter(|request| !is_browsers_own(host(request))).cloned().collect()
    }
}

impl Drop for Sentry {
    fn drop(&mut self) {
        self.heard = Arc::default();
        // The listening thread wakes up and sees that nobody keeps what it hears.
        let _ = TcpStream::connect(self.address);
    }
}

/// `CONNECT host:443 HTTP/1.1` or `GET http://host/path HTTP/1.1`.
fn host(request: &str) -> &str {
    let target = request.split(' ').nth(1).unwrap_or_default();
    let target = target.split_once("://").map_or(target, |(_, rest)| rest);
    target.split(['/', ':', '?']).next().unwrap_or_default()
}

fn is_browsers_own(host: &str) -> bool {
    BROWSERS_OWN.iter().any(|own| host.ends_with(own)) && !FOR_PAGES.contains(&host)
}

#[test]
fn the_browsers_own_calls_are_told_from_a_pages() {
    assert!(is_browsers_own(host("CONNECT accounts.google.com:443 HTTP/1.1")));
    assert!(is_browsers_own(host("GET http://clients2.google.com/time/1/current?a=b HTTP/1.1")));
    assert!(!is_browsers_own(host("CONNECT fonts.googleapis.com:443 HTTP/1.1")));
    assert!(!is_browsers_own(host("GET http://example.org/google.com HTTP/1.1")));
}
