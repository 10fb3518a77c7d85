//! Packages for learning platforms: SCORM 1.2, which every platform imports.
//!
//! A package is a ZIP with `imsmanifest.xml`, a page that talks to the platform (`launch.html`), and the whole app
//! in the folder `app`, so that it works without any other host. Manifest: ADL, "SCORM Content Aggregation Model 1.2",
//! section 2.3; talk: "SCORM Run-Time Environment 1.2", section 3.

use super::NamedFile;
use super::archive::write_zip;

/// What can be packed, by its name in the address.
pub const WIDGETS: [&str; 12] = [
    "convolution",
    "pooling",
    "chain",
    "backwards",
    "losses",
    "neuron",
    "optimizers",
    "network",
    "training",
    "callbacks",
    "confusion",
    "inside",
];

/// In front of the app's files.
const APP: &str = "app/";
const LAUNCH: [(&str, &str); 3] = [
    ("launch.html", include_str!("scorm/launch.html")),
    ("launch.css", include_str!("scorm/launch.css")),
    ("launch.js", include_str!("scorm/launch.js")),
];

/// One task for students.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// One of [`WIDGETS`].
    pub widget: String,
    /// What the course calls it.
    pub title: String,
    /// The tag of the language of `title`.
    pub language: String,
    /// The widget's state, as after the `?` of its address.
    pub state: String,
    /// The frame's options, as after the `?` of its address: `lang=ru&lock=strides`.
    pub options: String,
    /// The score that passes, in percent; without it to be done is all.
    pub pass: Option<u8>,
}

impl Package {
    /// The package with the app's files, named from the app's folder on.
    ///
    /// # Panics
    /// If the archive would need more than 4 GB or 65,535 files.
    pub fn zip(&self, app: Vec<NamedFile>) -> Vec<u8> {
        let pages = LAUNCH.map(|(name, text)| self.page(name, text));
        let app = app.into_iter().map(|file| NamedFile { name: format!("{APP}{}", file.name), ..file });
        let mut files: Vec<NamedFile> = pages.into_iter().chain(app).collect();
        let manifest = self.manifest(files.iter().map(|file| file.name.as_str()));
        files.insert(0, NamedFile { name: "imsmanifest.xml".into(), bytes: manifest.into_bytes() });
        write_zip(&files)
    }

    fn page(&self, name: &str, text: &str) -> NamedFile {
        let pass = self.pass.map_or(String::new(), |pass| pass.to_string());
        let filled = [
            ("{{lang}}", self.language.as_str()),
            ("{{title}}", &self.title),
            ("{{widget}}", &self.widget),
            ("{{state}}", &self.state),
            ("{{options}}", &self.options),
            ("{{pass}}", &pass),
        ];
        // What is filled in is escaped and thus holds no name of another place.
        let text = filled
            .into_iter()
            .fold(text.to_owned(), |text, (place, value)| text.replace(place, &escaped(value)));
        NamedFile { name: name.to_owned(), bytes: text.into_bytes() }
    }

    fn manifest<'a>(&self, files: impl Iterator<Item = &'a str>) -> String {
        let files = files.fold(String::new(), |list, name| {
            list + "      <file href=\"" + &escaped(&link(name)) + "\"/>\n"
        });
        let (title, widget) = (escaped(&self.title), &self.widget);
        let pass = self.pass.map_or(String::new(), |pass| {
            format!("\n        <adlcp:masteryscore>{pass}</adlcp:masteryscore>")
        });
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="svertka-{widget}" version="1.0"
    xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>{title}</title>
      <item identifier="task" identifierref="lab" isvisible="true">
        <title>{title}</title>{pass}
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="lab" type="webcontent" adlcp:scormtype="sco" href="launch.html">
{files}    </resource>
  </resources>
</manifest>
"#
        )
    }
}

/// A path as an address.
fn link(name: &str) -> String {
    let one = |byte: u8| {
        let is_plain = byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        if is_plain { char::from(byte).to_string() } else { format!("%{byte:02X}") }
    };
    name.bytes().map(one).collect()
}

