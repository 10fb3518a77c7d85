//! The page where weights go to disk and come back.

use std::fs;
use std::path::PathBuf;

use crate::browser::{Lab, SOON};

/// Names of the two files.
const MODEL: &str = "model.json";
const WEIGHTS: &str = "model.safetensors";

/// Saves both files, and gives the bytes of `model.json` and of `model.safetensors`.
pub async fn save(lab: &Lab) -> (Vec<u8>, Vec<u8>) {
    for name in [MODEL, WEIGHTS] {
        // A second file of the same name would get another one.
        let _ = fs::remove_file(lab.downloads.join(name));
    }
    lab.visit("files").await;
    lab.click_to_save("save-weights").await;
    let weights = lab.downloaded(WEIGHTS).await;
    lab.click_to_save("save-model").await;
    (lab.downloaded(MODEL).await, weights)
}

/// Picks the two saved files, both at once, and waits until they are in the worker.
pub async fn load(lab: &Lab) {
    lab.visit("files").await;
    let files: Vec<PathBuf> = [MODEL, WEIGHTS].iter().map(|name| lab.downloads.join(name)).collect();
    let paths: Vec<&str> = files.iter().map(|file| file.to_str().unwrap()).collect();
    let input = lab.find("input[type=file]", None).await;
    input.send_keys(&paths.join("\n")).await.unwrap();
    lab.until_true("the model from the files", SOON, async || lab.peek_id("loaded").await.is_some()).await;
}
