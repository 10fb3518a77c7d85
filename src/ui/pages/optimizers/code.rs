//! The same race as CSV and as a program for Keras.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::race::{Moment, noise};
use super::setup::Setup;
use super::state::RaceState;
use super::surface::SurfaceKind;
use crate::formats::keras_code::{optimizer_class, write_optimizer};
use crate::ui::python;

/// One line per racer and step; the optimizer's state stands in the last column as `name=number number; …`.
pub fn to_csv(state: &RaceState) -> String {
    let mut out = String::from(
        "racer,step,x,y,value,distance,gradient_x,gradient_y,learning_rate,update_x,update_y,state\n",
    );
    for (racer, trace) in state.running() {
        for (step, moment) in trace.moments.iter().enumerate() {
            let Moment { at: [x, y], value, gradient: [gx, gy], step: led } = moment;
            let distance = state.distance(moment);
            let (label, rest) = (
                state.setup.label(racer),
                led.as_ref().map_or(",,,".to_owned(), |led| {
                    let [dx, dy] = led.update;
                    let slot = |(name, values): &(&str, Vec<f32>)| {
                        let values: Vec<String> = values.iter().map(f32::to_string).collect();
                        format!("{name}={}", values.join(" "))
                    };
                    let slots: Vec<String> = led.slots.iter().map(slot).collect();
                    format!("{},{dx},{dy},{}", led.learning_rate, slots.join("; "))
                }),
            );
            // Writing to a String cannot fail.
            let _ = writeln!(out, "{label},{step},{x},{y},{value},{distance},{gx},{gy},{rest}");
        }
    }
    out
}

/// Value and gradient in Python, in the order in which the page computes them.
fn formulas(setup: &Setup) -> String {
    let (before, value, slopes) = match setup.kind {
        SurfaceKind::Bowl => (
            format!("KAPPA = {:?}\n\n\n", setup.condition),
            "0.5 * (x * x + KAPPA * y * y)",
            ["x", "KAPPA * y"],
        ),
        SurfaceKind::Rosenbrock => (
            String::new(),
            "(1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)",
            ["-2 * (1 - x) - 400 * x * (y - x * x)", "200 * (y - x * x)"],
        ),
        SurfaceKind::Beale => (
            "def parts(x, y):\n    \
             return 1.5 - x + x * y, 2.25 - x + x * y * y, 2.625 - x + x * y * y * y\n\n\n"
                .to_owned(),
            "sum(part * part for part in parts(x, y))",
            [
                "2 * p * (y - 1) + 2 * q * (y * y - 1) + 2 * r * (y * y * y - 1)",
                "2 * p * x + 4 * q * x * y + 6 * r * x * y * y",
            ],
        ),
        SurfaceKind::Himmelblau => (
            "def parts(x, y):\n    return x * x + y - 11, x + y * y - 7\n\n\n".to_owned(),
            "sum(part * part for part in parts(x, y))",
            ["4 * x * p + 2 * q", "2 * p + 4 * y * q"],
        ),
        SurfaceKind::Saddle => {
            (String::new(), "0.5 * x * x + 0.25 * (y * y - 1) * (y * y - 1)", ["x", "y * (y * y - 1)"])
        }
        SurfaceKind::Cliff => (
            "def cliff(x):\n    return 1 / (1 + np.exp(-8 * x))\n\n\n".to_owned(),
            "4 * cliff(x) + (x + 2) * (x + 2) / 100 + y * y / 20",
            ["32 * cliff(x) * (1 - cliff(x)) + (x + 2) / 50", "y / 10"],
        ),
    };
    let parts = match setup.kind {
        SurfaceKind::Beale => "    p, q, r = parts(x, y)\n",
        SurfaceKind::Himmelblau => "    p, q = parts(x, y)\n",
        _ => "",
    };
    let [along_x, along_y] = slopes;
    // A number belongs to those above it, a function stands apart.
    let gap = if setup.kind == SurfaceKind::Bowl { "" } else { "\n\n" };
    format!(
        "{gap}{before}def value(x, y):\n    return {value}\n\n\n\
         def gradient(x, y):\n{parts}    return [\n        {along_x},\n        {along_y},\n    ]\n"
    )
}

