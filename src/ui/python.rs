//! Pieces of the Python programs that pages give away.

/// `(rows, columns)`.
pub fn pair([rows, cols]: [usize; 2]) -> String {
    format!("({rows}, {cols})")
}

/// `True` or `False`.
pub fn boolean(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// Numbers as Python reads them back to the same bits, twelve to a line.
pub fn array(values: &[f32]) -> String {
    let lines: Vec<String> = values
        .chunks(12)
        .map(|line| line.iter().map(f32::to_string).collect::<Vec<_>>().join(", "))
        .collect();
    format!("np.array([{}], dtype=\"float32\")", lines.join(",\n    "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_twelve_to_a_line_with_every_digit() {
        let mut values = vec![1.0; 12];
        values.push(1.0 / 3.0);
        let lines = "1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,\n    0.33333334";
        assert_eq!(array(&values), format!("np.array([{lines}], dtype=\"float32\")"));
        assert_eq!((pair([3, 5]).as_str(), boolean(true), boolean(false)), ("(3, 5)", "True", "False"));
    }
}
