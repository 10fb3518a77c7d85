//! The cells' Python beyond the program that [`crate::formats::keras_code`] writes.

use crate::data::DatasetId;
use crate::engine::fit_spec::ValidationFreq;
use crate::engine::spec::RunSpec;

/// What the classes are called in pictures: the names that the datasets were published with.
const FASHION: &str = r#"["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"]"#;

/// A text in Python's quotes.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The images that are judged: `test`, `val` or `train`.
pub fn judged(run: &RunSpec) -> &'static str {
    match run.data.test_samples {
        0 if run.data.validation_samples > 0 => "val",
        0 => "train",
        _ => "test",
    }
}

pub fn imports(program: &str) -> String {
    let mut standard = vec!["import csv"];
    let mut others = vec!["import matplotlib.pyplot as plt", "import numpy as np"];
    for line in program.lines().filter(|line| !line.is_empty()) {
        let list = if line == "import math" { &mut standard } else { &mut others };
        if !list.contains(&line) {
            list.push(line);
        }
    }
    // Plain imports before those of names, each group in its order, as formatters put them.
    standard.push("from pathlib import Path");
    others.sort_by_key(|line| (line.starts_with("from"), line.split_whitespace().nth(1).map(str::to_owned)));
    format!("{}\n\n{}\n", standard.join("\n"), others.join("\n"))
}

pub fn weights(file: &str, has_optimizer: bool) -> String {
    let build = if has_optimizer { "model.optimizer.build(model.trainable_variables)\n" } else { "" };
    format!("{build}model.load_weights({})\n", quoted(file))
}

pub fn evaluate(judged: &str) -> String {
    format!("print(model.evaluate(x_{judged}, y_{judged}, return_dict=True))\n")
}

pub fn confusion(dataset: DatasetId, judged: &str, class_axis: &str, answer_axis: &str) -> String {
    let names = match dataset {
        DatasetId::Mnist => "[str(digit) for digit in range(10)]",
        DatasetId::FashionMnist => FASHION,
    };
    let (class_axis, answer_axis) = (quoted(class_axis), quoted(answer_axis));
    format!(
        r#"names = {names}
outputs = model.predict(x_{judged}, verbose=0)
answers = outputs.argmax(axis=-1) if outputs.shape[-1] > 1 else np.rint(outputs[:, 0]).clip(0, 9).astype(int)
labels = y_{judged}.argmax(axis=-1) if y_{judged}.ndim > 1 else y_{judged}
confusion = np.zeros((10, 10), dtype=int)
np.add.at(confusion, (labels, answers), 1)

plt.figure(figsize=(7, 7))
plt.imshow(confusion, cmap="Blues")
for (row, column), count in np.ndenumerate(confusion):
    color = "white" if count > confusion.max() / 2 else "black"
    plt.text(column, row, count, ha="center", va="center", color=color)
plt.xticks(range(10), names, rotation=90)
plt.yticks(range(10), names)
plt.xlabel({answer_axis})
plt.ylabel({class_axis})
plt.show()
"#
    )
}

pub fn curves(run: &RunSpec, table: &str, epoch_axis: &str) -> String {
    let validated = match &run.fit.validation_freq {
        ValidationFreq::Every(1) => "history.epoch".to_owned(),
        ValidationFreq::Every(every) => {
            format!("[epoch for epoch in history.epoch if (epoch + 1) % {every} == 0]")
        }
        ValidationFreq::Epochs(epochs) => {
            format!("[epoch for epoch in history.epoch if epoch + 1 in {epochs:?}]")
        }
    };
    let (table, epoch_axis) = (quoted(table), quoted(epoch_axis));
    format!(
        r#"before = []
if Path({table}).exists():
    with open({table}, newline="") as file:
        before = [row for row in csv.DictReader(file) if int(row["epoch"]) < history.epoch[0]]
validated = {validated}
quantities = [name for name in history.history if not name.startswith("val_")]

figure, plots = plt.subplots(1, len(quantities), figsize=(5 * len(quantities), 4), squeeze=False)
for plot, quantity in zip(plots[0], quantities):
    for name, epochs in ((quantity, history.epoch), ("val_" + quantity, validated)):
        points = [(int(row["epoch"]) + 1, float(row[name])) for row in before if row.get(name, "NA") != "NA"]
        points += [(epoch + 1, value) for epoch, value in zip(epochs, history.history.get(name, []))]
        if points:
            plot.plot(*zip(*points), marker="o", label=name)
    plot.set_xlabel({epoch_axis})
    plot.legend()
plt.show()
"#
    )
}
