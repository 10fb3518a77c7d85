//! `model.summary()` as Keras prints it.
//!
//! Keras draws the table with the library Rich on a console of 80 columns. Its columns have the same widths
//! for every model, texts too long for them are broken between words, and counts stand at the right.

use std::fmt::Write;

use crate::engine::spec::{ModelSpec, SpecError};

const HEADS: [&str; 3] = ["Layer (type)", "Output Shape", "Param #"];
/// Of the columns' texts; a space stands at either side.
const WIDTHS: [usize; 3] = [31, 22, 13];

/// What `model.summary()` prints for a model that is not compiled yet.
///
/// # Errors
/// If the model cannot be built.
pub fn summary_text(model: &ModelSpec) -> Result<String, SpecError> {
    let name = if model.name.is_empty() { "sequential" } else { &model.name };
    let mut text = format!("Model: \"{name}\"\n");
    text += &border(['┏', '━', '┳', '┓']);
    text += &row(&HEADS.map(str::to_owned), '┃');
    text += &border(['┡', '━', '╇', '┩']);
    for (idx, line) in model.summary()?.iter().enumerate() {
        if idx > 0 {
            text += &border(['├', '─', '┼', '┤']);
        }
        let cells = [
            format!("{} ({})", line.name, line.class_name),
            line.output_shape.to_string(),
            with_commas(line.num_params),
        ];
        text += &row(&cells, '│');
    }
    text += &border(['└', '─', '┴', '┘']);
    let (total, trainable) = (model.num_params()?, model.num_trainable()?);
    for (what, count) in
        [("Total", total), ("Trainable", trainable), ("Non-trainable", total.saturating_sub(trainable))]
    {
        let _ = writeln!(text, " {what} params: {} ({})", with_commas(count), size(count));
    }
    Ok(text)
}

/// A line of the table's frame: left end, line, crossing, right end.
fn border([left, line, crossing, right]: [char; 4]) -> String {
    let parts: Vec<String> = WIDTHS.iter().map(|width| line.to_string().repeat(width + 2)).collect();
    format!("{left}{}{right}\n", parts.join(&crossing.to_string()))
}

/// The cells of a row on as many lines as the longest needs.
fn row(cells: &[String; 3], bar: char) -> String {
    let columns: Vec<Vec<String>> =
        cells.iter().zip(WIDTHS).map(|(cell, width)| wrapped(cell, width)).collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(1);
    let mut text = String::new();
    for line in 0..height {
        text.push(bar);
        for (column, width) in WIDTHS.iter().enumerate() {
            let cell = columns[column].get(line).map_or("", String::as_str);
            let is_count = column == WIDTHS.len() - 1;
            let _ = if is_count {
                write!(text, " {cell:>width$} {bar}")
            } else {
                write!(text, " {cell:<width$} {bar}")
            };
        }
        text.push('\n');
    }
    text
}

/// Words on lines of at most `width` columns; a word that is longer is cut, as Rich does it.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ if length > width => lines.push(word.chars().take(width - 1).chain(['…']).collect()),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `225,034`
fn with_commas(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Of so many 32-bit numbers.
fn size(count: usize) -> String {
    let mut bytes = count as f64 * 4.0;
    for unit in ["B", "KB", "MB", "GB", "TB"] {
        if bytes < 1024.0 {
            return format!("{bytes:.2} {unit}");
        }
        bytes /= 1024.0;
    }
    format!("{bytes:.2} PB")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::presets::Preset;

    #[test]
    fn every_line_of_the_table_is_as_wide() {
        let text = summary_text(&Preset::KerasCnn.spec()).unwrap();
        let table: Vec<&str> = text.lines().filter(|line| !line.is_ascii()).collect();
        assert_eq!(table.len(), 3 + 2 * 7);
        assert!(table.iter().all(|line| line.chars().count() == 76), "{text}");
        assert!(text.ends_with("Non-trainable params: 0 (0.00 B)\n"), "{text}");
    }

    #[test]
    fn long_texts_are_broken_between_words_or_cut() {
        assert_eq!(wrapped("ab cd ef", 5), ["ab cd", "ef"]);
        assert_eq!(wrapped("abcdefg h", 3), ["ab…", "h"]);
        assert_eq!(wrapped("", 3), [""]);
    }

    #[test]
    fn counts_and_sizes_are_written_as_keras_does() {
        assert_eq!(
            (with_commas(0), with_commas(999), with_commas(1_234_567)),
            ("0".into(), "999".into(), "1,234,567".into())
        );
        assert_eq!(
            (size(0), size(101_770), size(3_000_000)),
            ("0.00 B".into(), "397.54 KB".into(), "11.44 MB".into())
        );
    }
}
