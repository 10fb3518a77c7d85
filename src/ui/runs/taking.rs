//! Files that callbacks made, on their way to the reader's disk: one, several as a ZIP, or all into a folder.

use leptos::prelude::*;
use leptos_i18n::I18nContext;

use super::keeper::RunKeeper;
use super::words::run_words;
use super::{KeptRun, MadeFile, Origin, lines};
use crate::formats::run_json::write_run;
use crate::formats::{ModelFormat, NamedFile};
use crate::protocol::{FilesEvent, FilesRequest};
use crate::ui::browser::{ObjectUrl, download};
use crate::ui::files::{FileWords, ask, write_as};
use crate::ui::folder::{Folder, FolderError};
use crate::ui::i18n::{Locale, t_string};
use crate::ui::locale::Language;
use crate::ui::pages::files::Refusal;

/// Bytes of the files of a ZIP, at most: page and worker hold them all at once.
pub const MOST_ZIP_BYTES: usize = 200_000_000;

/// Why files could not be taken.
#[derive(Clone, Debug, PartialEq)]
pub enum TakeError {
    /// It is not kept, or no longer.
    Gone(String),
    /// It could not be made.
    Refused(Refusal),
    /// The folder does not take it.
    Folder(FolderError),
    /// A ZIP would be larger than it may be.
    TooLarge(usize),
}

/// Where a taking stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Taking {
    /// So many of so many files are made.
    Busy(usize, usize),
    /// The browser saves a file of this name.
    Saved(String),
    /// So many files are in the folder of this name.
    Written(usize, String),
    /// It ended otherwise.
    Failed(TakeError),
}

/// Where the files go.
#[derive(Clone, Debug, PartialEq)]
pub enum Goal {
    /// A single one to where the browser saves files.
    File,
    /// Into a ZIP of this name.
    Zip(String),
    /// Into a folder that the reader chooses.
    Folder,
}

/// Makes files and takes them there; what becomes of it is told in `told`.
pub async fn take(
    keeper: RunKeeper,
    run: &KeptRun,
    files: Vec<MadeFile>,
    goal: Goal,
    language: Language,
    told: RwSignal<Option<Taking>>,
) {
    let source = Source { keeper, run, language, told };
    let taken = match goal {
        Goal::File => source.single(&files).await,
        Goal::Zip(name) => source.zip(&files, name).await,
        Goal::Folder => source.folder(&files).await,
    };
    // The page may have been left meanwhile.
    told.try_set(match taken {
        Ok(taking) => Some(taking),
        // Who has chosen no folder wants nothing to be said.
        Err(TakeError::Folder(FolderError::Cancelled)) => None,
        Err(error) => Some(Taking::Failed(error)),
    });
}

struct Source<'a> {
    keeper: RunKeeper,
    run: &'a KeptRun,
    language: Language,
    told: RwSignal<Option<Taking>>,
}

