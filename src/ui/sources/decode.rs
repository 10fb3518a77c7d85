//! Files and the camera's pictures as pixels.

use crate::ui::inputs::Photo;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, HtmlVideoElement, ImageBitmap};

/// Why there is no photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoFault {
    /// The file is no image, or a damaged one.
    Damaged,
    /// The file is too large to be opened.
    TooLarge,
    /// What was pasted or dropped holds no image.
    NoImage,
    /// The browser has no camera to offer: there is none, or the page did not come over a secure connection.
    NoCamera,
    /// The reader, or a rule of the device, refused the camera.
    Refused,
    /// The camera does not answer, perhaps because another program has it.
    Busy,
}

/// Decodes an image file.
pub async fn photo_of(blob: &Blob) -> Result<Photo, PhotoFault> {
    if blob.size() > Photo::MOST_BYTES {
        return Err(PhotoFault::TooLarge);
    }
    let bitmap = window().create_image_bitmap_with_blob(blob).map_err(|_| PhotoFault::Damaged)?;
    let bitmap = JsFuture::from(bitmap).await.map_err(|_| PhotoFault::Damaged)?;
    let bitmap: ImageBitmap = bitmap.unchecked_into();
    let [height, width] = Photo::kept(bitmap.height() as usize, bitmap.width() as usize);
    let drawn = drawn([height, width], |context| {
        context.draw_image_with_image_bitmap_and_dw_and_dh(&bitmap, 0.0, 0.0, width as f64, height as f64)
    });
    bitmap.close();
    drawn.ok().flatten().ok_or(PhotoFault::Damaged)
}

/// What a video shows now.
pub fn photo_of_video(video: &HtmlVideoElement) -> Result<Photo, PhotoFault> {
    let (height, width) = (video.video_height() as usize, video.video_width() as usize);
    if height * width == 0 {
        return Err(PhotoFault::Busy);
    }
    let [height, width] = Photo::kept(height, width);
    let drawn = drawn([height, width], |context| {
        context.draw_image_with_html_video_element_and_dw_and_dh(video, 0.0, 0.0, width as f64, height as f64)
    });
    drawn.ok().flatten().ok_or(PhotoFault::Busy)
}

/// The pixels of whatever is drawn at this size.
fn drawn(
    [height, width]: [usize; 2],
    draw: impl FnOnce(&CanvasRenderingContext2d) -> Result<(), JsValue>,
) -> Result<Option<Photo>, JsValue> {
    let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    let Some(context) = canvas.get_context("2d")? else { return Ok(None) };
    let context: CanvasRenderingContext2d = context.unchecked_into();
    context.set_image_smoothing_enabled(true);
    draw(&context)?;
    let pixels = context.get_image_data(0.0, 0.0, width as f64, height as f64)?.data().0;
    Ok(Photo::new(height, width, pixels))
}
