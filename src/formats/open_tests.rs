use super::*;
use crate::engine::model::Sequential;
use crate::engine::presets::Preset;

fn saved() -> SavedModel {
    let model = Preset::Mlp.spec();
    let params = Sequential::new(&model, 3).unwrap().params().to_vec();
    SavedModel { job: Some(RunSpec::new(model.clone())), model, params, epochs: Some(2), optimizer: None }
}

fn wrapping() -> Wrapping {
    Wrapping { stem: "mlp".to_owned(), date: String::new(), language: crate::formats::Language::English }
}

#[test]
fn what_is_written_is_recognized_under_any_name() {
    let saved = saved();
    for (format, _) in WRITERS.iter().filter(|(format, _)| format.is_read()) {
        let file = write(*format, &saved, &wrapping()).unwrap().remove(0);
        assert_eq!(recognize(&file.name, &file.bytes), Some(*format), "{format:?}");
        // Without its name it is at least read.
        let opened = read("download", &file.bytes, saved.job.as_ref()).unwrap();
        assert_eq!(opened.saved.params, saved.params, "{format:?}");
    }
}

#[test]
fn formats_that_hold_no_layers_need_a_model() {
    let saved = saved();
    for (format, _) in WRITERS.iter().filter(|(format, _)| format.is_read() && !format.holds_layers()) {
        let file = write(*format, &saved, &wrapping()).unwrap().remove(0);
        assert_eq!(read(&file.name, &file.bytes, None), Err(FormatError::NeedsModel { format: *format }));
        let models = [Preset::Lenet5.spec(), Preset::Mlp.spec()];
        assert_eq!(fitting(&file.name, &file.bytes, &models), [1], "{format:?}");
    }
}

#[test]
fn other_files_are_named() {
    let unknown = read("cat.png", b"\x89PNG", None).unwrap_err();
    assert_eq!(unknown, FormatError::UnknownFile { name: "cat.png".to_owned() });
    let onnx = read("net.onnx", b"x", None).unwrap_err();
    assert_eq!(onnx, FormatError::OneWay { format: ModelFormat::Onnx, writing: false });
    assert_eq!(onnx.to_string(), "files of the kind onnx are not read here");
}
