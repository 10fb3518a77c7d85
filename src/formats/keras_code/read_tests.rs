//! What notebooks say, and what is said of it.

use super::{
    Expected, KerasCodeError, KerasCodeProblem, KerasCodeRemark, KerasProgram, Skipped, read_program,
    write_program,
};
use crate::engine::layers::{LayerDef, LayerSpec};
use crate::engine::presets::Preset;
use crate::engine::spec::{DataSpec, RunSpec};
use crate::formats::run_json::RunJsonError;
use crate::tensor::Shape;
use crate::tensor::rng::{Purpose, Rng};

fn read(text: &str) -> KerasProgram {
    read_program(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn classes(text: &str) -> Vec<&'static str> {
    read(text).model.layers.iter().map(LayerDef::class_name).collect()
}

fn refused(text: &str) -> KerasCodeError {
    match read_program(text) {
        Err(error) => error,
        Ok(program) => panic!("{program:?}\n{text}"),
    }
}

/// Line, column and words of what is wrong.
fn wrong(text: &str) -> (usize, usize, String) {
    let error = refused(text);
    (error.position.line, error.position.column, error.problem.to_string())
}

/// A model of one layer with `layers` behind it, from the fourth line on.
fn sequential(layers: &str) -> String {
    format!(
        "import keras\nfrom keras import layers\nm = keras.Sequential([keras.Input((8, 8, 1)),\n{layers}])\n"
    )
}

fn remarks(program: &KerasProgram) -> Vec<&KerasCodeRemark> {
    program.notes.iter().map(|note| &note.remark).collect()
}

#[test]
fn a_model_can_be_said_in_many_ways() {
    let ways = [
        "import keras\nmodel = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3), keras.layers.ReLU()])",
        "from tensorflow.keras import Sequential, layers as L\nm = Sequential()\nm.add(L.InputLayer(input_shape=(4,)))\n\
         m.add(L.Dense(3)); m.add(L.ReLU())",
        "from keras.models import *\nfrom keras.layers import *\nnet = Sequential(layers=[Dense(3, input_dim=4), ReLU()])",
        "import tensorflow as tf\ni = x = tf.keras.layers.Input([4])\nfor layer in (tf.keras.layers.Dense(3), \
         tf.keras.layers.ReLU()):\n  x = layer(x)\nm = tf.keras.Model(i, x)",
        "import keras\nhidden = [keras.layers.Dense(3)]\nhidden += [keras.layers.ReLU()]\nm = keras.Sequential(hidden)\n\
         m.build((None, 4))\nm.summary()",
        "import keras\ndef net(units=8, size=4):\n  'Returns a model.'\n  m = keras.Sequential()\n  m.add(keras.Input((size,)))\n\
         \x20 m.add(keras.layers.Dense(units))\n  if units > 2:\n    m.add(keras.layers.ReLU())\n  else:\n    m.add(keras.layers.ELU())\n\
         \x20 return m\nm = net(units=3)",
    ];
    for way in ways {
        let program = read(way);
        assert_eq!(program.model.input_shape, Shape::from([4]), "{way}");
        assert_eq!(program.model.shapes().unwrap().last(), Some(&Shape::from([3])), "{way}");
        assert_eq!(classes(way), ["Dense", "ReLU"], "{way}");
        let skipped = |remark: &&KerasCodeRemark| matches!(remark, KerasCodeRemark::NotImported { .. });
        assert!(!remarks(&program).iter().any(skipped), "{way}");
    }
}

#[test]
fn names_that_were_not_imported_are_taken_for_keras_and_named() {
    let program = read("model = Sequential([Input((4,)), Dense(3), layers.ReLU(), Dense(2)])");
    let names: Vec<&str> = program
        .notes
        .iter()
        .map(|note| match &note.remark {
            KerasCodeRemark::NotImported { name } => name.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, ["Sequential", "Input", "Dense", "layers"]);
}

#[test]
fn values_are_computed() {
    let text = sequential(
        "*[], layers.Conv2D(filters=2 ** 3 * (1 + 1), kernel_size=(7 // 2,) * 1 or 3, activation=None),",
    );
    // An unpacked list is not followed.
    assert!(matches!(refused(&text).problem, KerasCodeProblem::NotKnown { .. }));
    let text = "import keras\nA, (B, C) = 2, (3, 4.0)\nUNITS = {'a': 1}\nsize = A * B - int(C) // 3\n\
                l1 = keras.regularizers.l2(10 ** -3 / 2)\nname = 're' + 'lu'\n\
                m = keras.Sequential([keras.Input((size,)), keras.layers.Dense(A, name, kernel_regularizer=l1)])";
    let program = read(text);
    assert_eq!(program.model.input_shape, Shape::from([5]));
    let LayerSpec::Dense(dense) = &program.model.layers[0] else { panic!("{program:?}") };
    assert_eq!((dense.units, dense.activation.name()), (2, "relu"));
    let saved = serde_json::to_value(&dense.kernel_regularizer).unwrap();
    assert!((saved["L2"]["l2"].as_f64().unwrap() - 5e-4).abs() < 1e-9);
}

#[test]
fn an_error_names_the_place_and_what_is_expected() {
    for (layers, line, column, part) in [
        ("layers.Dens(3)", 4, 1, "there is no Dens, did you mean Dense?"),
        ("layers.Dense(\n  units='3')", 5, 3, "expected a whole number from 0, got string \"3\""),
        ("layers.Dense(3, activation='rleu')", 4, 17, "there is no rleu, did you mean relu?"),
        ("layers.Dense(3,\n     activaton='relu')", 5, 6, "unknown key, did you mean activation?"),
        ("layers.Dense(3, kernel_regularizer=keras.regularizers.l3(0.1))", 4, 36, "there is no l3"),
        ("layers.Dense()", 4, 1, "Dense needs units"),
        ("layers.Dense(3, units=4)", 4, 17, "given units twice"),
        ("layers.ELU(1.0, 2.0)", 4, 17, "takes 1 arguments without a name, got 2"),
        ("layers.Dense(units)", 4, 14, "units cannot be known"),
        ("layers.Dense", 4, 1, "expected a layer, got keras.layers.Dense"),
        ("keras.optimizers.Adam()", 4, 1, "expected a layer, got Adam"),
        ("layers.Dense(3),\n layers.Conv2D(2, 9)", 5, 2, "window 9x9"),
        ("layers.ELU(float('inf'))", 4, 12, "expected a finite number, got inf"),
        ("layers.Dense(3,, 4)", 4, 16, "expected a value, got ,"),
        ("layers.Lambda(lambda x: x + 1)", 4, 1, "there is no Lambda"),
    ] {
        let (at_line, at_column, words) = wrong(&sequential(layers));
        assert!(words.contains(part), "{layers}: {words}");
        assert_eq!((at_line, at_column), (line, column), "{layers}: {words}");
    }
}

#[test]
fn what_concerns_the_model_and_is_not_understood_is_named() {
    let model = sequential("layers.Dense(3)");
    for (line, part) in [
        ("m.layers[0].trainable = False", "cannot be used: m.layers[0].trainable"),
        ("for layer in m.layers:\n  layer.trainable = False", "m.layers cannot be known"),
        ("while m.loss > 1: m.fit(x, y)", "cannot be used: while"),
        ("m.compile(metrics=[keras.metrics.Accuracy()])", "expected \"accuracy\""),
        ("m.compile('adamm')", "there is no adamm, did you mean Adam?"),
        ("m.compile(optimiser='adam')", "did you mean optimizer?"),
        ("m.fit(x, y, epochs=args.epochs)", "args.epochs cannot be known"),
        ("m.fit(x, y, epochs=0)", "epochs"),
        ("m.fit(x, y, callbacks=[MyCallback()])", "MyCallback() cannot be known"),
        ("m.compile('adam')\nm.fit(x, y, callbacks=[keras.callbacks.ModelCheckpoint('a.txt')])", "a.txt"),
        ("m.add(keras.layers.Dense(2)", "the bracket ( has no other half"),
        ("if flag:\n  m.add(layers.Dense(2))", "flag cannot be known"),
    ] {
        let (at, _, words) = wrong(&format!("{model}{line}\n"));
        assert!(words.contains(part), "{line}: {words}");
        assert!(at >= 5, "{line}: line {at}");
    }
}

#[test]
fn functions_of_the_epoch_that_are_not_known_are_refused_with_their_reason() {
    let model = sequential("layers.Dense(3)");
    for function in [
        "lambda epoch: 0.1 / (1 + epoch)",
        "lambda e, lr, x: lr",
        "lambda epoch, lr: lr if epoch > 3 else lr * 0.5",
    ] {
        let text =
            format!("{model}m.fit(x, y, callbacks=[keras.callbacks.LearningRateScheduler({function})])");
        let error = refused(&text);
        assert!(matches!(error.problem, KerasCodeProblem::ScheduleFunction { .. }), "{function}: {error}");
        assert_eq!(error.position.line, 5);
    }
    let text = format!(
        "def f(epoch):\n  rate = 0.1\n  return rate / epoch\n{model}\
        m.fit(x, y, callbacks=[keras.callbacks.LearningRateScheduler(f)])"
    );
    assert!(matches!(refused(&text).problem, KerasCodeProblem::ScheduleFunction { .. }));
}

#[test]
fn more_than_one_chain_is_refused() {
    let head = "import keras\nfrom keras import layers\ni = keras.Input((4,))\n";
    for (lines, line) in [
        ("a = layers.Dense(2)(i)\nb = layers.Dense(2)(i)\nx = layers.add([a, b])\nm = keras.Model(i, x)", 6),
        ("a = layers.Dense(2)(i)\nx = a + i\nm = keras.Model(i, x)", 5),
        ("d = layers.Dense(4)\nx = d(d(i))\nm = keras.Model(i, x)", 5),
        ("x = keras.ops.relu(i)\nm = keras.Model(i, x)", 4),
        ("x = layers.Dense(2)(i)\nm = keras.Model(keras.Input((4,)), x)", 5),
        ("x = layers.Dense(2)(i)\nm = keras.Model(i, [x, x])", 5),
    ] {
        let error = refused(&format!("{head}{lines}"));
        assert!(matches!(error.problem, KerasCodeProblem::NotAChain { .. }), "{lines}: {error}");
        assert_eq!(error.position.line, line, "{lines}");
    }
    let unused = format!(
        "{head}a = layers.Dense(2)(i)\nx = layers.ReLU()(a)\nother = layers.ELU()(a)\nm = keras.Model(i, x)"
    );
    assert_eq!(classes(&unused), ["Dense", "ReLU"]);
}

#[test]
fn a_model_within_another_one_stands_there_once() {
    let inner = "part = keras.Sequential([keras.layers.Dense(4)])\n";
    let outer = "model = keras.Sequential([keras.Input((3,)), part, part])\n";
    let error = read_program(&format!("import keras\n{inner}{outer}")).unwrap_err();
    assert_eq!(error.problem, KerasCodeProblem::NotAChain { got: "Dense".into() });
    assert_eq!(error.position.line, 3);
}

#[test]
fn extents_beyond_all_memory_are_not_known() {
    let extents = u32::MAX;
    let data = format!(
        "(x, y), _ = keras.datasets.mnist.load_data()\n\
         x = x.reshape(-1, {extents}, {extents}, {extents}).reshape(-1, 5)\n"
    );
    let model = sequential("layers.Dense(10)");
    read(&format!("{data}{model}"));
}

#[test]
fn programs_without_a_model_or_its_input_say_so() {
    assert_eq!(refused("").problem, KerasCodeProblem::NoModel);
    assert_eq!(refused("print('hello')").problem, KerasCodeProblem::NoModel);
    let error =
        refused("import keras\n\nm = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3)])");
    assert_eq!((error.position.line, error.problem), (3, KerasCodeProblem::NoInputShape));
    let error = refused(
        "import keras\nclass Net(keras.Model):\n  def call(self, x):\n    return x\nm = Net()\nm.fit(x)",
    );
    assert_eq!(error.position.line, 2);
    assert!(matches!(error.problem, KerasCodeProblem::Statement { .. }), "{error}");
    let error =
        refused("import keras\nm = keras.Sequential([keras.Input((None, 3)), keras.layers.Dense(3)])");
    let KerasCodeProblem::Value(problem) = &error.problem else { panic!("{error}") };
    let RunJsonError::WrongType { path, .. } = &**problem else { panic!("{error}") };
    assert_eq!((path.as_str(), error.position.column), ("model.input_shape[0]", 36));
}

#[test]
fn lines_about_something_else_are_left_out_with_a_note_each() {
    let text = format!(
        "{}import os\n%matplotlib inline\nprint('a')\nos.environ['X'] = '1'\nm.summary()\nplt.plot(\n  [1])\n\
         def show(x):\n  print(x)\nshow(1)\nassert m\nm.evaluate(x, y)\nm.save('a.keras')\nx = y.max()\nwith open('f') as f:\n  f.write('a')\n\
         print 'two'\nfor i in range(3):\n  print(i)\n'''A text.'''\n",
        sequential("layers.Dense(3)")
    );
    let program = read(&text);
    let found: Vec<(usize, Skipped)> = program
        .notes
        .iter()
        .map(|note| match &note.remark {
            KerasCodeRemark::Skipped { kind, .. } => (note.position.line, *kind),
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        (6, Skipped::Magic),
        (7, Skipped::Output),
        (8, Skipped::Other),
        (9, Skipped::Summary),
        (10, Skipped::Output),
        (12, Skipped::Output),
        (13, Skipped::Output),
        (14, Skipped::Output),
        (15, Skipped::Other),
        (16, Skipped::Evaluation),
        (17, Skipped::Files),
        (18, Skipped::Other),
        (20, Skipped::Other),
        (21, Skipped::Output),
        (22, Skipped::Output),
    ];
    assert_eq!(found, expected);
    let last = |line: usize| {
        program.notes.iter().find_map(|note| match &note.remark {
            KerasCodeRemark::Skipped { last_line, .. } if note.position.line == line => Some(*last_line),
            _ => None,
        })
    };
    assert_eq!((last(10), last(12), last(7)), (Some(11), Some(13), Some(7)));
}

#[test]
fn the_images_that_are_used_are_known() {
    let choice = |lines: &str| {
        let head = "import keras\n(a, b), (c, d) = keras.datasets.fashion_mnist.load_data()\n";
        read(&format!("{head}{}{lines}", sequential("layers.Dense(3)"))).data
    };
    let fashion = |samples, validation_samples, test_samples| {
        let dataset = crate::data::DatasetId::FashionMnist;
        Some(DataSpec { dataset, samples, validation_samples, test_samples, class_counts: None })
    };
    assert_eq!(choice("m.fit(a, b)"), fashion(60_000, 0, 10_000));
    assert_eq!(
        choice("a = a[:900] / 255\nm.fit(x=a, y=b[:900])\nm.evaluate(c[:50], d[:50])"),
        fashion(900, 0, 50)
    );
    assert_eq!(
        choice("m.fit(a[:-5000], b[:-5000], validation_data=(a[-5000:], b[-5000:]))"),
        fashion(60_000, 5_000, 10_000)
    );
    assert_eq!(choice("m.fit(a[:600], b[:600], validation_data=(c, d))"), fashion(600, 100, 10_000));
    assert_eq!(choice("m.fit(a[b < 5], b[b < 5])"), None);
    assert_eq!(choice("m.fit(a[100:], b[100:])"), None);
    assert_eq!(choice("m.compile('adam')"), None);
}

#[test]
fn one_of_several_models_is_read() {
    let text = "import keras\nfrom keras import layers\ni = keras.Input((4,))\nmlp = keras.Sequential([i, layers.Dense(3)])\n\
                cnn = keras.Sequential([i, layers.ELU()])\nmlp.compile('adam')\nmlp.compile('sgd')";
    let program = read(text);
    assert_eq!(classes(text), ["Dense"]);
    let remarks = remarks(&program);
    assert!(remarks.contains(&&KerasCodeRemark::OtherModel { name: "cnn".to_owned() }), "{remarks:?}");
    assert!(remarks.contains(&&KerasCodeRemark::Replaced { call: "compile".to_owned() }), "{remarks:?}");
    assert_eq!(classes(&format!("{text}\ncnn.fit(x, y)")), ["ELU"]);
}

#[test]
fn rescaling_first_and_models_within_models_are_understood() {
    let text =
        sequential("layers.Rescaling(1./255), keras.Sequential([layers.RandomFlip()]), layers.Flatten()");
    let program = read(&text);
    assert_eq!(classes(&text), ["RandomFlip", "Flatten"]);
    assert_eq!(remarks(&program), [&KerasCodeRemark::Rescaling, &KerasCodeRemark::Nested { layers: 1 }]);
    assert!(
        wrong(&sequential("layers.Flatten(), layers.Rescaling(1/255)")).2.contains("there is no Rescaling")
    );
}

/// Blocks within each other, each begun by `line`.
fn nested(depth: usize, line: &str) -> String {
    let lines: Vec<String> = (0..depth).map(|depth| format!("{:depth$}{line}\n", "")).collect();
    lines.concat()
}

#[test]
fn what_is_too_much_is_refused() {
    let deep = |open: &str, close: &str| format!("x = {}1{}", open.repeat(5_000), close.repeat(5_000));
    for text in [
        deep("(", ")"),
        deep("[", "]"),
        deep("f(", ")"),
        deep("-", ""),
        deep("not ", ""),
        deep("1 + ", ""),
        deep("a.", ".b"),
        format!("x = 1{}", " ** 2".repeat(5_000)),
        format!("x = a{}", ".b".repeat(5_000)),
        nested(200, "if a:"),
    ] {
        let problem = refused(&text).problem;
        assert!(!problem.to_string().is_empty());
    }
    let many = format!("{}for i in range(999):\n  m.add(layers.ELU())\n", sequential("layers.ELU()"));
    assert!(matches!(refused(&many).problem, KerasCodeProblem::TooManyLayers { .. }));
    let forever = "def f(x):\n  return f(x)\nf(1)\n";
    assert!(matches!(refused(forever).problem, KerasCodeProblem::TooDeep { .. }));
    let loops = "import keras\nm = keras.Sequential()\n".to_owned()
        + &nested(6, "for i in range(999):")
        + "      m.summary()\n";
    assert!(matches!(refused(&loops).problem, KerasCodeProblem::TooManySteps { .. }));
    let doubled = "a = [1]\n".to_owned() + &"a = [a, a]\n".repeat(100) + "print(a)\nb = a + a\n";
    assert_eq!(refused(&doubled).problem, KerasCodeProblem::NoModel);
}

#[test]
fn damaged_programs_are_read_or_refused() {
    let run = RunSpec::new(Preset::KerasCnn.spec());
    let texts = [
        write_program(&run),
        include_str!("../../../tests/golden/keras_code/snippets/lecture_convolution.py").to_owned(),
        include_str!("../../../tests/golden/keras_code/snippets/functional.py").to_owned(),
        include_str!("../../../tests/golden/keras_code/snippets/schedules.py").to_owned(),
    ];
    let pieces = [
        "(", ")", "[", "]", "{", "}", ",", ":", "=", ".", "\n", "    ", "\t", "'", "\"", "\\", "#",
        "lambda ", "if ", "for ", "def ", "class ", "return ", "import ", "from ", "*", "**", "-", "1",
        "0.5", "é", "“", "None", "model", "%",
    ];
    let (mut read, mut refused) = (0, 0);
    for (idx, text) in texts.iter().enumerate() {
        for end in (0..text.len()).step_by(7).filter(|end| text.is_char_boundary(*end)) {
            let _ = read_program(&text[..end]);
        }
        for draw in 0..400 {
            let mut rng = Rng::new(draw, Purpose::Init, idx as u64, 0);
            let mut damaged: Vec<char> = text.chars().collect();
            for _ in 0..=rng.below(3) {
                let at = rng.below(damaged.len() as u32) as usize;
                let piece = pieces[rng.below(pieces.len() as u32) as usize];
                match rng.below(3) {
                    0 => drop(damaged.remove(at)),
                    1 => drop(damaged.splice(at..at, piece.chars())),
                    _ => {
                        let end = (at + rng.below(40) as usize).min(damaged.len());
                        damaged.drain(at..end);
                    }
                }
            }
            match read_program(&damaged.into_iter().collect::<String>()) {
                Ok(program) => {
                    assert_eq!(program.model.validate(), Ok(()));
                    read += 1;
                }
                Err(error) => {
                    assert!(error.position.line >= 1 && !error.to_string().is_empty());
                    refused += 1;
                }
            }
        }
    }
    assert!(read > 100 && refused > 100, "{read} read, {refused} refused");
}

#[test]
fn errors_and_notes_survive_json() {
    let error = refused(&sequential("layers.Dense(3,, 4)"));
    assert!(matches!(&error.problem, KerasCodeProblem::Syntax { expected: Expected::Value, .. }));
    let json = serde_json::to_string(&error).unwrap();
    assert_eq!(serde_json::from_str::<KerasCodeError>(&json).unwrap(), error);
    let notes = read(&sequential("layers.Dense(3, name='a')")).notes;
    assert!(matches!(notes[0].remark, KerasCodeRemark::Argument(_)), "{notes:?}");
    let json = serde_json::to_string(&notes).unwrap();
    assert_eq!(serde_json::from_str::<Vec<super::KerasCodeNote>>(&json).unwrap(), notes);
}
