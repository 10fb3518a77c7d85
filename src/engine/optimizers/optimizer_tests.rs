use super::super::{AdamSpec, NadamSpec, OptimizerError, OptimizerSpec, RmsPropSpec, SgdSpec};
use super::*;
use crate::engine::schedules::ExponentialDecaySpec;

/// A kernel of 2 × 2 and its bias.
fn params() -> Vec<OptimizedParam> {
    let kernel = OptimizedParam { range: 0..4, extents: vec![2, 2], is_kernel: true, trainable: true };
    let bias = OptimizedParam { range: 4..6, extents: vec![2], is_kernel: false, trainable: true };
    vec![kernel, bias]
}

fn named(optimizer: impl Into<OptimizerSpec>) -> Vec<(&'static str, Option<usize>)> {
    let optimizer = optimizer.into().build(&params());
    optimizer.slots().iter().map(|slot| (slot.name, slot.param)).collect()
}

#[test]
fn slots_are_listed_as_keras_lists_them() {
    let adam = AdamSpec { amsgrad: true, use_ema: true, ..AdamSpec::default() };
    assert_eq!(
        named(adam),
        [
            ("average", Some(0)),
            ("average", Some(1)),
            ("momentum", Some(0)),
            ("velocity", Some(0)),
            ("momentum", Some(1)),
            ("velocity", Some(1)),
            ("velocity_hat", Some(0)),
            ("velocity_hat", Some(1)),
        ]
    );
    assert_eq!(named(NadamSpec::default())[4], ("u_product", None));
    assert_eq!(named(SgdSpec::default()), []);
}

/// Every argument that keeps a state, on every rule.
#[test]
fn a_state_that_is_set_goes_on_to_the_bit() {
    let sgd = SgdSpec { momentum: 0.9, use_ema: true, ..SgdSpec::default() };
    let rms_prop = RmsPropSpec { momentum: 0.9, centered: true, ..RmsPropSpec::default() };
    let adam = AdamSpec {
        amsgrad: true,
        use_ema: true,
        gradient_accumulation_steps: Some(2),
        ..AdamSpec::default()
    };
    let more = [OptimizerSpec::from(sgd), rms_prop.into(), adam.into()];
    for spec in OptimizerSpec::palette().into_iter().chain(more) {
        let mut whole = spec.build(&params());
        let mut weights = vec![0.5, -0.25, 1.0, 0.0, 0.1, -0.1];
        let grads = |step: usize| (0..6).map(|i| ((i + step) as f32).sin()).collect::<Vec<_>>();
        (0..3).for_each(|step| whole.step(&mut weights, &grads(step)));
        let mut resumed = spec.build(&params());
        let slots: Vec<Vec<f32>> = whole.slots().iter().map(|slot| slot.values.to_vec()).collect();
        resumed.set_slots(&slots).unwrap();
        resumed.set_iterations(whole.iterations());
        let mut copy = weights.clone();
        for step in 3..6 {
            whole.step(&mut weights, &grads(step));
            resumed.step(&mut copy, &grads(step));
        }
        assert_eq!(weights, copy, "{}", spec.class_name());
    }
}

#[test]
fn slots_of_another_model_are_refused() {
    let mut optimizer = OptimizerSpec::default().build(&params());
    let error = optimizer.set_slots(&[vec![0.0; 4]]).unwrap_err();
    assert_eq!(error, WrongSlotsError { expected: vec![4, 4, 2, 2], got: vec![4] });
}

#[test]
fn what_is_not_trainable_stays() {
    let mut params = params();
    params[0].trainable = false;
    for spec in OptimizerSpec::palette() {
        let mut optimizer = spec.build(&params);
        let mut weights = [1.0; 6];
        optimizer.step(&mut weights, &[1.0; 6]);
        assert_eq!(weights[..4], [1.0; 4], "{}", spec.class_name());
        assert!(weights[4] < 1.0, "{}", spec.class_name());
        assert!(optimizer.slots().iter().all(|slot| slot.param != Some(0)));
    }
}

#[test]
fn only_kernels_are_centralized() {
    let spec = SgdSpec { learning_rate: 1.0.into(), gradient_centralization: true, ..SgdSpec::default() };
    let mut weights = [0.0; 6];
    OptimizerSpec::from(spec).build(&params()).step(&mut weights, &[1.0, 2.0, 3.0, 6.0, 5.0, 7.0]);
    assert_eq!(weights, [1.0, 2.0, -1.0, -2.0, -5.0, -7.0]);
}

#[test]
fn a_rate_is_set_by_hand_unless_it_follows_a_schedule() {
    let mut optimizer = OptimizerSpec::default().build(&params());
    optimizer.set_learning_rate(0.25).unwrap();
    assert!((optimizer.learning_rate() - 0.25).abs() < f32::EPSILON);
    let scheduled = OptimizerSpec::default().with_learning_rate(ExponentialDecaySpec::default());
    let error = scheduled.build(&params()).set_learning_rate(0.25).unwrap_err();
    assert_eq!(error, ScheduledRateError { schedule: "ExponentialDecay".to_owned() });
}

#[test]
fn a_second_way_to_clip_is_refused() {
    let spec = SgdSpec { clipnorm: Some(1.0), clipvalue: Some(0.5), ..SgdSpec::default() };
    let Err(OptimizerError::SeveralClips { clipnorm, clipvalue, global_clipnorm }) = spec.validate() else {
        panic!("not refused");
    };
    assert_eq!((clipnorm, clipvalue, global_clipnorm), (Some(1.0), Some(0.5), None));
}

#[test]
fn one_step_to_accumulate_is_refused() {
    let spec = SgdSpec { gradient_accumulation_steps: Some(1), ..SgdSpec::default() };
    assert!(spec.validate().is_err());
}

#[test]
fn training_ends_on_the_average() {
    let spec = SgdSpec { learning_rate: 1.0.into(), use_ema: true, ema_momentum: 0.5, ..SgdSpec::default() };
    let mut optimizer = OptimizerSpec::from(spec).build(&params());
    let mut weights = [0.0; 6];
    optimizer.finalize(&mut weights);
    (0..2).for_each(|_| optimizer.step(&mut weights, &[1.0; 6]));
    assert_eq!(weights, [-2.0; 6]);
    optimizer.finalize(&mut weights);
    assert_eq!(weights, [-1.5; 6]);
}