impl Source<'_> {
    async fn single(&self, files: &[MadeFile]) -> Result<Taking, TakeError> {
        let file = files.first().ok_or_else(|| TakeError::Gone(String::new()))?;
        let bytes = self.bytes(file).await?;
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        save(name, &bytes)
    }

    async fn zip(&self, files: &[MadeFile], name: String) -> Result<Taking, TakeError> {
        let bytes: usize = files.iter().map(|file| file.bytes).sum();
        if bytes > MOST_ZIP_BYTES {
            return Err(TakeError::TooLarge(bytes));
        }
        let mut made = Vec::with_capacity(files.len());
        for (idx, file) in files.iter().enumerate() {
            self.told.try_set(Some(Taking::Busy(idx, files.len())));
            made.push(NamedFile { name: file.path.clone(), bytes: self.bytes(file).await? });
        }
        match ask(|run| FilesRequest::Pack { run, name, files: made }).await {
            Ok(FilesEvent::Written { file, .. }) => save(&file.name, &file.bytes),
            Ok(_) => Err(TakeError::Refused(Refusal::Died)),
            Err(refusal) => Err(TakeError::Refused(refusal)),
        }
    }

    async fn folder(&self, files: &[MadeFile]) -> Result<Taking, TakeError> {
        // First: the browser asks only at a press of a button.
        let folder = Folder::choose().await.map_err(TakeError::Folder)?;
        for (idx, file) in files.iter().enumerate() {
            self.told.try_set(Some(Taking::Busy(idx, files.len())));
            let bytes = self.bytes(file).await?;
            folder.write(&file.path, &bytes).await.map_err(TakeError::Folder)?;
        }
        Ok(Taking::Written(files.len(), folder.name()))
    }

    async fn bytes(&self, file: &MadeFile) -> Result<Vec<u8>, TakeError> {
        let gone = || TakeError::Gone(file.path.clone());
        match &file.origin {
            Origin::Checkpoint(path) => {
                let saved = Box::new(self.keeper.file(&self.run.id, path).await.ok_or_else(gone)?);
                let written = write_as(format_of(path), saved, "model".to_owned(), self.language).await;
                written.map(|file| file.bytes).map_err(TakeError::Refused)
            }
            Origin::Events(path) => self.keeper.log(&self.run.id, path).await.ok_or_else(gone),
            Origin::Lines(callback) => lines(self.run, *callback).map(String::into_bytes).ok_or_else(gone),
            Origin::Settings => Ok(write_run(&self.run.job).into_bytes()),
        }
    }
}

fn save(name: &str, bytes: &[u8]) -> Result<Taking, TakeError> {
    let url = ObjectUrl::new(bytes, "application/octet-stream").ok_or(TakeError::Refused(Refusal::Died))?;
    download(&url, name);
    Ok(Taking::Saved(name.to_owned()))
}

/// What Keras writes under a name: it tells by the ending, and lets `ModelCheckpoint` have no other one.
fn format_of(path: &str) -> ModelFormat {
    let path = path.to_ascii_lowercase();
    let endings = [
        (".weights.h5", ModelFormat::KerasWeights),
        (".h5", ModelFormat::KerasH5),
        (".hdf5", ModelFormat::KerasH5),
    ];
    let known = endings.into_iter().find(|(ending, _)| path.ends_with(ending));
    known.map_or(ModelFormat::Keras, |(_, format)| format)
}

/// Says where a taking stands.
pub fn taking_text(i18n: I18nContext<Locale>, taking: &Taking) -> String {
    let words = run_words(i18n);
    let language = words.language;
    match taking {
        Taking::Busy(done, total) => {
            let (done, total) = (language.count(*done), language.count(*total));
            t_string!(i18n, runs.made.busy, done, total).to_string()
        }
        Taking::Saved(name) => t_string!(i18n, runs.made.saved, name).to_string(),
        Taking::Written(count, folder) => {
            let n = language.count(*count);
            t_string!(i18n, runs.made.written, count = *count, n, folder).to_string()
        }
        Taking::Failed(TakeError::Gone(name)) => t_string!(i18n, runs.made.gone, name).to_string(),
        Taking::Failed(TakeError::Refused(refusal)) => FileWords { i18n, language }.refusal(refusal),
        Taking::Failed(TakeError::TooLarge(bytes)) => {
            let (size, most) = (words.bytes(*bytes as f64), words.bytes(MOST_ZIP_BYTES as f64));
            t_string!(i18n, runs.made.too_large, size, most).to_string()
        }
        Taking::Failed(TakeError::Folder(FolderError::Failed(detail))) => {
            t_string!(i18n, runs.made.folder_failed, detail).to_string()
        }
        Taking::Failed(TakeError::Folder(FolderError::Forbidden | FolderError::Cancelled)) => {
            t_string!(i18n, runs.made.forbidden).to_string()
        }
    }
}
