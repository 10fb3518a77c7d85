//! Writes files to begin with, one folder per target below the one that SEEDS names. It is built as the targets are, so
//! that nothing is compiled a second time for it, and libFuzzer has nothing to do here.

#![no_main]

use std::path::Path;
use std::{env, fs, io};

use svertka::engine::model::Sequential;
use svertka::engine::optimizers::OptimizerSpec;
use svertka::engine::presets::Preset;
use svertka::engine::spec::RunSpec;
use svertka::formats::npy::write_npy;
use svertka::formats::{
    Language, ModelFile, ModelFormat, OptimizerState, SavedModel, Wrapping, keras_code, run_json, write,
};
use svertka_fuzz::readers::known;

libfuzzer_sys::fuzz_target!(
    init: write_seeds().expect("seeds are written into a folder that can be"),
    |_bytes: &[u8]| {}
);

fn write_seeds() -> io::Result<()> {
    let folder = env::var("SEEDS").map_err(io::Error::other)?;
    let put = |target: &str, name: &str, bytes: &[u8]| {
        let folder = Path::new(&folder).join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    };
    put("npy", "floats", &write_npy(&[2, 3], &[1.0; 6]))?;
    for (idx, optimizer) in OptimizerSpec::palette().into_iter().enumerate() {
        let mut run = known();
        run.compile.optimizer = optimizer;
        put("run_json", &format!("optimizer-{idx}"), run_json::write_run(&run).as_bytes())?;
        put("keras_code", &format!("optimizer-{idx}"), keras_code::write_program(&run).as_bytes())?;
    }
    for preset in Preset::ALL {
        let run = RunSpec::new(preset.spec());
        put("keras_code", preset.id(), keras_code::write_program(&run).as_bytes())?;
        put("run_json", preset.id(), run_json::write_run(&run).as_bytes())?;
        let file = ModelFile::new(preset.spec(), Some(run));
        put("model_json", preset.id(), file.to_json().as_bytes())?;
    }
    let known = known();
    let model = Sequential::new(&known.model, 1).map_err(io::Error::other)?;
    let (params, built) = (model.params().to_vec(), known.compile.optimizer.build(&model.optimized_params()));
    let slots = built.slots().into_iter().map(|slot| slot.values.to_vec()).collect();
    let optimizer = OptimizerState { steps: 3, learning_rate: 0.001, slots };
    let (model, job) = (known.model.clone(), Some(known));
    let saved = SavedModel { model, params, job, epochs: None, optimizer: Some(optimizer) };
    let wrapping = Wrapping { stem: "known".to_owned(), date: "2026-11-29@13:05:00".to_owned(), language: Language::English };
    for (format, targets) in [
        (ModelFormat::Safetensors, &["safetensors"][..]),
        (ModelFormat::Npz, &["npz", "npz_arrays", "zip"]),
        (ModelFormat::Keras, &["keras", "zip"]),
        (ModelFormat::KerasWeights, &["weights_h5", "hdf5"]),
        (ModelFormat::KerasH5, &["legacy_h5", "hdf5"]),
    ] {
        let files = write(format, &saved, &wrapping).map_err(io::Error::other)?;
        for target in targets {
            put(target, &files[0].name, &files[0].bytes)?;
        }
    }
    Ok(())
}
