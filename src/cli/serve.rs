//! `svertka serve`: gives a built page to browsers on this machine, or to a class over its network.
//!
//! A plain static server: files as they are, `index.html` for a folder, no rewrites. What works here
//! works on any static host.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream},
    path::{Component, Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

/// When a port is taken, this many after it are tried too.
const MORE_PORTS: u16 = 20;

/// Longest wait for a browser to send or take something.
const PATIENCE: Duration = Duration::from_mins(1);

/// A request line with headers is shorter.
const MAX_REQUEST_BYTES: u64 = 64 << 10;

/// Arguments of `svertka serve`.
#[derive(clap::Args)]
pub struct ServeArgs {
    /// Folder with index.html
    #[arg(default_value = "dist")]
    pub folder: PathBuf,
    /// Address to listen on; 0.0.0.0 lets other computers in
    #[arg(long, default_value = "127.0.0.1")]
    pub host: IpAddr,
    /// First port to try; the next free one is used when it is taken
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
}

/// Serves until it is interrupted; prints the URL first.
///
/// # Errors
/// If the folder has no `index.html` or no port can be opened.
pub fn run(args: &ServeArgs) -> io::Result<()> {
    let last = args.port.saturating_add(MORE_PORTS);
    let site = (args.port..=last)
        .find_map(|port| match StaticSite::bind(&args.folder, SocketAddr::new(args.host, port)) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => None,
            other => Some(other),
        })
        .unwrap_or_else(|| Err(io::Error::other(format!("ports {} to {last} are all taken", args.port))))?;
    let mut out = io::stdout();
    writeln!(out, "Svertka is at {}  (Ctrl-C stops it)", site.url()?)?;
    out.flush()?;
    site.serve();
    Ok(())
}

/// A folder behind a listening socket.
pub struct StaticSite {
    listener: TcpListener,
    folder: PathBuf,
    stopped: AtomicBool,
}

impl StaticSite {
    /// Opens the socket; port 0 takes any free one.
    ///
    /// # Errors
    /// If `folder` holds no `index.html`, or the address cannot be listened on.
    pub fn bind(folder: &Path, address: SocketAddr) -> io::Result<Self> {
        if !folder.join("index.html").is_file() {
            let text = format!("{} holds no index.html; `make build` makes one", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        }
        let listener = TcpListener::bind(address)?;
        Ok(Self { listener, folder: folder.to_owned(), stopped: AtomicBool::new(false) })
    }

    /// Where a browser on this machine finds the page.
    ///
    /// # Errors
    /// If the system does not say which port it gave.
    pub fn url(&self) -> io::Result<String> {
        Ok(format!("http://{}/", self.local_address()?))
    }

    /// Answers requests until [`StaticSite::stop`].
    pub fn serve(&self) {
        while let Ok((stream, _)) = self.listener.accept() {
            if self.stopped.load(Ordering::Acquire) {
                return;
            }
            let folder = self.folder.clone();
            // A thread for each: a browser that reads slowly or hangs up early is no concern of the others.
            thread::spawn(move || drop(answer(&stream, &folder)));
        }
    }

    /// Makes [`StaticSite::serve`] return; answers under way are finished.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        // One more connection wakes it; if that fails, the listener is gone already.
        drop(self.local_address().and_then(TcpStream::connect));
    }

    fn local_address(&self) -> io::Result<SocketAddr> {
        let mut address = self.listener.local_addr()?;
        if address.ip().is_unspecified() {
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        Ok(address)
    }
}

/// Reads one request and answers it. Each connection carries one request: simple, and fast enough for a class.
fn answer(stream: &TcpStream, folder: &Path) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(stream.take(MAX_REQUEST_BYTES)).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    // The browser's headers change nothing here, but closing before they are read would break the connection.
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let mut words = request.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut out = stream;
    match find(method, target, folder) {
        Found::File(path) => match File::open(&path) {
            Ok(mut file) => {
                let headers = format!("Content-Type: {}\r\n", content_type(&path));
                head(&mut out, "200 OK", file.metadata()?.len(), &headers)?;
                if method == "GET" {
                    io::copy(&mut file, &mut out)?;
                }
                Ok(())
            }
            Err(_) => head(&mut out, "404 Not Found", 0, ""),
        },
        Found::Folder(url_path) => {
            head(&mut out, "301 Moved Permanently", 0, &format!("Location: {url_path}/\r\n"))
        }
        Found::BadPath => head(&mut out, "400 Bad Request", 0, ""),
        Found::BadMethod => head(&mut out, "405 Method Not Allowed", 0, "Allow: GET, HEAD\r\n"),
    }
}

