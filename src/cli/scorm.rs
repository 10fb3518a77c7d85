//! `svertka scorm`: packs a built page as a task for learning platforms.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;

use crate::formats::NamedFile;
use crate::formats::scorm::{Package, WIDGETS};

/// Files of the built page that a package has no use for: a platform's pages are not kept for offline use, and its headers
/// are its own. Neither are files with a dot in front, which hosts read, nor what other pages ask for.
const LEFT_OUT: [&str; 3] = ["sw.js", "lab.js", "_headers"];

/// Arguments of `svertka scorm`.
#[derive(clap::Args)]
pub struct ScormArgs {
    /// Folder with the built page
    #[arg(default_value = "dist")]
    folder: PathBuf,
    /// What the student gets
    #[arg(long, default_value = "convolution", value_parser = PossibleValuesParser::new(WIDGETS))]
    widget: String,
    /// Its state, as after the ? of the page's address
    #[arg(long, default_value = "", value_parser = state_parser)]
    state: String,
    /// What the course calls it
    #[arg(long, default_value = "Svertka")]
    title: String,
    /// Language of widget and title; the widget has the student's otherwise
    #[arg(long, value_parser = PossibleValuesParser::new(["en", "ru"]))]
    lang: Option<String>,
    /// Settings that are fixed, with commas; "all" for every one
    #[arg(long, default_value = "", value_parser = list_parser)]
    lock: String,
    /// Settings and parts that are taken away, with commas
    #[arg(long, default_value = "", value_parser = list_parser)]
    hide: String,
    /// Right answers, or changes, until it is done
    #[arg(long, value_parser = clap::value_parser!(u8).range(1..=100))]
    goal: Option<u8>,
    /// Score that passes, in percent; without it to be done is all
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=100))]
    pass: Option<u8>,
    /// Leave the datasets out: for widgets that need none, the package is a tenth as large
    #[arg(long)]
    without_data: bool,
    /// The package to write
    #[arg(long, default_value = "svertka-scorm.zip")]
    out: PathBuf,
}

/// The state, without what belongs to the whole address.
fn state_parser(text: &str) -> Result<String, String> {
    let state = text.rsplit_once('?').map_or(text, |(_, state)| state);
    if state.contains(['#', '/', ' ', '"', '<', '>']) {
        return Err("expected name=value&name=value, as after the ? of the page's address".to_owned());
    }
    Ok(state.to_owned())
}

fn list_parser(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_,".contains(c);
    if text.chars().all(is_plain) {
        Ok(text.to_owned())
    } else {
        Err("expected names with commas".to_owned())
    }
}

impl ScormArgs {
    fn options(&self) -> String {
        let goal = self.goal.map(|goal| goal.to_string()).unwrap_or_default();
        let lang = self.lang.clone().unwrap_or_default();
        let all = [("lang", lang), ("lock", self.lock.clone()), ("hide", self.hide.clone()), ("goal", goal)];
        let written = all.iter().filter(|(_, value)| !value.is_empty());
        written.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }
}

/// Packs.
///
/// # Errors
/// If the folder holds no built page, or something cannot be read or written.
pub fn run(args: &ScormArgs) -> io::Result<()> {
    if !args.folder.join("index.html").is_file() {
        let text = format!("{} holds no index.html; `make build` makes one", args.folder.display());
        return Err(io::Error::new(io::ErrorKind::NotFound, text));
    }
    let mut files = Vec::new();
    collect(&args.folder, "", &mut files)?;
    files.retain(|file| {
        let is_shard =
            file.name.starts_with("data/") && Path::new(&file.name).extension().is_some_and(|it| it == "bin");
        let is_for_others = file.name.starts_with('.') || file.name.starts_with("oembed/");
        let is_unwanted = args.without_data && is_shard;
        !(LEFT_OUT.contains(&file.name.as_str()) || is_for_others || is_unwanted)
    });
    let package = Package {
        widget: args.widget.clone(),
        title: args.title.clone(),
        language: args.lang.clone().unwrap_or_else(|| "en".to_owned()),
        state: args.state.clone(),
        options: args.options(),
        pass: args.pass,
    };
    let num_files = files.len();
    let zip = package.zip(files);
    fs::write(&args.out, &zip)?;
    eprintln!(
        "svertka: {} has {num_files} files of the page, {:.1} MB",
        args.out.display(),
        zip.len() as f64 / 1e6
    );
    Ok(())
}

/// Every file below a folder, in the order of names.
fn collect(folder: &Path, before: &str, files: &mut Vec<NamedFile>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{before}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.push(NamedFile { name, bytes: fs::read(entry.path())? });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Command {
        #[command(flatten)]
        args: ScormArgs,
    }

    fn parsed(arguments: &[&str]) -> Result<ScormArgs, clap::Error> {
        Ok(Command::try_parse_from([&["scorm"], arguments].concat())?.args)
    }

    #[test]
    fn a_whole_address_is_as_good_as_its_state() {
        let args = parsed(&["--state", "https://lab.example/#/pooling?kind=max&strides=2,2"]).unwrap();
        assert_eq!(args.state, "kind=max&strides=2,2");
        assert!(parsed(&["--state", "a\"b=1"]).is_err());
        assert!(parsed(&["--lock", "a&b"]).is_err());
        assert!(parsed(&["--widget", "home"]).is_err());
    }

    #[test]
    fn options_are_those_of_the_frame() {
        let args = parsed(&["--lang", "ru", "--lock", "strides,kernel", "--goal", "3"]).unwrap();
        assert_eq!(args.options(), "lang=ru&lock=strides,kernel&goal=3");
        assert_eq!(parsed(&[]).unwrap().options(), "");
    }

    #[test]
    fn a_folder_is_packed_without_what_is_not_needed() {
        let folder = std::env::temp_dir().join(format!("svertka-scorm-{}", std::process::id()));
        fs::create_dir_all(folder.join("data/mnist")).unwrap();
        for name in ["index.html", "sw.js", ".htaccess", "data/mnist/manifest.json", "data/mnist/train.bin"] {
            fs::write(folder.join(name), name).unwrap();
        }
        let out = folder.join("out.zip");
        let place = |path: &Path| path.to_str().unwrap().to_owned();
        let args = parsed(&[&place(&folder), "--without-data", "--out", &place(&out)]).unwrap();
        run(&args).unwrap();
        let archive = zip::ZipArchive::new(fs::File::open(&out).unwrap()).unwrap();
        let mut names: Vec<_> = archive.file_names().map(str::to_owned).collect();
        names.sort();
        let expected = [
            "app/data/mnist/manifest.json",
            "app/index.html",
            "imsmanifest.xml",
            "launch.css",
            "launch.html",
            "launch.js",
        ];
        assert_eq!(names, expected);
        fs::remove_dir_all(&folder).unwrap();
    }
}
