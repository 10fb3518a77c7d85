//! A static host that misbehaves on demand.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// Where the page is on the host: not at its root, since no path may be taken for granted.
pub const FOLDER: &str = "/course/lab/";
/// Browsers open connections ahead of need; after this long without a request they are dropped.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not there.
    Missing,
    /// Its second half is not there.
    Truncated,
    /// One byte in its middle is another one.
    Altered,
    /// The host has trouble: status 503.
    Unavailable,
    /// Another script stands before it.
    Preceded(&'static str),
}

#[derive(Default)]
struct State {
    is_on: bool,
    folder: PathBuf,
    faults: Vec<(String, Fault)>,
    requests: Vec<String>,
}

/// A folder behind a socket. Dropping it closes the socket.
pub struct Site {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Site {
    /// Serves a folder at [`FOLDER`] on a free port of this machine.
    pub fn start(folder: &Path) -> Self {
        let state = State { folder: folder.to_owned(), ..State::default() };
        let mut site = Self { address: (Ipv4Addr::LOCALHOST, 0).into(), state: Arc::new(Mutex::new(state)) };
        site.go_on();
        site
    }

    /// The page's address.
    pub fn url(&self) -> String {
        format!("http://{}{FOLDER}", self.address)
    }

    /// Opens the socket again, at the same port.
    pub fn go_on(&mut self) {
        let listener = TcpListener::bind(self.address).unwrap();
        self.address = listener.local_addr().unwrap();
        self.state.lock().unwrap().is_on = true;
        let state = Arc::clone(&self.state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if !state.lock().unwrap().is_on {
                    return;
                }
                let state = Arc::clone(&state);
                // A browser that hangs up early is no concern of the others.
                thread::spawn(move || stream.and_then(|stream| answer(stream, &state)));
            }
        });
    }

    /// Closes the socket: whoever connects is refused.
    pub fn stop(&self) {
        self.state.lock().unwrap().is_on = false;
        // The listening thread hears of it with the next connection, and then the port is closed.
        while TcpStream::connect(self.address).is_ok() {
            thread::yield_now();
        }
    }

    /// From now on this file, named from [`FOLDER`] on, is served with a fault.
    pub fn spoil(&self, file: &str, fault: Fault) {
        self.repair(file);
        self.state.lock().unwrap().faults.push((file.to_owned(), fault));
    }

    /// From now on this file is served as it is.
    pub fn repair(&self, file: &str) {
        self.state.lock().unwrap().faults.retain(|(spoilt, _)| spoilt != file);
    }

    /// From now on another folder is served, as after an upload of a new version.
    pub fn replace(&self, folder: &Path) {
        folder.clone_into(&mut self.state.lock().unwrap().folder);
    }

    /// The paths asked for so far.
    pub fn requests(&self) -> Vec<String> {
        self.state.lock().unwrap().requests.clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.stop();
    }
}

/// One request, one answer.
fn answer(mut stream: TcpStream, state: &Mutex<State>) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let Some(first) = lines.next().transpose()? else { return Ok(()) };
    // The rest of the head says nothing that matters here, but must be read before answering.
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let target = first.split(' ').nth(1).unwrap_or_default();
    let path = target.split(['?', '#']).next().unwrap_or_default().to_owned();
    let (folder, fault) = {
        let mut state = state.lock().unwrap();
        state.requests.push(path.clone());
        let is_spoilt = |(file, _): &&(String, Fault)| path.strip_prefix(FOLDER) == Some(file.as_str());
        (state.folder.clone(), state.faults.iter().find(is_spoilt).map(|(_, fault)| *fault))
    };
    let found = path.strip_prefix(FOLDER).filter(|file| !file.contains("..")).and_then(|file| {
        let file = if file.is_empty() { "index.html" } else { file };
        Some((fs::read(folder.join(file)).ok()?, content_type(file)))
    });
    let (status, mut body, content_type) = match (found, fault) {
        (_, Some(Fault::Missing)) | (None, _) => ("404 Not Found", b"not found".to_vec(), "text/plain"),
        (_, Some(Fault::Unavailable)) => ("503 Service Unavailable", b"later".to_vec(), "text/plain"),
        (Some((body, content_type)), _) => ("200 OK", body, content_type),
    };
    match fault {
        Some(Fault::Truncated) => body.truncate(body.len() / 2),
        Some(Fault::Altered) => {
            let middle = body.len() / 2;
            body[middle] ^= 0x10;
        }
        Some(Fault::Preceded(script)) => body.splice(0..0, script.bytes()).for_each(drop),
        _ => {}
    }
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
         Cache-Control: no-cache\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n"
    )?;
    stream.write_all(&body)
}

/// As any host would say it.
fn content_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}
