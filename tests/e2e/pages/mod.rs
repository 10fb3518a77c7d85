//! What a person does on each page, by the names that the page gives to things.

pub mod audit;
pub mod axe;
pub mod convolution;
pub mod evaluation;
pub mod files;
pub mod network;
pub mod shell;
pub mod training;
