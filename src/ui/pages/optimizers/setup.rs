//! The settings, which live in the page's address.

use serde_json::Value;

use super::network::NetworkSetup;
use super::surface::{Surface, SurfaceKind};
use crate::engine::optimizers::{AdamSpec, OptimizerSpec, RmsPropSpec, SgdSpec};
use crate::ui::arguments::{Family, compact, expand, to_value};
use crate::ui::pages::training::too_long;
use crate::ui::routes::Query;

/// What the reader has chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The surface.
    pub kind: SurfaceKind,
    /// κ of the bowl, 1..=[`Setup::MAX_CONDITION`].
    pub condition: f32,
    /// Deviation of what is added to every gradient, 0..=[`Setup::MAX_NOISE`].
    pub noise: f32,
    /// Of the noise.
    pub seed: u32,
    /// Where every racer begins, within the surface's region.
    pub start: [f32; 2],
    /// Steps of the race, 1..=[`Setup::MAX_STEPS`].
    pub steps: usize,
    /// The racers, 1..=[`Setup::MAX_RACERS`].
    pub racers: Vec<OptimizerSpec>,
    /// The race with a real network.
    pub network: NetworkSetup,
}

/// Which of the two races.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Over the surface.
    Surface,
    /// With the network.
    Network,
}

impl Lane {
    /// Racers, at most.
    pub fn most(self) -> usize {
        match self {
            Lane::Surface => Setup::MAX_RACERS,
            Lane::Network => NetworkSetup::MAX_RACERS,
        }
    }

    /// Its racers.
    pub fn racers(self, setup: &Setup) -> &[OptimizerSpec] {
        match self {
            Lane::Surface => &setup.racers,
            Lane::Network => &setup.network.racers,
        }
    }

    /// Its racers, to be changed.
    pub fn racers_mut(self, setup: &mut Setup) -> &mut Vec<OptimizerSpec> {
        match self {
            Lane::Surface => &mut setup.racers,
            Lane::Network => &mut setup.network.racers,
        }
    }

    /// A racer's short name, unlike all others of its race by its number.
    pub fn label(self, setup: &Setup, racer: usize) -> String {
        self.racers(setup).get(racer).map_or_else(String::new, |spec| racer_name(racer, spec))
    }

    /// An optimizer with a learning rate to begin with.
    pub fn suited(self, setup: &Setup, spec: OptimizerSpec) -> OptimizerSpec {
        match self {
            Lane::Surface => setup.suited(spec),
            Lane::Network => NetworkSetup::suited(spec),
        }
    }

    /// Gives every racer a learning rate to begin with.
    pub fn suit(self, setup: &mut Setup) {
        let suited: Vec<_> =
            self.racers(setup).iter().map(|racer| self.suited(setup, racer.clone())).collect();
        *self.racers_mut(setup) = suited;
    }
}

/// A racer's number, from 1, and its method.
pub fn racer_name(racer: usize, spec: &OptimizerSpec) -> String {
    format!("{} {}", racer + 1, short_name(spec))
}

/// Bytes of the racers in an address, at most.
const MAX_BYTES: usize = 8_000;

impl Default for Setup {
    fn default() -> Setup {
        let kind = SurfaceKind::default();
        let sgd =
            |rate: f32, momentum| SgdSpec { learning_rate: rate.into(), momentum, ..SgdSpec::default() };
        let racers = vec![
            sgd(0.05, 0.0).into(),
            sgd(0.02, 0.9).into(),
            SgdSpec { nesterov: true, ..sgd(0.02, 0.9) }.into(),
            RmsPropSpec { learning_rate: 0.1.into(), ..RmsPropSpec::default() }.into(),
            AdamSpec { learning_rate: 0.2.into(), ..AdamSpec::default() }.into(),
        ];
        Setup {
            kind,
            condition: 20.0,
            noise: 0.0,
            seed: 1,
            start: kind.start(),
            steps: 60,
            racers,
            network: NetworkSetup::default(),
        }
    }
}

impl Setup {
    /// Steps, at most.
    pub const MAX_STEPS: usize = 500;
    /// Racers, at most: each has its own colour and sign.
    pub const MAX_RACERS: usize = 8;
    /// The narrowest ravine.
    pub const MAX_CONDITION: f32 = 1000.0;
    /// The strongest noise.
    pub const MAX_NOISE: f32 = 50.0;
    /// The largest seed.
    pub const MAX_SEED: u32 = 999_999;

    /// The surface with its number.
    pub fn surface(&self) -> Surface {
        Surface { kind: self.kind, condition: self.condition }
    }

