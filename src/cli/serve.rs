//! `svertka serve`: gives a built page to browsers on this machine, or to a class over its network.
//!
//! A plain static server: files as they are, `index.html` for a folder, no rewrites. What works here
//! works on any static host.

use std::{
    fs::File,
    io::{self, Write},
    net::{IpAddr, SocketAddr},
    path::{Component, Path, PathBuf},
    thread,
};
use tiny_http::{Header, Method, Request, Response, Server};

/// When a port is taken, this many after it are tried too.
const MORE_PORTS: u16 = 20;

/// Answers at one time: a browser that reads slowly holds up one thread, not the class.
const NUM_THREADS: usize = 16;

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
    writeln!(out, "Svertka is at {}  (Ctrl-C stops it)", site.url())?;
    out.flush()?;
    site.serve();
    Ok(())
}

/// A folder behind a listening socket.
pub struct StaticSite {
    server: Server,
    folder: PathBuf,
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
        let server = Server::http(address).map_err(|error| match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error.to_string()),
        })?;
        Ok(Self { server, folder: folder.to_owned() })
    }

    /// Where a browser on this machine finds the page.
    pub fn url(&self) -> String {
        let address =
            self.server.server_addr().to_ip().map_or_else(String::new, |address| address.to_string());
        format!("http://{}/", address.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]"))
    }

    /// Answers requests until [`StaticSite::stop`].
    pub fn serve(&self) {
        thread::scope(|scope| {
            for _ in 0..NUM_THREADS {
                scope.spawn(|| {
                    for request in self.server.incoming_requests() {
                        // A browser that hangs up early is no concern of the others.
                        let _ = self.answer(request);
                    }
                });
            }
        });
    }

    /// Makes [`StaticSite::serve`] return.
    pub fn stop(&self) {
        for _ in 0..NUM_THREADS {
            self.server.unblock();
        }
    }

    fn answer(&self, request: Request) -> io::Result<()> {
        if !matches!(request.method(), Method::Get | Method::Head) {
            return request.respond(Response::from_string("only GET and HEAD").with_status_code(405));
        }
        let path = request.url().split(['?', '#']).next().unwrap_or_default().to_owned();
        let Some(mut file) = local_path(&self.folder, &path) else {
            return request.respond(Response::from_string("bad path").with_status_code(400));
        };
        if file.is_dir() {
            if !path.ends_with('/') {
                // Relative links in the folder's index.html need the slash.
                let response = Response::empty(301).with_header(header("Location", &format!("{path}/")));
                return request.respond(response);
            }
            file.push("index.html");
        }
        match File::open(&file) {
            Ok(content) => request.respond(
                Response::from_file(content)
                    .with_header(header("Content-Type", content_type(&file)))
                    // A rebuilt page must never be mixed with an older one's files.
                    .with_header(header("Cache-Control", "no-cache")),
            ),
            Err(_) => request.respond(Response::from_string("not found").with_status_code(404)),
        }
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

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("names and values here are plain ASCII without line breaks")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_slow_reader_holds_nobody_up() -> io::Result<()> {
        use std::{io::Read, net::TcpStream, time::Duration};
        let folder = std::env::temp_dir().join(format!("svertka-serve-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("index.html"), "hello")?;
        // More than the socket's buffers take, so that answering it blocks.
        fs::write(folder.join("big.bin"), vec![0; 32 << 20])?;
        let site = StaticSite::bind(&folder, SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let address = site.server.server_addr().to_ip().expect("it listens on an IP address");
        thread::scope(|scope| {
            scope.spawn(|| site.serve());
            let mut slow = TcpStream::connect(address)?;
            slow.write_all(b"GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n")?;
            slow.read_exact(&mut [0])?;
            let mut quick = TcpStream::connect(address)?;
            quick.set_read_timeout(Some(Duration::from_secs(20)))?;
            quick.write_all(b"GET /?query HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
            let mut answer = String::new();
            let read = quick.read_to_string(&mut answer);
            drop(slow);
            site.stop();
            read?;
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            assert!(answer.ends_with("hello"), "{answer}");
            io::Result::Ok(())
        })?;
        fs::remove_dir_all(&folder)
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
