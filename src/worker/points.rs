//! The penultimate layer's outputs of a sample as points in the plane: outputs first, then principal components, then
//! t-SNE if that was asked for.

use std::sync::Arc;

use crate::data::LabeledImages;
use crate::engine::probe::{Pca, PcaResult, Probe, Tsne, TsneArguments};
use crate::protocol::{Embedding, Finding};

/// Images that go through the network at once.
const BATCH: usize = 4;
/// Iterations of t-SNE between two findings.
const ITERATIONS: usize = 25;
/// Images at most: all pairs of them are computed.
const MOST: usize = 1_000;

/// The work.
pub struct PointsWork {
    images: Arc<LabeledImages>,
    total: usize,
    method: Embedding,
    from: Vec<[f64; 2]>,
    epochs: Option<usize>,
    layer: Option<usize>,
    dims: usize,
    rows: Vec<f32>,
    pca: Option<Pca>,
    tsne: Option<Tsne>,
    ratios: [f64; 2],
}

impl PointsWork {
    /// Begins with the first `samples` images; `from` is as in
    /// [`Question::Points`](crate::protocol::Question::Points).
    pub fn new(
        probe: &Probe,
        images: Arc<LabeledImages>,
        samples: u32,
        method: Embedding,
        from: &[f32],
        epochs: Option<usize>,
    ) -> Self {
        let total = images.len().min((samples as usize).clamp(2, MOST));
        let layer = probe.penultimate();
        let from: Vec<[f64; 2]> =
            from.chunks_exact(2).map(|pair| [f64::from(pair[0]), f64::from(pair[1])]).collect();
        Self {
            dims: probe.shapes()[layer.map_or(0, |layer| layer + 1)].size(),
            from: if from.len() == total { from } else { Vec::new() },
            images,
            total,
            method,
            epochs,
            layer,
            rows: Vec::new(),
            pca: None,
            tsne: None,
            ratios: [0.0; 2],
        }
    }

    /// Does one piece; what there is to tell, and whether there is more to do.
    pub fn step(&mut self, probe: &mut Probe) -> (Option<Finding>, bool) {
        let done = self.rows.len() / self.dims;
        if done < self.total {
            let indices: Vec<u32> = (done..(done + BATCH).min(self.total)).map(|idx| idx as u32).collect();
            let images = self.images.batch(&indices).0;
            let output = self.layer.map_or_else(|| images.clone(), |layer| probe.output_of(layer, &images));
            self.rows.extend_from_slice(output.values());
            return (None, true);
        }
        if let Some(tsne) = &mut self.tsne {
            let before = tsne.iteration();
            let goes_on = tsne.step();
            let moved = tsne.iteration() > before;
            let tells = !goes_on || (moved && tsne.iteration().is_multiple_of(ITERATIONS));
            let (iteration, loss) = (tsne.iteration(), tsne.loss());
            let points = tells.then(|| tsne.points().to_vec());
            return (points.map(|points| self.finding(&points, iteration, loss)), goes_on);
        }
        let pca = self.pca.get_or_insert_with(|| Pca::new(&self.rows, self.dims));
        if pca.step() {
            return (None, true);
        }
        let result = pca.result();
        self.ratios = result.ratios;
        match self.method {
            Embedding::Pca => {
                let points = self.turned(&result);
                (Some(self.finding(&points, 0, None)), false)
            }
            Embedding::Tsne { perplexity, iterations } => {
                // A neighbor for each of them must be there.
                let most = ((self.total - 1) as f64 / 3.0).max(1.0);
                let arguments = TsneArguments {
                    perplexity: f64::from(perplexity).clamp(1.0, most),
                    max_iter: iterations as usize,
                    ..TsneArguments::default()
                };
                let begin = if self.from.is_empty() { &result.points } else { &self.from };
                let begin = Tsne::beginning(begin);
                self.tsne = Some(Tsne::new(self.rows.clone(), self.dims, begin, arguments));
                (None, true)
            }
        }
    }

    /// The sign of a component means nothing: it is chosen so that points stay on their side.
    fn turned(&self, result: &PcaResult) -> Vec<[f64; 2]> {
        let mut points = result.points.clone();
        for axis in 0..2 {
            let agreement: f64 =
                points.iter().zip(&self.from).map(|(now, before)| now[axis] * before[axis]).sum();
            if agreement < 0.0 {
                for point in &mut points {
                    point[axis] = -point[axis];
                }
            }
        }
        points
    }

    fn finding(&self, points: &[[f64; 2]], iteration: usize, loss: Option<f64>) -> Finding {
        Finding::Points {
            epochs: self.epochs,
            layer: self.layer.map(|layer| layer as u32),
            dims: self.dims as u32,
            iteration: iteration as u32,
            loss,
            ratios: self.ratios,
            points: points.iter().flatten().map(|x| *x as f32).collect(),
            labels: self.images.labels()[..self.total].to_vec(),
        }
    }
}
