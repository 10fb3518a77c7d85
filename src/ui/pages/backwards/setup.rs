//! The settings, which live in the page's address.

use super::stack::Stack;
use crate::engine::layers::{Conv2dSpec, LayerSpec, Padding};
use crate::ui::pages::chain::{padding_name, padding_of};
use crate::ui::routes::Query;
use crate::ui::widgets::number_grid::NumberGrid;

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// The gradients of a convolution.
    Gradients,
    /// The transposed convolution.
    Transposed,
    /// The dilated convolution.
    Dilated,
}

impl View {
    /// Every view, in the order in which they are offered.
    pub const ALL: [View; 3] = [View::Gradients, View::Transposed, View::Dilated];

    /// The name in the address.
    pub fn name(self) -> &'static str {
        match self {
            View::Gradients => "gradients",
            View::Transposed => "transposed",
            View::Dilated => "dilated",
        }
    }

    /// The view of that name.
    pub fn from_name(name: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.name() == name)
    }
}

/// Where the reader is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BackPlace {
    /// The cell where the window stands.
    pub at: usize,
    /// The weight that is looked at.
    pub weight: usize,
    /// The cell of the stack's result that is looked at.
    pub top: usize,
}

impl BackPlace {
    /// Reads the address.
    pub fn from_query(query: &Query) -> BackPlace {
        let number = |name| query.parse(name).unwrap_or(0);
        BackPlace { at: number("at"), weight: number("weight"), top: number("top") }
    }
}

/// What the reader has chosen. Windows move alike along both axes.
#[derive(Clone, Debug, PartialEq)]
pub struct BackSetup {
    /// What is shown.
    pub view: View,
    /// What goes into the layer.
    pub input: NumberGrid,
    /// Its weights, at most [`BackSetup::MAX_KERNEL`] to a side.
    pub kernel: NumberGrid,
    /// The gradient of the output; ones if none is given.
    pub sent: Option<NumberGrid>,
    /// Cells that the window moves by, 1..=[`BackSetup::MAX_STEP`].
    pub strides: usize,
    /// Cells from one weight to the next, in the same range; the transposed convolution has none.
    pub dilation_rate: usize,
    /// The padding.
    pub padding: Padding,
    /// The layers that the dilated view stacks.
    pub stack: Stack,
}

impl Default for BackSetup {
    fn default() -> BackSetup {
        let rows = [[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 3.0, 2.0], [2.0, 0.0, 1.0, 1.0], [1.0, 1.0, 0.0, 2.0]];
        BackSetup {
            view: View::Gradients,
            input: NumberGrid::new(4, rows.concat()),
            kernel: NumberGrid::new(2, vec![1.0, -1.0, 2.0, 0.5]),
            sent: None,
            strides: 1,
            dilation_rate: 1,
            padding: Padding::Valid,
            stack: Stack::default(),
        }
    }
}

impl BackSetup {
    /// Rows and columns of a kernel, at most.
    pub const MAX_KERNEL: usize = 5;
    /// The largest stride and dilation.
    pub const MAX_STEP: usize = 4;

    /// What the dilated view shows first: large enough for gaps.
    pub fn dilated() -> BackSetup {
        let rows = [
            [1.0, 0.0, 2.0, 1.0, 3.0, 0.0, 1.0],
            [2.0, 1.0, 0.0, 3.0, 1.0, 2.0, 0.0],
            [0.0, 3.0, 1.0, 2.0, 0.0, 1.0, 2.0],
            [1.0, 2.0, 0.0, 1.0, 2.0, 3.0, 1.0],
            [3.0, 0.0, 2.0, 0.0, 1.0, 1.0, 0.0],
            [0.0, 1.0, 1.0, 3.0, 0.0, 2.0, 1.0],
            [2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 3.0],
        ];
        BackSetup {
            view: View::Dilated,
            input: NumberGrid::new(7, rows.concat()),
            kernel: NumberGrid::new(3, vec![1.0, 2.0, -1.0, 3.0, 1.0, -2.0, -1.0, 2.0, 1.0]),
            dilation_rate: 2,
            ..BackSetup::default()
        }
    }

    /// Chooses what is shown. Without gaps there is nothing to see of a dilated convolution, and while the numbers are
    /// still the first ones, those that suit it take their place. Gaps that another view has left are closed where
    /// Keras does not take them: beside strides.
    pub fn choose(&mut self, view: View) {
        if view == View::Gradients && self.view != view && self.strides > 1 {
            self.dilation_rate = 1;
        }
        self.view = view;
        if view != View::Dilated {
            return;
        }
        let (first, fitting) = (BackSetup::default(), BackSetup::dilated());
        self.dilation_rate = self.dilation_rate.max(fitting.dilation_rate);
        if (&self.input, &self.kernel) == (&first.input, &first.kernel) {
            (self.input, self.kernel) = (fitting.input, fitting.kernel);
        }
    }