    /// Takes another surface, with the start that belongs to it.
    pub fn choose(&mut self, kind: SurfaceKind) {
        (self.kind, self.start) = (kind, kind.start());
    }

    /// Moves the start, within the picture.
    pub fn begin_at(&mut self, place: [f64; 2]) {
        // As many digits as a link holds.
        self.start = self.kind.region().nearest(place).map(|number| (number * 1e3).round() as f32 / 1e3);
    }

    /// A racer's short name, unlike all others by its number.
    pub fn label(&self, racer: usize) -> String {
        Lane::Surface.label(self, racer)
    }

    /// An optimizer with a learning rate that suits the surface, unless it follows a schedule: a step of SGD
    /// along the largest curvature at the start ends in the middle, one of an adaptive method is a fiftieth of
    /// the picture's width.
    #[must_use]
    pub fn suited(&self, spec: OptimizerSpec) -> OptimizerSpec {
        if spec.learning_rate().number().is_none() {
            return spec;
        }
        let region = self.kind.region();
        let width = region.x.1 - region.x.0;
        let rate = match &spec {
            OptimizerSpec::Sgd(sgd) => {
                let curvature = self.surface().curvature(self.start).abs().max(1e-3);
                (1.0 - 0.6 * f64::from(sgd.momentum)) / curvature
            }
            OptimizerSpec::Adagrad(_) => width / 10.0,
            _ => width / 50.0,
        };
        spec.with_learning_rate(round_to_two(rate) as f32)
    }

    /// Methods that can be added, each by another name.
    pub fn offers() -> Vec<OptimizerSpec> {
        let sgd = |momentum, nesterov, gradient_centralization| {
            let spec = SgdSpec { momentum, nesterov, gradient_centralization, ..SgdSpec::default() };
            OptimizerSpec::Sgd(spec)
        };
        let mut all = vec![sgd(0.0, false, false), sgd(0.9, false, false), sgd(0.9, true, false)];
        all.extend(OptimizerSpec::palette().into_iter().skip(1));
        all.push(sgd(0.9, false, true));
        all.push(AdamSpec { gradient_centralization: true, ..AdamSpec::default() }.into());
        all
    }

    /// Reads the address; names of values that make no sense come second and keep their defaults.
    pub fn from_query(query: &Query) -> (Setup, Vec<&'static str>) {
        let mut setup = Setup::default();
        let mut bad = Vec::new();
        let mut read = |name: &'static str, accept: &mut dyn FnMut(&str) -> Option<()>| {
            if query.get(name).is_some_and(|text| accept(text).is_none()) {
                bad.push(name);
            }
        };
        read("surface", &mut |text| {
            let kind = SurfaceKind::from_name(text)?;
            setup.choose(kind);
            Some(())
        });
        read("condition", &mut |text| within(text, 1.0, Self::MAX_CONDITION).map(|it| setup.condition = it));
        read("noise", &mut |text| within(text, 0.0, Self::MAX_NOISE).map(|it| setup.noise = it));
        read("seed", &mut |text| {
            setup.seed = text.parse().ok().filter(|seed: &u32| *seed <= Self::MAX_SEED)?;
            Some(())
        });
        read("start", &mut |text| {
            let (x, y) = text.split_once(',')?;
            let place = [x.parse().ok()?, y.parse().ok()?];
            setup.start = Some(place).filter(|place| setup.kind.region().contains(*place))?;
            Some(())
        });
        read("steps", &mut |text| {
            setup.steps = text.parse().ok().filter(|steps: &usize| (1..=Self::MAX_STEPS).contains(steps))?;
            Some(())
        });
        read("racers", &mut |text| {
            setup.racers = racers_from_text(text)?;
            Some(())
        });
        setup.network.read(query, &mut bad);
        (setup, bad)
    }

    /// The address's form, with the step that is looked at.
    pub fn to_query(&self, at: usize) -> Query {
        let [x, y] = self.start;
        let mut query = Query::default().with("surface", &self.kind.name());
        if self.kind == SurfaceKind::Bowl {
            query = query.with("condition", &self.condition);
        }
        if self.noise > 0.0 {
            query = query.with("noise", &self.noise).with("seed", &self.seed);
        }
        query = query
            .with("start", &format!("{x},{y}"))
            .with("steps", &self.steps)
            .with("racers", &racers_to_text(&self.racers))
            .with("at", &at);
        self.network.write(query)
    }

    /// Whether an address can hold it.
    pub fn fits(&self) -> bool {
        [Lane::Surface, Lane::Network].iter().all(|lane| racers_to_text(lane.racers(self)).len() <= MAX_BYTES)
            && self.network.runs().iter().all(|run| too_long(run).is_none())
    }
}

