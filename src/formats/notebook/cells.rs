//! Cells and the file around them, nbformat 4.5.

use serde_json::{Value, json};

/// A cell. Its id stays the same from notebook to notebook, so that two of them can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words, as Markdown.
    Text(&'static str, String),
    /// Python.
    Code(&'static str, String),
}

/// The file's text, with keys in the order in which Jupyter itself saves them.
pub fn to_json(cells: &[Cell]) -> String {
    let notebook = json!({
        "cells": cells.iter().map(cell).collect::<Vec<Value>>(),
        "metadata": {
            "kernelspec": { "display_name": "Python 3", "language": "python", "name": "python3" },
            "language_info": { "file_extension": ".py", "mimetype": "text/x-python", "name": "python" },
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    });
    format!("{notebook:#}\n")
}

fn cell(cell: &Cell) -> Value {
    match cell {
        Cell::Text(id, source) => {
            json!({ "cell_type": "markdown", "id": id, "metadata": {}, "source": lines(source) })
        }
        Cell::Code(id, source) => json!({
            "cell_type": "code", "execution_count": null, "id": id, "metadata": {}, "outputs": [],
            "source": lines(source),
        }),
    }
}

/// Lines keep their ends; the last one has none.
fn lines(source: &str) -> Vec<&str> {
    source.trim_end().split_inclusive('\n').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_lines_with_their_ends() {
        let text = to_json(&[Cell::Code("a", "x = 1\n\nprint(x)\n".to_owned())]);
        let notebook: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(notebook["cells"][0]["source"], json!(["x = 1\n", "\n", "print(x)"]));
        assert_eq!((&notebook["nbformat"], &notebook["nbformat_minor"]), (&json!(4), &json!(5)));
    }
}
