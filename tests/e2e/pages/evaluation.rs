//! The page that tests the network on images it has never seen.

use std::time::Duration;

use crate::browser::{Lab, SOON};

/// A thousand images through the largest network, on a slow machine.
const EVALUATION: Duration = Duration::from_mins(2);

/// Tests the network as the page proposes, and gives the accuracy, 0..1.
pub async fn evaluate(lab: &Lab) -> f64 {
    lab.visit("evaluation").await;
    lab.click_id("evaluate").await;
    wait_for_accuracy(lab).await
}

/// Waits until the test is over, and gives the accuracy, 0..1.
pub async fn wait_for_accuracy(lab: &Lab) -> f64 {
    let is_done = async || {
        lab.peek_id("accuracy").await.is_some()
            && lab.peek("[data-testid=evaluate][aria-disabled=false]", None).await.is_some()
    };
    lab.until_true("the result of the evaluation", EVALUATION, is_done).await;
    let value = "return document.querySelector('[data-testid=accuracy]').dataset.value";
    lab.read::<String>(value, vec![]).await.parse().unwrap()
}

/// Asks what the network makes of the first test images: every probability, to the last digit.
pub async fn predictions(lab: &Lab) -> Vec<String> {
    lab.visit("evaluation").await;
    lab.click_id("predict").await;
    let read = async || {
        // Until the answer is there, the numbers are the ones before.
        lab.peek("[data-testid=predict][aria-disabled=false]", None).await?;
        let script = "return [...document.querySelectorAll('[data-testid=predictions] [data-probability]')]
            .map(cell => cell.dataset.probability)";
        Some(lab.read::<Vec<String>>(script, vec![]).await).filter(|all| !all.is_empty())
    };
    lab.until("the probabilities of the first images", SOON, read).await
}

/// Opens the cell of the confusion matrix with the most confused images, and waits until it shows
/// them; how many there are.
pub async fn open_worst_cell(lab: &Lab) -> usize {
    let script = "
        const cells = [...document.querySelectorAll('[data-testid^=cell-]')];
        const wrong = cells.filter(cell => new Set(cell.dataset.testid.split('-')).size === 3);
        const number = cell => +cell.textContent.replace(/\\D/g, '');
        const worst = wrong.sort((a, b) => number(b) - number(a))[0];
        return worst && [worst.dataset.testid, number(worst)]";
    let (id, count): (String, usize) = lab.read(script, vec![]).await;
    lab.click_id(&id).await;
    lab.until_true("the images behind the cell", SOON, async || painted_images(lab).await == count).await;
    count
}

/// Images in the grid that have something to see.
async fn painted_images(lab: &Lab) -> usize {
    let script = "
        const isPainted = canvas => {
          const { width, height } = canvas;
          if (width < 2) return false;
          const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
          return data.some((value, idx) => value !== data[idx % 4]);
        };
        return [...document.querySelectorAll('[data-testid=images] canvas')].filter(isPainted).length";
    lab.read(script, vec![]).await
}