/// A text in XML and HTML, also between quotation marks. Braces go, too, so that no text holds a place to fill in.
fn escaped(text: &str) -> String {
    let one = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '{' => "&#123;".to_owned(),
        '}' => "&#125;".to_owned(),
        // XML knows no other control characters, not even by number.
        c if c.is_control() && !"\t\n\r".contains(c) => " ".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(one).collect()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))] // they read the package with a crate that only native tests have
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::io::Read;

    fn package() -> Package {
        Package {
            widget: "pooling".into(),
            title: "Пулинг: \"окно\" & <шаг> {{pass}}".into(),
            language: "ru".into(),
            state: "kind=max&strides=2,2".into(),
            options: "lang=ru&lock=strides".into(),
            pass: Some(60),
        }
    }

    /// The files of a package, as another program reads them.
    fn unpacked(package: &Package) -> BTreeMap<String, String> {
        let app = [("index.html", "<p>app"), ("data/a b.bin", "x")];
        let app = app.map(|(name, text)| NamedFile { name: name.into(), bytes: text.into() });
        let zip = package.zip(app.into());
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
        let mut read = |idx| {
            let mut file = archive.by_index(idx).unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).unwrap();
            (file.name().to_owned(), text)
        };
        (0..6).map(&mut read).collect()
    }

    /// Checks that an XML text is well formed, as far as the manifest's forms go: elements with attributes, closed in
    /// their order; gives `path attributes text` of each.
    fn elements(xml: &str) -> Vec<(String, String, String)> {
        let (mut open, mut found): (Vec<&str>, Vec<(String, String, String)>) = (vec![], vec![]);
        for part in xml.split('<').skip(2) {
            let (tag, text) = part.split_once('>').unwrap();
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(open.pop(), Some(name));
                continue;
            }
            let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            assert_eq!(attributes.matches('"').count() % 2, 0, "{attributes}");
            open.push(name);
            found.push((open.join("/"), attributes.to_owned(), text.trim().to_owned()));
            if is_empty {
                open.pop();
            }
        }
        assert_eq!(open, Vec::<&str>::new());
        found
    }

    #[test]
    fn the_manifest_names_one_task_and_every_file() {
        let files = unpacked(&package());
        let manifest = elements(&files["imsmanifest.xml"]);
        let text = |path: &str| manifest.iter().find(|(at, ..)| at == path).map(|(_, _, text)| text.as_str());
        let title = "Пулинг: &quot;окно&quot; &amp; &lt;шаг&gt; &#123;&#123;pass&#125;&#125;";
        assert_eq!(text("manifest/metadata/schema"), Some("ADL SCORM"));
        assert_eq!(text("manifest/metadata/schemaversion"), Some("1.2"));
        assert_eq!(text("manifest/organizations/organization/title"), Some(title));
        assert_eq!(text("manifest/organizations/organization/item/adlcp:masteryscore"), Some("60"));
        let attributes =
            |path: &str| manifest.iter().find(|(at, ..)| at == path).map(|(_, text, _)| text.as_str());
        assert!(attributes("manifest/organizations").unwrap().contains("default=\"course\""));
        assert!(attributes("manifest/organizations/organization").unwrap().contains("identifier=\"course\""));
        assert!(
            attributes("manifest/organizations/organization/item").unwrap().contains("identifierref=\"lab\"")
        );
        let resource = attributes("manifest/resources/resource").unwrap();
        for part in
            ["identifier=\"lab\"", "type=\"webcontent\"", "adlcp:scormtype=\"sco\"", "href=\"launch.html\""]
        {
            assert!(resource.contains(part), "{resource}");
        }
        let listed = manifest.iter().filter(|(path, ..)| path == "manifest/resources/resource/file");
        let listed: Vec<_> = listed.map(|(_, attributes, _)| attributes.clone()).collect();
        let names = ["launch.html", "launch.css", "launch.js", "app/index.html", "app/data/a%20b.bin"];
        assert_eq!(listed, names.map(|name| format!("href=\"{name}\"")));
        assert!(files.contains_key("app/data/a b.bin") && files.len() == 6);
    }

    #[test]
    fn the_launch_page_holds_the_task_and_no_place_to_fill_in() {
        let files = unpacked(&package());
        let page = &files["launch.html"];
        for part in [
            "data-widget=\"pooling\"",
            "data-state=\"kind=max&amp;strides=2,2\"",
            "data-options=\"lang=ru&amp;lock=strides\"",
            "data-pass=\"60\"",
            "<html lang=\"ru\">",
        ] {
            assert!(page.contains(part), "{part} in {page}");
        }
        assert!(!page.contains("{{"), "{page}");
    }

    #[test]
    fn without_a_score_that_passes_none_is_named() {
        let files = unpacked(&Package { pass: None, ..package() });
        assert!(!files["imsmanifest.xml"].contains("masteryscore"));
        assert!(files["launch.html"].contains("data-pass=\"\""));
    }

    #[test]
    fn the_same_package_has_the_same_bytes() {
        assert_eq!(package().zip(vec![]), package().zip(vec![]));
    }
}
