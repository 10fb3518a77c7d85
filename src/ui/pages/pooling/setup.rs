//! The settings, which live in the page's address.

use crate::engine::layers::{AveragePooling2dSpec, LayerSpec, MaxPooling2dSpec, Padding};
use crate::ui::digits::{SIDE, digit};
use crate::ui::routes::Query;
use crate::ui::widgets::number_grid::NumberGrid;

/// What a window takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PoolKind {
    /// The greatest number.
    Max,
    /// The mean.
    Average,
}

/// The map to pool.
#[derive(Clone, Debug, PartialEq)]
pub enum PoolInput {
    /// The lecture's 4 × 4 example.
    Lecture,
    /// A map after ReLU with equal numbers under one window.
    Ties,
    /// 1, 2, 3 … in 5 rows of 7, which 2 × 2 windows do not fill.
    Count,
    /// A digit of MNIST, 0..=9.
    Digit(usize),
    /// Numbers of the reader's own.
    Own(NumberGrid),
}

impl PoolInput {
    /// Those that are offered by name.
    pub fn offered() -> Vec<PoolInput> {
        let named = [PoolInput::Lecture, PoolInput::Ties, PoolInput::Count];
        named.into_iter().chain((0..10).map(PoolInput::Digit)).collect()
    }

    /// The form in the address.
    pub fn to_text(&self) -> String {
        match self {
            PoolInput::Lecture => "lecture".into(),
            PoolInput::Ties => "ties".into(),
            PoolInput::Count => "count".into(),
            PoolInput::Digit(class) => format!("digit-{class}"),
            PoolInput::Own(grid) => grid.to_text(),
        }
    }

    /// Reads [`PoolInput::to_text`].
    pub fn from_text(text: &str) -> Option<PoolInput> {
        let offered = PoolInput::offered().into_iter().find(|input| input.to_text() == text);
        offered.or_else(|| NumberGrid::from_text(text).map(PoolInput::of))
    }

    /// Numbers as an input; those of an example are that example.
    pub fn of(grid: NumberGrid) -> PoolInput {
        let named = [PoolInput::Lecture, PoolInput::Ties, PoolInput::Count];
        named.into_iter().find(|input| input.grid() == grid).unwrap_or(PoolInput::Own(grid))
    }

    /// The numbers.
    pub fn grid(&self) -> NumberGrid {
        match self {
            PoolInput::Lecture => {
                let rows = [
                    [12.0, 20.0, 30.0, 0.0],
                    [8.0, 12.0, 2.0, 0.0],
                    [34.0, 70.0, 37.0, 4.0],
                    [112.0, 100.0, 25.0, 12.0],
                ];
                NumberGrid::new(4, rows.concat())
            }
            PoolInput::Ties => {
                let rows =
                    [[0.0, 0.0, 3.0, 0.0], [0.0, 0.0, 0.0, 3.0], [5.0, 1.0, 2.0, 2.0], [5.0, 5.0, 2.0, 2.0]];
                NumberGrid::new(4, rows.concat())
            }
            PoolInput::Count => NumberGrid::new(7, (1..=35u8).map(f32::from).collect()),
            PoolInput::Digit(class) => NumberGrid::new(SIDE, digit(*class)),
            PoolInput::Own(grid) => grid.clone(),
        }
    }

    /// Whether its numbers can be edited one by one.
    pub fn is_editable(&self) -> bool {
        !matches!(self, PoolInput::Digit(_))
    }
}

/// What the reader has chosen, in Keras's arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct PoolSetup {
    /// `MaxPooling2D` or `AveragePooling2D`.
    pub kind: PoolKind,
    /// Rows and columns of the window, 1..=[`PoolSetup::MAX_SIZE`].
    pub pool_size: [usize; 2],
    /// Rows and columns the window moves by, in the same range; `None` is `pool_size`.
    pub strides: Option<[usize; 2]>,
    /// The padding.
    pub padding: Padding,
    /// The map.
    pub input: PoolInput,
}

impl Default for PoolSetup {
    fn default() -> PoolSetup {
        PoolSetup {
            kind: PoolKind::Max,
            pool_size: [2, 2],
            strides: None,
            padding: Padding::Valid,
            input: PoolInput::Lecture,
        }
    }
}

impl PoolSetup {
    /// The largest window and stride on offer.
    pub const MAX_SIZE: usize = 8;

