//! The program's parts: what a page needs is fetched when the first of its group is opened.
//!
//! The build cuts the page's program at the functions below (`scripts/finish-dist.sh`): each part holds what its
//! pages alone need, what several parts share is cut off as well and fetched with the first of them, and the rest is
//! there from the beginning. Uncut, as in tests, the functions are called as any other.
#![allow(unsafe_code, reason = "the macro writes declarations of what another part of the program exports")]
#![allow(
    clippy::unnecessary_wraps,
    reason = "what can fail is fetching the part, which the macro puts before it"
)]

use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use super::pages::{
    backwards::BackwardsPage, callbacks::CallbacksPage, chain::ChainPage, convolution::ConvolutionPage,
    device::DevicePage, evaluation::EvaluationPage, files::FilesPage, home::HomePage, inside::InsidePage,
    losses::LossesPage, network::NetworkPage, neuron::NeuronPage, optimizers::OptimizersPage,
    pooling::PoolingPage, runs::RunsPage, training::TrainingPage,
};
use super::routes::Route;

/// Makes a page's view.
pub type Page = fn() -> AnyView;

/// A part did not arrive.
pub type PartError = SplitLoaderError;

/// What makes the page of `route`, once its part is here.
///
/// # Errors
/// [`PartError`] if the part can't be fetched; asking again tries again.
pub async fn page(route: Route) -> Result<Page, PartError> {
    match route {
        Route::Home => Ok(|| HomePage().into_any()),
        Route::Convolution | Route::Pooling | Route::Chain | Route::Backwards => laboratory(route).await,
        Route::Losses | Route::Neuron | Route::Optimizers => benches(route).await,
        Route::Network | Route::Training | Route::Callbacks | Route::Runs => training(route).await,
        Route::Evaluation | Route::Inside => examination(route).await,
        Route::Files | Route::Device => files(route).await,
    }
}

#[wasm_split(laboratory, fallible)]
fn laboratory(route: Route) -> Result<Page, PartError> {
    Ok(match route {
        Route::Pooling => || PoolingPage().into_any(),
        Route::Chain => || ChainPage().into_any(),
        Route::Backwards => || BackwardsPage().into_any(),
        _ => || ConvolutionPage().into_any(),
    })
}

#[wasm_split(benches, fallible)]
fn benches(route: Route) -> Result<Page, PartError> {
    Ok(match route {
        Route::Neuron => || NeuronPage().into_any(),
        Route::Optimizers => || OptimizersPage().into_any(),
        _ => || LossesPage().into_any(),
    })
}

#[wasm_split(training, fallible)]
fn training(route: Route) -> Result<Page, PartError> {
    Ok(match route {
        Route::Network => || NetworkPage().into_any(),
        Route::Callbacks => || CallbacksPage().into_any(),
        Route::Runs => || RunsPage().into_any(),
        _ => || TrainingPage().into_any(),
    })
}

#[wasm_split(examination, fallible)]
fn examination(route: Route) -> Result<Page, PartError> {
    Ok(match route {
        Route::Inside => || InsidePage().into_any(),
        _ => || EvaluationPage().into_any(),
    })
}

#[wasm_split(files, fallible)]
fn files(route: Route) -> Result<Page, PartError> {
    Ok(match route {
        Route::Device => || DevicePage().into_any(),
        _ => || FilesPage().into_any(),
    })
}
