//! The settings, which live in the page's address.

use super::layer::ChainLayer;
use super::trained::{Carried, Trained};
use crate::engine::layers::{Activation, Padding};
use crate::ui::convolution::Source;
use crate::ui::routes::Query;
use std::sync::Arc;

/// Where the kernels come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kernels {
    /// Ready-made ones in the first convolution, random ones behind it.
    Presets,
    /// Random ones everywhere.
    Random,
    /// Those of a trained network; its layers stand in the place of the stack.
    Trained,
}

impl Kernels {
    /// Every choice, in menu order.
    pub const ALL: [Kernels; 3] = [Kernels::Presets, Kernels::Random, Kernels::Trained];

    /// The name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Kernels::Presets => "presets",
            Kernels::Random => "random",
            Kernels::Trained => "trained",
        }
    }

    /// The choice of that name.
    pub fn from_name(name: &str) -> Option<Kernels> {
        Kernels::ALL.into_iter().find(|kernels| kernels.name() == name)
    }
}

/// Which cell is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// After how many layers; 0 is the image.
    pub level: usize,
    /// Which map there.
    pub channel: usize,
    /// Which cell of it, row by row.
    pub cell: usize,
}

/// What the reader has chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct ChainSetup {
    /// The image.
    pub source: Source,
    /// The stack.
    pub layers: Vec<ChainLayer>,
    /// Its kernels.
    pub kernels: Kernels,
    /// What random kernels are drawn with.
    pub seed: u32,
    /// The network whose kernels [`Kernels::Trained`] shows.
    pub network: Carried,
}

impl Default for ChainSetup {
    /// The lecture's demonstration.
    fn default() -> ChainSetup {
        let conv = |kernel_size| ChainLayer::Conv {
            filters: 4,
            kernel_size,
            strides: 1,
            padding: Padding::Valid,
            dilation_rate: 1,
            activation: Activation::Relu,
        };
        ChainSetup {
            source: Source::Digit(5),
            layers: vec![conv(5), ChainLayer::max(), conv(3), ChainLayer::max()],
            kernels: Kernels::Presets,
            seed: 1,
            network: Carried::Nothing,
        }
    }
}

impl ChainSetup {
    /// Layers of a stack, at most.
    pub const MAX_LAYERS: usize = 7;

    /// The images on offer beside those of the data sets and the reader's own.
    pub fn sources() -> Vec<Source> {
        (0..10).map(Source::Digit).chain([Source::Landscape, Source::Impulse]).collect()
    }

    /// Height, width and channels of the image.
    pub fn shape(&self) -> [usize; 3] {
        // A single point is seen best on a map large enough for a stack.
        if self.source == Source::Impulse { [28, 28, 1] } else { self.source.natural_shape() }
    }