/// A program that runs the race with real Keras: `paths` holds every racer's places.
pub fn to_python(state: &RaceState) -> String {
    let setup = &state.setup;
    let running: Vec<usize> = state.running().map(|(racer, _)| racer).collect();
    let classes: BTreeSet<String> =
        running.iter().filter_map(|racer| optimizer_class(&setup.racers[*racer])).collect();
    let classes: String = classes.iter().flat_map(|class| ["\n\n", class]).collect();
    let line = |racer: &usize| {
        format!("    \"{}\": {},\n", setup.label(*racer), write_optimizer(&setup.racers[*racer]))
    };
    let racers = running.iter().map(line).collect::<Vec<_>>().concat();
    let ([x, y], steps) = (setup.start, setup.steps);
    let (noises, added) = if setup.noise > 0.0 {
        let all: Vec<f32> = (0..steps).flat_map(|step| noise(setup, step)).collect();
        let comment = "# What every racer's gradient has besides, the same for all of them\n";
        (format!("{comment}NOISE = {}.reshape(STEPS, 2)\n", python::array(&all)), " + NOISE[step]")
    } else {
        (String::new(), "")
    };
    let formulas = formulas(setup);
    format!(
        r#"import keras
import numpy as np
import tensorflow as tf

START = ({x:?}, {y:?})
STEPS = {steps}
{noises}{formulas}{classes}

racers = {{
{racers}}}

paths = []
for name, optimizer in racers.items():
    # The two numbers are a kernel of two inputs and one output.
    weight = keras.Variable(np.array(START, dtype="float32").reshape(2, 1), name="kernel")
    optimizer.build([weight])
    path = [np.array(START, dtype="float32")]
    for step in range(STEPS):
        slope = np.array(gradient(*path[-1]), dtype="float32"){added}
        optimizer.apply([tf.constant(slope.reshape(2, 1))], [weight])
        path.append(np.array(keras.ops.convert_to_numpy(weight)).reshape(2))
    paths.append(np.array(path))
    print(f"{{name}}: f{{tuple(path[-1].tolist())}} = {{value(*path[-1])}}")
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::optimizers::SgdSpec;

    #[test]
    fn every_step_of_every_racer_is_a_line() {
        let state = RaceState::new(Setup { steps: 3, ..Setup::default() });
        let csv = to_csv(&state);
        assert_eq!(csv.lines().count(), 1 + 5 * 4);
        assert_eq!(csv.lines().nth(1).unwrap(), format!("1 SGD,0,-4,1.5,30.5,{},-4,30,,,,", 18.25f64.sqrt()));
        assert!(csv.contains("momentum=") && csv.contains("velocity="));
        let columns = csv.lines().map(|line| line.split(',').count()).collect::<BTreeSet<_>>();
        assert_eq!(columns, BTreeSet::from([12]));
    }

    #[test]
    fn the_program_has_what_the_page_has() {
        let program = to_python(&RaceState::new(Setup::default()));
        assert!(program.contains("    \"1 SGD\": keras.optimizers.SGD(learning_rate=0.05),\n"), "{program}");
        assert!(program.contains("KAPPA = 20.0\n") && !program.contains("NOISE"));
        let centralized = SgdSpec { gradient_centralization: true, ..SgdSpec::default() };
        let setup = Setup { noise: 1.0, racers: vec![centralized.into()], ..Setup::default() };
        let program = to_python(&RaceState::new(setup));
        assert!(program.contains("class CentralizedSGD(keras.optimizers.SGD):"));
        assert!(program.contains("\"1 SGD GC\": CentralizedSGD(),") && program.contains(" + NOISE[step]"));
    }
}