/// The class, and what makes it another method.
pub fn short_name(spec: &OptimizerSpec) -> String {
    let (more, is_centralized) = match spec {
        OptimizerSpec::Sgd(sgd) if sgd.momentum > 0.0 && sgd.nesterov => {
            (" Nesterov", sgd.gradient_centralization)
        }
        OptimizerSpec::Sgd(sgd) if sgd.momentum > 0.0 => (" momentum", sgd.gradient_centralization),
        OptimizerSpec::Sgd(sgd) => ("", sgd.gradient_centralization),
        OptimizerSpec::RmsProp(spec) if spec.momentum > 0.0 => (" momentum", false),
        OptimizerSpec::Adam(adam) => {
            (if adam.amsgrad { " AMSGrad" } else { "" }, adam.gradient_centralization)
        }
        _ => ("", false),
    };
    format!("{}{more}{}", spec.class_name(), if is_centralized { " GC" } else { "" })
}

/// A number with two digits that count.
fn round_to_two(number: f64) -> f64 {
    format!("{number:.1e}").parse().unwrap_or(number)
}

fn within(text: &str, min: f32, max: f32) -> Option<f32> {
    text.parse().ok().filter(|number: &f32| (min..=max).contains(number))
}

/// The racers as they stand in an address.
pub fn racers_to_text(racers: &[OptimizerSpec]) -> String {
    let one = |spec: &OptimizerSpec| compact(Family::Optimizer, &to_value(spec));
    Value::from(racers.iter().map(one).collect::<Vec<_>>()).to_string()
}

/// Reads [`racers_to_text`].
pub fn racers_from_text(text: &str) -> Option<Vec<OptimizerSpec>> {
    let all: Vec<Value> = (text.len() <= MAX_BYTES).then(|| serde_json::from_str(text).ok())??;
    if !(1..=Setup::MAX_RACERS).contains(&all.len()) {
        return None;
    }
    all.into_iter().map(|one| serde_json::from_value(expand(one)).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::schedules::{CosineDecaySpec, ScheduleSpec};
    use crate::ui::routes::Location;

    #[test]
    fn a_setup_survives_the_address() {
        let mut racers = OptimizerSpec::palette();
        let cosine = ScheduleSpec::CosineDecay(CosineDecaySpec::default());
        racers.push(
            AdamSpec { learning_rate: cosine.into(), gradient_centralization: true, ..AdamSpec::default() }
                .into(),
        );
        for kind in SurfaceKind::ALL {
            let mut setup =
                Setup { noise: 0.75, seed: 9, steps: 99, racers: racers.clone(), ..Setup::default() };
            setup.choose(kind);
            setup.begin_at([1.234_567, -0.5]);
            let link = Location { route: None, query: setup.to_query(7) }.to_hash();
            assert_eq!(Setup::from_query(&Location::parse(&link).query), (setup, vec![]));
        }
        assert_eq!(Setup::from_query(&Query::default()), (Setup::default(), vec![]));
    }

    #[test]
    fn values_that_make_no_sense_are_named_and_replaced() {
        let text = "#/?surface=hill&condition=0&noise=-1&seed=x&start=9,9&steps=0&racers=[]";
        let (setup, bad) = Setup::from_query(&Location::parse(text).query);
        assert_eq!(setup, Setup::default());
        assert_eq!(bad, ["surface", "condition", "noise", "seed", "start", "steps", "racers"]);
        assert_eq!(racers_from_text("[\"SGD\",\"Adamax\"]"), None);
        assert_eq!(racers_from_text(&format!("[{}\"SGD\"]", "\"SGD\",".repeat(8))), None);
    }

    #[test]
    fn labels_say_the_method() {
        let setup = Setup::default();
        let labels: Vec<_> = (0..5).map(|racer| setup.label(racer)).collect();
        assert_eq!(labels, ["1 SGD", "2 SGD momentum", "3 SGD Nesterov", "4 RMSprop", "5 Adam"]);
        assert_eq!(setup.label(8), "");
    }

    #[test]
    fn suited_learning_rates_keep_every_racer_in_the_picture() {
        for kind in [SurfaceKind::Bowl, SurfaceKind::Himmelblau, SurfaceKind::Saddle, SurfaceKind::Rosenbrock]
        {
            let mut setup = Setup { steps: 300, ..Setup::default() };
            setup.choose(kind);
            Lane::Surface.suit(&mut setup);
            for racer in &setup.racers {
                let trace = super::super::race::Trace::run(&setup, racer).unwrap();
                assert!(trace.astray.is_none_or(|astray| astray.is_back), "{kind:?} {racer:?}");
            }
        }
    }
}
