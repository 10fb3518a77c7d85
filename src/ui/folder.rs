//! [`Folder`]: a folder of the reader's disk, where the browser lets a page write into one: the File System
//! Access API, which Chromium has. It is called by its names, since `web_sys` counts it among what may change.

use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::DomException;

const PICKER: &str = "showDirectoryPicker";

/// Why a folder cannot be written into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FolderError {
    /// The reader chose none.
    Cancelled,
    /// The reader, or the browser, does not allow it.
    Forbidden,
    /// Anything else; the browser's own words.
    Failed(String),
}

/// A folder that the reader has chosen.
#[derive(Clone)]
pub struct Folder(JsValue);

impl Folder {
    /// Whether the browser has any; frames of other sites have none.
    pub fn are_there() -> bool {
        Reflect::get(&window(), &PICKER.into()).is_ok_and(|picker| picker.is_function())
    }

    /// Lets the reader choose one; to be called at a press of a button.
    ///
    /// # Errors
    /// If none is chosen.
    pub async fn choose() -> Result<Self, FolderError> {
        let options = Object::new();
        for (name, value) in [("mode", "readwrite"), ("id", "svertka")] {
            // Without them the browser asks once more, and begins elsewhere.
            let _ = Reflect::set(&options, &name.into(), &value.into());
        }
        call(&window(), PICKER, &[options.into()]).await.map(Self).map_err(reason)
    }

    /// What it is called.
    pub fn name(&self) -> String {
        Reflect::get(&self.0, &"name".into()).ok().and_then(|name| name.as_string()).unwrap_or_default()
    }

    /// Writes a file, whole or not at all, in folders below this one; another one of its name goes.
    ///
    /// # Errors
    /// If that is not possible.
    pub async fn write(&self, path: &str, bytes: &[u8]) -> Result<(), FolderError> {
        self.put(path, bytes).await.map_err(reason)
    }

    async fn put(&self, path: &str, bytes: &[u8]) -> Result<(), JsValue> {
        let create: JsValue = {
            let options = Object::new();
            Reflect::set(&options, &"create".into(), &JsValue::TRUE)?;
            options.into()
        };
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let mut folder = self.0.clone();
        for inner in folders.split('/').filter(|inner| !inner.is_empty()) {
            folder = call(&folder, "getDirectoryHandle", &[inner.into(), create.clone()]).await?;
        }
        let file = call(&folder, "getFileHandle", &[name.into(), create]).await?;
        let stream = call(&file, "createWritable", &[]).await?;
        let written = call(&stream, "write", &[Uint8Array::from(bytes).into()]).await;
        if let Err(error) = written {
            // What was begun is thrown away; if even that fails, the browser does it later.
            let _ = call(&stream, "abort", &[]).await;
            return Err(error);
        }
        call(&stream, "close", &[]).await.map(|_| ())
    }
}

/// Calls a method and waits for what it promises.
async fn call(target: &JsValue, method: &str, arguments: &[JsValue]) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(target, &method.into())?.dyn_into()?;
    let arguments: Array = arguments.iter().collect();
    let promise: Promise = Reflect::apply(&function, target, &arguments)?.dyn_into()?;
    JsFuture::from(promise).await
}

fn reason(error: JsValue) -> FolderError {
    let Ok(error) = error.dyn_into::<DomException>() else { return FolderError::Failed(String::new()) };
    match &*error.name() {
        "AbortError" => FolderError::Cancelled,
        "NotAllowedError" | "SecurityError" => FolderError::Forbidden,
        _ => FolderError::Failed(error.message()),
    }
}