    /// Reads the address; names of values that make no sense come second and keep their defaults.
    pub fn from_query(query: &Query) -> (BackSetup, Vec<&'static str>) {
        let is_dilated = query.get("view") == Some(View::Dilated.name());
        let mut setup = if is_dilated { BackSetup::dilated() } else { BackSetup::default() };
        let mut bad = Vec::new();
        let mut read = |name: &'static str, accept: &mut dyn FnMut(&str) -> Option<()>| {
            if query.get(name).is_some_and(|text| accept(text).is_none()) {
                bad.push(name);
            }
        };
        let step =
            |text: &str| text.parse().ok().filter(|step: &usize| (1..=BackSetup::MAX_STEP).contains(step));
        read("view", &mut |text| {
            setup.view = View::from_name(text)?;
            Some(())
        });
        read("input", &mut |text| NumberGrid::from_text(text).map(|grid| setup.input = grid));
        read("kernel", &mut |text| {
            let kernel = NumberGrid::from_text(text);
            let fits = |kernel: &NumberGrid| kernel.rows.max(kernel.cols) <= BackSetup::MAX_KERNEL;
            kernel.filter(fits).map(|kernel| setup.kernel = kernel)
        });
        read("sent", &mut |text| {
            setup.sent = if text == "ones" { None } else { Some(NumberGrid::from_text(text)?) };
            Some(())
        });
        read("strides", &mut |text| step(text).map(|step| setup.strides = step));
        read("dilation_rate", &mut |text| step(text).map(|step| setup.dilation_rate = step));
        read("padding", &mut |text| padding_of(text).map(|padding| setup.padding = padding));
        read("stack", &mut |text| Stack::from_text(text).map(|stack| setup.stack = stack));
        (setup, bad)
    }

    /// The address's form, with the reader's place.
    pub fn to_query(&self, place: BackPlace) -> Query {
        let sent = self.sent.as_ref().map_or("ones".into(), NumberGrid::to_text);
        Query::default()
            .with("view", &self.view.name())
            .with("input", &self.input.to_text())
            .with("kernel", &self.kernel.to_text())
            .with("sent", &sent)
            .with("strides", &self.strides)
            .with("dilation_rate", &self.dilation_rate)
            .with("padding", &self.padding_name())
            .with("stack", &self.stack.to_text())
            .with("weight", &place.weight)
            .with("top", &place.top)
            .with("at", &place.at)
    }

    /// `valid` or `same`.
    pub fn padding_name(&self) -> &'static str {
        padding_name(self.padding)
    }

    /// The engine's layer.
    pub fn spec(&self) -> LayerSpec {
        Conv2dSpec {
            filters: 1,
            kernel_size: [self.kernel.rows, self.kernel.cols],
            strides: [self.strides; 2],
            dilation_rate: [self.dilation_rate; 2],
            padding: self.padding,
            use_bias: false,
            ..Conv2dSpec::default()
        }
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::routes::Location;

    #[test]
    fn a_setup_survives_the_address() {
        let setup = BackSetup {
            view: View::Transposed,
            sent: Some(NumberGrid::new(2, vec![1.0, -2.0])),
            strides: 2,
            dilation_rate: 3,
            padding: Padding::Same,
            ..BackSetup::default()
        };
        let place = BackPlace { at: 3, weight: 1, top: 2 };
        let query = setup.to_query(place);
        assert_eq!(BackSetup::from_query(&query), (setup, vec![]));
        assert_eq!(BackPlace::from_query(&query), place);
        for setup in [BackSetup::default(), BackSetup::dilated()] {
            assert_eq!(BackSetup::from_query(&setup.to_query(BackPlace::default())), (setup, vec![]));
        }
        let stack = Stack { kernel_size: 2, rates: vec![1, 8] };
        let setup = BackSetup { stack, ..BackSetup::dilated() };
        assert_eq!(BackSetup::from_query(&setup.to_query(place)).0, setup);
    }

    #[test]
    fn a_short_link_shows_a_dilated_convolution_with_gaps() {
        let query = Location::parse("#/backwards?view=dilated").query;
        assert_eq!(BackSetup::from_query(&query), (BackSetup::dilated(), vec![]));
        let query = Location::parse("#/backwards?view=dilated&dilation_rate=3&input=1,2~3,4").query;
        let setup = BackSetup::from_query(&query).0;
        assert_eq!((setup.dilation_rate, setup.input.values.len()), (3, 4));
    }

    #[test]
    fn choosing_the_dilated_view_opens_gaps_and_keeps_own_numbers() {
        let mut setup = BackSetup::default();
        setup.choose(View::Transposed);
        assert_eq!(setup.input, BackSetup::default().input);
        setup.choose(View::Dilated);
        assert_eq!(setup, BackSetup::dilated());
        let input = NumberGrid::new(1, vec![5.0]);
        let mut setup = BackSetup { input: input.clone(), dilation_rate: 4, ..BackSetup::default() };
        setup.choose(View::Dilated);
        assert_eq!((setup.input, setup.dilation_rate), (input, 4));
    }

    #[test]
    fn back_at_the_gradients_strides_stay_and_gaps_do_not() {
        let mut setup = BackSetup { strides: 2, ..BackSetup::default() };
        setup.choose(View::Dilated);
        assert_eq!((setup.strides, setup.dilation_rate), (2, 2));
        setup.choose(View::Transposed);
        setup.choose(View::Gradients);
        assert_eq!((setup.strides, setup.dilation_rate), (2, 1));
        // Without strides gaps are allowed, and what was chosen here is explained and not changed.
        let mut setup = BackSetup::default();
        setup.choose(View::Dilated);
        setup.choose(View::Gradients);
        assert_eq!(setup.dilation_rate, 2);
        setup.strides = 2;
        setup.choose(View::Gradients);
        assert_eq!(setup.dilation_rate, 2);
    }

    #[test]
    fn values_that_make_no_sense_are_named_and_replaced() {
        let text = "#/backwards?view=up&input=1,2~3&kernel=1,2,3,4,5,6&sent=x&strides=0&dilation_rate=5&padding=no&stack=3-9";
        let (setup, bad) = BackSetup::from_query(&Location::parse(text).query);
        assert_eq!(setup, BackSetup::default());
        assert_eq!(bad, ["view", "input", "kernel", "sent", "strides", "dilation_rate", "padding", "stack"]);
    }
}
