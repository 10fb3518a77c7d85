//! Svertka (свёртка = convolution): a teaching laboratory for neural networks in the browser.
//!
//! Data flows front to back, and a file imports only from what stands before it:
//!
//! ```text
//! shard → tensor → model spec → engine → events → worker → page
//! ```
//!
//! # Map
//!
//! - [`tensor`]: numbers in memory, seeded randomness, one `exp` and `ln`; its `kernels` are the
//!   inner loops, each with its naive twin beside it.
//! - [`data`]: datasets as shards with checksums; splits, order and batches.
//! - [`engine`]: layers, losses, optimizers, schedules, initializers, regularizers, constraints and
//!   metrics, one file each; [`engine::spec`] describes a model and a run, [`engine::model`] is the
//!   built network, [`engine::trainer`] takes one step at a time and says what happened as
//!   [`engine::event`]s; [`engine::watch`] measures beside it; [`engine::scores`] says what answers are
//!   worth, and [`engine::probe`] what a model saw. What an option means is what Keras 3 on TensorFlow means
//!   by it: `tests/golden` holds numbers of real Keras, `make keras` compares with it on random runs.
//! - [`speed`]: work of known size for benchmarks: the kernels, three networks, the peak.
//! - [`formats`]: files that hold models and weights, and runs as Keras programs, written and read.
//! - [`protocol`]: the only messages between the page and its workers.
//! - [`worker`]: owns a trainer, works in slices so that Stop arrives, thins out events; [`worker::files`] is a
//!   program of its own that reads and writes files, and lives as long as one of them takes.
//! - `cli`: the same specs without a browser (feature `cli`).
//! - [`ui`]: the page. States and scenes are plain Rust; only views know Leptos (feature `ui`). Its program is cut
//!   into parts, `src/ui/parts.rs`, and `scripts/budgets.mjs` says what each weighs. The head of every page stands in
//!   `index.html`, where `tests/first_screen.rs` writes it; what stands further down is made in tasks of its own,
//!   `src/ui/components/later.rs`, and the worker starts after that. [`ui::embed`] is the page inside
//!   another one.
//!
//! # Invariants
//!
//! Each names the tests that keep it, and a test keeps this list honest
//! (`tests/architecture/manifest.rs::every_invariant_names_a_test_that_exists`).
//!
//! 1. Areas import in the order `tensor → data → engine → speed → formats → protocol → {worker, cli, ui}`,
//!    and the engine's parts in the order of `tests/architecture/imports.rs`:
//!    `tests/architecture/imports.rs::areas_are_imported_in_order`,
//!    `tests/architecture/imports.rs::the_engine_is_imported_in_order`.
//! 2. The engine reads no clock, file, network or system randomness; time and seed are arguments:
//!    `tests/architecture/words.rs::the_engine_reads_no_clock_file_network_or_system_randomness`.
//! 3. Same spec, data and seed give the same bits in every browser and natively: sums have one
//!    order, `exp` and `ln` one source, no multiply-add is fused, and instructions are named in one
//!    file, [`tensor::kernels::lanes`]:
//!    `src/engine/layers/same_bits.rs::a_training_pass_gives_the_same_bits_on_every_target`,
//!    `src/tensor/kernels/gemm/mod.rs::every_small_size_has_the_bits_of_the_naive_loop`,
//!    `src/tensor/kernels/lanes.rs::every_lane_rounds_the_product_and_then_the_sum`,
//!    `tests/architecture/words.rs::exp_and_ln_come_from_one_place`,
//!    `tests/architecture/words.rs::instructions_are_named_in_one_file`,
//!    `src/engine/trainer_tests.rs::the_same_seed_gives_the_same_bits_and_another_seed_does_not`,
//!    `tests/e2e/journeys/engines.rs::a_lesson_in_firefox`, `tests/e2e/journeys/engines.rs::a_lesson_in_webkit`.
//! 4. [`engine::spec`] is the only description of a model or a run. A built thing cannot be saved
//!    or sent; specs, events, messages, errors and file headers can:
//!    `tests/architecture/serde_use.rs::only_specs_events_messages_and_errors_derive_serde`.
//! 5. What goes over the wire keeps serde's default form, which the worker's binary codec can read
//!    back: `tests/architecture/serde_use.rs::wire_types_keep_the_default_form`,
//!    `tests/every_layer.rs::every_layer_keeps_its_promises_on_every_shape_it_takes`.
//! 6. The trainer never loops by itself: one call of `step` is one batch, so whoever loops can stop:
//!    `src/engine/trainer_tests.rs::a_requested_stop_ends_within_one_step`.
//! 7. The page trains and evaluates nothing and is told of batches about 20 times a second; what it computes
//!    is one image through a few layers, for the laboratory's pictures, and for the benches two numbers under an
//!    optimizer and a few hundred parameters on a few dozen points:
//!    `src/worker/coalesce.rs::deliveries_keep_their_distance`. The values of every batch come along:
//!    `src/worker/coalesce.rs::the_values_of_every_batch_arrive_with_the_event_of_the_last`.
//! 8. Leptos stands in views and the shell alone, and the engine knows no browser:
//!    `tests/architecture/imports.rs::the_engine_knows_no_browser_and_states_know_no_leptos`.
//! 9. There is no `unsafe`, but for what a macro writes where the page's program is cut:
//!    `tests/architecture/words.rs::there_is_no_unsafe`.
//! 10. A model's parameters are one flat block, and gradients of parts of a batch add up in it:
//!     `src/engine/model_tests.rs::chunks_add_up_to_the_batch`.
//! 11. Every message carries its [`protocol::RunId`], and whoever receives drops ids it does not wait
//!     for: `src/ui/pages/training/state_tests.rs::events_of_another_run_change_nothing`,
//!     `src/ui/pages/evaluation/state_tests.rs::events_of_another_run_change_nothing`; every message
//!     survives the wire: `tests/wire/main.rs::every_request_survives_with_its_run`,
//!     `tests/wire/main.rs::every_event_survives_with_its_run`,
//!     `tests/wire/files.rs::every_request_for_files_survives_with_its_run`,
//!     `tests/wire/files.rs::every_answer_about_files_survives_with_its_run`.
//! 12. The weights of an epoch never arrive before the event that tells of it, and the page takes in both or neither:
//!     `src/worker/coalesce.rs::weights_never_arrive_before_the_epoch_that_made_them`,
//!     `tests/e2e/journeys/worker_death.rs::a_dead_worker_is_noticed_and_its_successor_has_the_weights`.
//! 13. A training step allocates nothing: dropped buffers wait in a pool for the next step
//!     ([`tensor::buffer`]): `tests/no_allocation.rs::no_layer_allocates`,
//!     `tests/no_allocation.rs::no_batch_of_a_whole_run_allocates`.
//! 14. What is left out or computed together changes no bit: products without their zeros
//!     ([`tensor::kernels::sparse`]), a convolution with the max pooling behind it
//!     (`src/engine/layers/placed.rs` says which layers are built as one):
//!     `src/tensor/kernels/product.rs::any_share_of_zeros_gives_the_bits_of_the_naive_loop`,
//!     `src/tensor/kernels/conv2d/mod.rs::the_direct_way_has_the_bits_of_the_naive_sum`,
//!     `src/engine/layers/pooled_convolution.rs::one_layer_has_the_bits_of_two`.
//!     What is measured beside a run changes none either:
//!     `src/engine/trainer_tests.rs::a_watched_run_has_the_events_and_the_bits_of_another`.
//!     One thing has bits of its own, the same everywhere: inference of deep 3×3 convolutions
//!     ([`tensor::kernels::conv2d::Winograd`]), within rounding of the naive sum:
//!     `src/tensor/kernels/conv2d/winograd.rs::the_convolution_is_that_of_the_naive_sum`,
//!     `src/tensor/kernels/conv2d/winograd.rs::bits_are_the_same_on_every_target`.
//! 15. A run that goes on after an epoch, in another worker or on another day, ends with the bits of one
//!     that was never interrupted, and its callbacks say the same:
//!     `src/engine/trainer_tests.rs::a_resumed_run_of_adam_with_dropout_augmentation_and_a_schedule_ends_with_the_same_bits`,
//!     `src/engine/trainer_tests.rs::callbacks_of_a_resumed_run_go_on_counting`,
//!     `src/ui/runs/place.rs::a_snapshot_comes_back_through_json_bit_for_bit`.
//! 16. A learning rate that is changed while a run trains is an event of the run with its place, which the
//!     kept run remembers: the same changes at the same places give the same bits, whoever computes, and a
//!     run that goes on keeps the rate:
//!     `src/engine/trainer/learning_rate.rs::a_rate_set_after_some_batches_gives_the_bits_of_a_sequence_with_these_rates`,
//!     `src/engine/shared_batch_tests.rs::a_learning_rate_set_while_others_compute_gives_the_same_bits`,
//!     `src/engine/trainer/learning_rate.rs::a_resumed_run_keeps_the_rate`.
//! 17. Which images a run uses follows from its spec and their classes, decided in one place,
//!     [`engine::spec::DataSpec::choose`]: page, worker and command line have the same ones in the same order:
//!     `src/engine/trainer_tests.rs::chosen_classes_are_trained_on_as_if_there_were_no_others`,
//!     `src/ui/data_panel/parts.rs::counts_are_those_that_the_trainer_tells_of`,
//!     `tests/cli/classes.rs::chosen_classes_give_the_bits_of_the_worker`.
//! 18. What a teacher has fixed in an embedded widget stays, whatever leads to another state, and only the page around
//!     it is listened to: `src/ui/embed/frame.rs::what_is_fixed_or_hidden_wins_over_any_other_value`,
//!     `src/ui/embed/widget.rs::every_setting_and_part_is_held_somewhere`,
//!     `src/ui/embed/message.rs::foreign_old_long_and_broken_messages_are_not`.
#![warn(missing_docs)]

// So that test support reads the same inside this crate and in `tests/`.
#[cfg(test)]
extern crate self as svertka;

#[cfg(feature = "cli")]
pub mod cli;
pub mod data;
pub mod engine;
pub mod formats;
pub mod protocol;
pub mod speed;
pub mod tensor;
pub mod ui;
pub mod worker;