    /// Reads the address; names of values that make no sense come second and keep their defaults.
    pub fn from_query(query: &Query) -> (PoolSetup, Vec<&'static str>) {
        let mut setup = PoolSetup::default();
        let mut bad = Vec::new();
        let mut read = |name: &'static str, accept: &mut dyn FnMut(&str) -> Option<()>| {
            if query.get(name).is_some_and(|text| accept(text).is_none()) {
                bad.push(name);
            }
        };
        read("kind", &mut |text| {
            setup.kind = match text {
                "max" => PoolKind::Max,
                "average" => PoolKind::Average,
                _ => return None,
            };
            Some(())
        });
        read("pool_size", &mut |text| pair(text).map(|pair| setup.pool_size = pair));
        read("strides", &mut |text| {
            setup.strides = if text == "none" { None } else { Some(pair(text)?) };
            Some(())
        });
        read("padding", &mut |text| {
            setup.padding = match text {
                "valid" => Padding::Valid,
                "same" => Padding::Same,
                _ => return None,
            };
            Some(())
        });
        read("input", &mut |text| PoolInput::from_text(text).map(|input| setup.input = input));
        (setup, bad)
    }

    /// The address's form, with the window's position.
    pub fn to_query(&self, position: usize) -> Query {
        let [rows, cols] = self.pool_size;
        let strides = self.strides.map_or("none".to_owned(), |[rows, cols]| format!("{rows},{cols}"));
        Query::default()
            .with("kind", &self.kind_name())
            .with("pool_size", &format!("{rows},{cols}"))
            .with("strides", &strides)
            .with("padding", &self.padding_name())
            .with("input", &self.input.to_text())
            .with("at", &position)
    }

    /// `max` or `average`.
    pub fn kind_name(&self) -> &'static str {
        match self.kind {
            PoolKind::Max => "max",
            PoolKind::Average => "average",
        }
    }

    /// `valid` or `same`.
    pub fn padding_name(&self) -> &'static str {
        match self.padding {
            Padding::Valid => "valid",
            Padding::Same => "same",
        }
    }

    /// The strides in force.
    pub fn stride(&self) -> [usize; 2] {
        self.strides.unwrap_or(self.pool_size)
    }

    /// The engine's layer.
    pub fn spec(&self) -> LayerSpec {
        let (pool_size, strides, padding) = (self.pool_size, self.strides, self.padding);
        match self.kind {
            PoolKind::Max => {
                MaxPooling2dSpec { pool_size, strides, padding, ..MaxPooling2dSpec::default() }.into()
            }
            PoolKind::Average => {
                AveragePooling2dSpec { pool_size, strides, padding, ..AveragePooling2dSpec::default() }.into()
            }
        }
    }
}

/// One number for both or two, each within the range on offer.
fn pair(text: &str) -> Option<[usize; 2]> {
    let number =
        |text: &str| text.parse().ok().filter(|size: &usize| (1..=PoolSetup::MAX_SIZE).contains(size));
    match text.split_once(',') {
        None => number(text).map(|both| [both; 2]),
        Some((rows, cols)) => Some([number(rows)?, number(cols)?]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::routes::Location;

    #[test]
    fn a_setup_survives_the_address() {
        for input in PoolInput::offered().into_iter().chain([PoolInput::of(NumberGrid::new(1, vec![-1.5]))]) {
            let setup = PoolSetup {
                kind: PoolKind::Average,
                pool_size: [3, 2],
                strides: Some([1, 4]),
                padding: Padding::Same,
                input,
            };
            assert_eq!(PoolSetup::from_query(&setup.to_query(3)), (setup, vec![]));
        }
        let setup = PoolSetup::default();
        assert_eq!(PoolSetup::from_query(&setup.to_query(0)), (setup, vec![]));
    }

    #[test]
    fn values_that_make_no_sense_are_named_and_replaced() {
        let text = "#/pooling?kind=min&pool_size=0,2&strides=9&padding=full&input=digit-10&x=1";
        let (setup, bad) = PoolSetup::from_query(&Location::parse(text).query);
        assert_eq!(setup, PoolSetup::default());
        assert_eq!(bad, ["kind", "pool_size", "strides", "padding", "input"]);
        let (setup, bad) = PoolSetup::from_query(&Location::parse("#/pooling?pool_size=3&strides=2").query);
        assert_eq!((setup.pool_size, setup.strides, bad.len()), ([3, 3], Some([2, 2]), 0));
    }

    #[test]
    fn an_examples_numbers_are_the_example() {
        assert_eq!(PoolInput::of(PoolInput::Lecture.grid()), PoolInput::Lecture);
        assert!(PoolInput::Count.grid().values.len() == 35);
    }
}
