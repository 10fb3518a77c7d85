//! Files that are there as a whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::cli::error::CliError;

/// Writes a file beside its place and then puts it there, so that whoever is killed meanwhile leaves the
/// older one whole. Folders that are missing are made.
///
/// # Errors
/// If that is not possible; the error names `path`.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let of_path = |error| CliError::File { path: path.to_owned(), error };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(of_path)?;
    }
    // Its process's number keeps two runs in one folder apart.
    let partial = with_end(path, &format!(".{}.partial", std::process::id()));
    let written = write_through(&partial, bytes).and_then(|()| fs::rename(&partial, path));
    if written.is_err() {
        // It may be half a file; if it cannot be removed, its name says so.
        let _ = fs::remove_file(&partial);
    }
    written.map_err(of_path)
}

/// Down to the disk: a rename that reaches it before the bytes would leave an empty file.
fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// `path` with more at its end.
pub fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let folder = std::env::temp_dir().join(format!("svertka-whole-file-{}", std::process::id()));
        let path = folder.join("a/b.bin");
        for bytes in [&b"first"[..], b"2nd"] {
            write(&path, bytes).unwrap();
            assert_eq!(fs::read(&path).unwrap(), bytes);
        }
        let error = write(&folder.join("a"), b"").unwrap_err().to_string();
        assert!(error.starts_with(folder.join("a").to_str().unwrap()), "{error}");
        assert_eq!(fs::read_dir(folder.join("a")).unwrap().count(), 1);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
        fs::remove_dir_all(folder).unwrap();
    }
}
