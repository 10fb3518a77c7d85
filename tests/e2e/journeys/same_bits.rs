//! Same spec, data and seed: the same bits in the browser as on this machine.

use std::path::Path;
use std::sync::Arc;

use svertka::data::files;
use svertka::engine::model::Sequential;
use svertka::engine::presets::Preset;
use svertka::engine::spec::RunSpec;
use svertka::engine::trainer::{Trainer, fit};
use svertka::formats::{ModelFile, write_weights};
use svertka::ui::locale::Language;

use crate::browser::Lab;
use crate::harness::{Setup, drive};
use crate::pages::files as files_page;
use crate::pages::training::{self, Run};

#[test]
fn the_browser_trains_to_the_same_bits_as_this_machine() {
    drive(Setup::new("same_bits", Language::En), async |lab: Lab| {
        let run = Run { preset: Preset::Lenet5, seed: 7, ..Run::default() };
        lab.open("").await;
        training::train(&lab, &run).await;
        let (model_json, weights) = files_page::save(&lab).await;

        let file = ModelFile::from_json(&String::from_utf8(model_json).unwrap()).unwrap();
        let job = file.job.expect("a trained model says how it was trained");
        assert_eq!((job.data.samples, job.seed, job.fit.epochs), (run.samples, run.seed, run.epochs));
        assert_eq!(job.model, run.preset.spec());
        assert!(weights == trained_here(&job), "the weights differ");
    });
}

/// The weights file of the same run, without a browser.
pub fn trained_here(job: &RunSpec) -> Vec<u8> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    let (_, images, _) = files::load(&data, job.data.dataset, job.data.samples, 0).unwrap();
    let model = Sequential::new(&job.model, job.seed).unwrap();
    let mut trainer = Trainer::new(model, job, Arc::new(images));
    fit(&mut trainer, |_| ());
    write_weights(&job.model, trainer.into_model().params()).unwrap()
}