/// Status line and headers. A rebuilt page must never be mixed with an older one's files, so nothing is kept. Pages of
/// others may have the files: a widget in a frame without an origin counts as one, and there is nothing to hide.
fn head(out: &mut impl Write, status: &str, num_bytes: u64, headers: &str) -> io::Result<()> {
    let text = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {num_bytes}\r\nCache-Control: no-cache\r\n\
         Access-Control-Allow-Origin: *\r\nConnection: close\r\n{headers}\r\n"
    );
    out.write_all(text.as_bytes())
}

/// What a request asks for.
#[derive(Debug, PartialEq)]
enum Found {
    File(PathBuf),
    /// A folder's URL path without the slash that relative links in its `index.html` need.
    Folder(String),
    BadPath,
    BadMethod,
}

fn find(method: &str, target: &str, folder: &Path) -> Found {
    if !matches!(method, "GET" | "HEAD") {
        return Found::BadMethod;
    }
    let url_path = target.split(['?', '#']).next().unwrap_or_default();
    match local_path(folder, url_path) {
        Some(path) if !path.is_dir() => Found::File(path),
        Some(path) if url_path.ends_with('/') => Found::File(path.join("index.html")),
        Some(_) => Found::Folder(format!("/{}", url_path.trim_start_matches('/'))),
        None => Found::BadPath,
    }
}

/// The file that a URL path names inside `folder`, or nothing if it would lead outside.
fn local_path(folder: &Path, url_path: &str) -> Option<PathBuf> {
    let decoded = percent_decoded(url_path.trim_start_matches('/'))?;
    let relative = Path::new(&decoded);
    relative.components().all(|part| matches!(part, Component::Normal(_))).then(|| folder.join(relative))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

fn content_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        // Shards are gzip files; a Content-Encoding would make the browser unpack them unasked.
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A folder with a page and a file of more than the socket's buffers take, served while `body` runs.
    fn with_site(name: &str, body: impl FnOnce(SocketAddr) -> io::Result<()>) -> io::Result<()> {
        let folder = std::env::temp_dir().join(format!("svertka-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("sub"))?;
        fs::write(folder.join("index.html"), "hello")?;
        fs::write(folder.join("big.bin"), vec![0; 32 << 20])?;
        let site = StaticSite::bind(&folder, SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let result = thread::scope(|scope| {
            scope.spawn(|| site.serve());
            let result = body(site.local_address()?);
            site.stop();
            result
        });
        fs::remove_dir_all(&folder)?;
        result
    }

    fn ask(address: SocketAddr, request: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.write_all(format!("{request} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    #[test]
    fn files_folders_and_mistakes_are_answered() -> io::Result<()> {
        with_site("answers", |address| {
            let page = ask(address, "GET /?query#hash")?;
            assert!(page.starts_with("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"), "{page}");
            assert!(page.contains("Content-Type: text/html"), "{page}");
            assert!(page.ends_with("\r\n\r\nhello"), "{page}");
            assert!(ask(address, "HEAD /index.html")?.ends_with("\r\n\r\n"));
            assert!(ask(address, "GET //sub")?.contains("Location: /sub/\r\n"));
            assert!(ask(address, "GET /sub/")?.starts_with("HTTP/1.1 404"));
            assert!(ask(address, "GET /../secret")?.starts_with("HTTP/1.1 400"));
            assert!(ask(address, "POST /")?.starts_with("HTTP/1.1 405"));
            assert!(ask(address, "")?.starts_with("HTTP/1.1 405"));
            Ok(())
        })
    }

    #[test]
    fn slow_readers_and_silent_connections_hold_nobody_up() -> io::Result<()> {
        with_site("slow", |address| {
            let silent: Vec<_> = (0..32).map(|_| TcpStream::connect(address)).collect();
            let mut slow = TcpStream::connect(address)?;
            slow.write_all(b"GET /big.bin HTTP/1.1\r\n\r\n")?;
            slow.read_exact(&mut [0])?;
            assert!(ask(address, "GET /")?.ends_with("hello"));
            drop(silent);
            Ok(())
        })
    }

    #[test]
    fn paths_stay_inside_the_folder() {
        let folder = Path::new("dist");
        assert_eq!(local_path(folder, "/data/mnist/a%20b.json"), Some(folder.join("data/mnist/a b.json")));
        assert_eq!(local_path(folder, "/"), Some(folder.to_owned()));
        for path in ["/../Cargo.toml", "/a/%2e%2e/%2E%2E/b", "/%zz", "/%ff", "/./x"] {
            assert_eq!(local_path(folder, path), None, "{path}");
        }
        assert_eq!(local_path(folder, "//etc/passwd"), Some(folder.join("etc/passwd")));
    }
}
