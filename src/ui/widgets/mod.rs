//! Parts with a state and a picture of their own, one folder each.

pub mod confusion_matrix;
pub mod drawing_pad;
pub mod histogram_ridges;
pub mod image_grid;
pub mod kernel_editor;
pub mod line_chart;
pub mod network_diagram;
pub mod number_grid;
pub mod prediction_table;
pub mod products;
pub mod protocol_timeline;
pub mod size_formula;
pub mod sliding_filter;