    /// Reads the address; names of values that make no sense come second and keep their defaults.
    pub fn from_query(query: &Query) -> (ChainSetup, Vec<&'static str>) {
        let mut setup = ChainSetup::default();
        let mut bad = Vec::new();
        let mut read = |name: &'static str, accept: &mut dyn FnMut(&str) -> Option<()>| {
            if query.get(name).is_some_and(|text| accept(text).is_none()) {
                bad.push(name);
            }
        };
        read("image", &mut |text| {
            let is_image = |source: &Source| {
                matches!(source, Source::Sample(_) | Source::Own(_)) || ChainSetup::sources().contains(source)
            };
            let source = Source::from_text(text).filter(is_image);
            source.map(|source| setup.source = source)
        });
        read("layers", &mut |text| {
            if text.is_empty() {
                setup.layers.clear();
                return Some(());
            }
            let layers = text.split('~').take(ChainSetup::MAX_LAYERS + 1).map(ChainLayer::from_text);
            let layers = layers.collect::<Option<Vec<_>>>()?;
            (layers.len() <= ChainSetup::MAX_LAYERS).then(|| setup.layers = layers)
        });
        read("kernels", &mut |text| Kernels::from_name(text).map(|kernels| setup.kernels = kernels));
        read("seed", &mut |text| text.parse().ok().map(|seed| setup.seed = seed));
        read("network", &mut |text| Carried::from_text(text).map(|network| setup.network = network));
        // Another network in the place of one that cannot be read would be another picture.
        if setup.kernels == Kernels::Trained && bad.contains(&"network") {
            setup.kernels = Kernels::Presets;
        }
        if setup.kernels != Kernels::Trained {
            setup.network = Carried::Nothing;
        }
        (setup, bad)
    }

    /// The network whose maps are shown; `own` is the one of this browser. Without one it is the stack.
    pub fn shown<'a>(&'a self, own: Option<&'a Arc<Trained>>) -> Option<&'a Arc<Trained>> {
        match &self.network {
            _ if self.kernels != Kernels::Trained => None,
            Carried::Nothing => own,
            Carried::Whole(trained) => Some(trained),
            Carried::Mark(_) => own.filter(|own| self.network.is(own)),
        }
    }

    /// Whether the kernels are those of a network that came with a link and is not the one of this browser.
    pub fn is_linked(&self, own: Option<&Arc<Trained>>) -> bool {
        self.kernels == Kernels::Trained
            && self.network != Carried::Nothing
            && !own.is_some_and(|own| self.network.is(own))
    }

    /// These settings once the network of this browser has changed from `before` to `now`: they follow it, unless
    /// they show one from a link. Nothing when they stay as they are.
    pub fn following(&self, before: Option<&Arc<Trained>>, now: &Arc<Trained>) -> Option<ChainSetup> {
        if self.kernels != Kernels::Trained || self.is_linked(before) || self.network.is(now) {
            return None;
        }
        Some(ChainSetup { network: Carried::of(now), ..self.clone() })
    }

    /// The address's form, with the cell that is looked at.
    pub fn to_query(&self, look: Look) -> Query {
        let layers: Vec<String> = self.layers.iter().map(|layer| layer.to_text()).collect();
        let query = Query::default()
            .with("image", &self.source.to_text())
            .with("layers", &layers.join("~"))
            .with("kernels", &self.kernels.name())
            .with("seed", &self.seed)
            .with("look", &format!("{}-{}-{}", look.level, look.channel, look.cell));
        match self.network.to_text() {
            Some(network) => query.with("network", &network),
            None => query,
        }
    }

    /// The cell in the address, or one in the middle of the last map.
    pub fn look(query: &Query, shapes: &[[usize; 3]]) -> Look {
        let given = query.get("look").and_then(|text| {
            let numbers: Vec<usize> = text.splitn(3, '-').map(str::parse).collect::<Result<_, _>>().ok()?;
            let [level, channel, cell] = numbers.try_into().ok()?;
            Some(Look { level, channel, cell })
        });
        let look = given.unwrap_or_else(|| {
            let level = shapes.len() - 1;
            let [rows, cols, _] = shapes[level];
            Look { level, channel: 0, cell: rows / 2 * cols + cols / 2 }
        });
        look.within(shapes)
    }
}

impl Look {
    /// The nearest cell that there is.
    #[must_use]
    pub fn within(self, shapes: &[[usize; 3]]) -> Look {
        let level = self.level.min(shapes.len() - 1);
        let [rows, cols, channels] = shapes[level];
        Look { level, channel: self.channel.min(channels - 1), cell: self.cell.min(rows * cols - 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::routes::Location;

    #[test]
    fn a_setup_survives_the_address() {
        let layers = vec![ChainLayer::conv(), ChainLayer::average(), ChainLayer::max()];
        let setup = ChainSetup {
            source: Source::Landscape,
            layers,
            kernels: Kernels::Random,
            seed: 7,
            ..ChainSetup::default()
        };
        let look = Look { level: 2, channel: 1, cell: 5 };
        for image in ["mnist-train-59999", "own-3x4x1-1,2,3,4,5,6,7,8,9,10,11,12"] {
            let own = ChainSetup { source: Source::from_text(image).unwrap(), ..setup.clone() };
            assert_eq!(ChainSetup::from_query(&own.to_query(look)), (own, vec![]));
        }
        let query = setup.to_query(look);
        assert_eq!(ChainSetup::from_query(&query), (setup, vec![]));
        let shapes = [[32, 32, 3], [30, 30, 4], [15, 15, 4], [7, 7, 4]];
        assert_eq!(ChainSetup::look(&query, &shapes), look);
    }

    #[test]
    fn hostile_addresses_are_named_and_bounded() {
        let long = ["max-2-2-same"; 8].join("~");
        let text = format!("#/chain?image=count&layers={long}&kernels=x&seed=-1&network=x&look=9-9-9999999");
        let query = Location::parse(&text).query;
        let (setup, bad) = ChainSetup::from_query(&query);
        assert_eq!(setup, ChainSetup::default());
        assert_eq!(bad, ["image", "layers", "kernels", "seed", "network"]);
        let look = ChainSetup::look(&query, &[[28, 28, 1], [5, 5, 2]]);
        assert_eq!(look, Look { level: 1, channel: 1, cell: 24 });
    }
}
