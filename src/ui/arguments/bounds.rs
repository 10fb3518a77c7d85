//! [`FieldBounds`]: what numbers a field takes.

/// What numbers a field takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FieldBounds {
    /// The least number.
    pub min: f64,
    /// The greatest number.
    pub max: f64,
    /// What an arrow key adds; 0 goes through 1, 2, 5, 10, 20, … instead.
    pub step: f64,
    /// Digits after the point; 0 asks for a whole number.
    pub decimals: usize,
}

impl FieldBounds {
    /// Whether the field takes this number.
    pub fn allows(self, value: f64) -> bool {
        (self.decimals > 0 || value.fract() == 0.0) && (self.min..=self.max).contains(&value)
    }

    /// The next number up or down.
    pub fn nudged(self, value: f64, up: bool) -> f64 {
        let next =
            if self.step > 0.0 { value + if up { self.step } else { -self.step } } else { rung(value, up) };
        next.clamp(self.min, self.max)
    }
}

/// Whether a key counts up or down; nothing for one that does neither.
pub fn counts_up(key: &str) -> Option<bool> {
    match key {
        "ArrowUp" => Some(true),
        "ArrowDown" => Some(false),
        _ => None,
    }
}

/// The neighbour of `value` among 1, 2 and 5 times powers of ten.
fn rung(value: f64, up: bool) -> f64 {
    let ladder = (-9..9).flat_map(|power| [1.0, 2.0, 5.0].map(|unit| unit * 10f64.powi(power)));
    // A stored f32 lies beside its decimal; that must not count as a rung of its own.
    let above = |rung: &f64| *rung > value * 1.001;
    let below = |rung: &f64| *rung < value * 0.999;
    let next = if up { ladder.clone().find(above) } else { ladder.clone().rfind(below) };
    next.unwrap_or(value)
}
