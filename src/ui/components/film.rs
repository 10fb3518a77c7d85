//! Paints the frames of an animation and makes a file of them, in slices that leave the page its time.

use super::super::animation::{GifFile, Plan, Size, Tally};
use super::super::browser::sleep;
use super::super::canvas::{Palette, paint_on};
use super::super::scene::Scene;
use leptos::prelude::{Callable, Callback, GetUntracked, Signal, document};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, BlobEvent, CanvasRenderingContext2d, HtmlCanvasElement, MediaRecorder, MediaRecorderOptions,
    MediaStream, MediaStreamTrack, RecordingState,
};

/// A walk to be filmed: how many positions it has, and the picture at each. The picture is asked for while
/// the reader may change the page, so it must bear a position that is no more.
#[derive(Clone, Copy)]
pub struct Animation {
    /// Positions.
    pub count: Signal<usize>,
    /// The picture at a position.
    pub frame: Callback<usize, Scene>,
}

/// The browser refused.
pub struct Refused;

impl From<JsValue> for Refused {
    fn from(_: JsValue) -> Refused {
        Refused
    }
}

/// A file's bytes; nothing when it was given up.
pub type Made = Result<Option<Vec<u8>>, Refused>;

/// Frames that the colours are chosen by, at most.
const SAMPLES: usize = 5;
/// Bits per second of a film; sharp text needs more than a camera's picture.
const BITS_PER_SECOND: u32 = 4_000_000;
/// How long the recorder is given to notice the last frame, in ms.
const LAST_MS: u32 = 120;

struct Film {
    animation: Animation,
    palette: Arc<Palette>,
    plan: Plan,
    size: Size,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

impl Film {
    fn new(animation: Animation, palette: Arc<Palette>) -> Result<Film, Refused> {
        let plan = Plan::of(animation.count.get_untracked());
        let first = animation.frame.try_run(0).ok_or(Refused)?;
        let size = Size::of(first.width, first.height);
        let canvas: HtmlCanvasElement = document().create_element("canvas")?.unchecked_into();
        canvas.set_width(u32::from(size.width));
        canvas.set_height(u32::from(size.height));
        // Every frame is read back.
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into())?;
        let context = canvas.get_context_with_context_options("2d", &options)?.ok_or(Refused)?;
        Ok(Film { animation, palette, plan, size, context: context.unchecked_into(), canvas })
    }

    fn paint(&self, frame: usize) -> Result<(), Refused> {
        let position = self.plan.positions.get(frame).copied().unwrap_or(0);
        // The page may have been left meanwhile.
        let scene = self.animation.frame.try_run(position).ok_or(Refused)?;
        Ok(paint_on(&self.context, &scene, self.size.ratio, &self.palette)?)
    }

    fn pixels(&self) -> Result<Vec<u8>, Refused> {
        let (width, height) = (f64::from(self.size.width), f64::from(self.size.height));
        Ok(self.context.get_image_data(0.0, 0.0, width, height)?.data().0)
    }
}

/// A GIF. `tell` hears how many frames are done, and of how many; false from it ends the work.
pub async fn gif(animation: Animation, palette: Arc<Palette>, tell: impl Fn(usize, usize) -> bool) -> Made {
    let film = Film::new(animation, palette)?;
    let total = film.plan.positions.len();
    let mut tally = Tally::default();
    for frame in Plan::of(total).positions.into_iter().step_by(total.div_ceil(SAMPLES).max(1)) {
        film.paint(frame)?;
        sleep(0).await;
        tally.add(&film.pixels()?);
        sleep(0).await;
        if !tell(0, total) {
            return Ok(None);
        }
    }
    let mut file = GifFile::new(film.size, tally.colours()).map_err(|_| Refused)?;
    for frame in 0..total {
        film.paint(frame)?;
        sleep(0).await;
        let pixels = film.pixels()?;
        sleep(0).await;
        file.push(&pixels, film.plan.delay(frame)).map_err(|_| Refused)?;
        sleep(0).await;
        if !tell(frame + 1, total) {
            return Ok(None);
        }
    }
    file.finish().map(Some).map_err(|_| Refused)
}

/// The kind of WebM that this browser records; none where it records none.
pub fn webm_type() -> Option<&'static str> {
    let is_there = js_sys::Reflect::has(&js_sys::global(), &"MediaRecorder".into()).unwrap_or(false);
    let types = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];
    types.into_iter().find(|kind| is_there && MediaRecorder::is_type_supported(kind))
}

/// A WebM, recorded while it plays. `tell` as for [`gif()`].
pub async fn webm(animation: Animation, palette: Arc<Palette>, tell: impl Fn(usize, usize) -> bool) -> Made {
    let film = Film::new(animation, palette)?;
    film.paint(0)?;
    let stream = film.canvas.capture_stream()?;
    let made = record(&film, &stream, tell).await;
    for track in stream.get_tracks() {
        track.unchecked_into::<MediaStreamTrack>().stop();
    }
    made
}

async fn record(film: &Film, stream: &MediaStream, tell: impl Fn(usize, usize) -> bool) -> Made {
    let options = MediaRecorderOptions::new();
    options.set_mime_type(webm_type().ok_or(Refused)?);
    options.set_video_bits_per_second(BITS_PER_SECOND);
    let recorder = MediaRecorder::new_with_media_stream_and_media_recorder_options(stream, &options)?;
    let parts = js_sys::Array::new();
    let kept = parts.clone();
    let on_data = Closure::<dyn FnMut(BlobEvent)>::new(move |event: BlobEvent| {
        if let Some(part) = event.data() {
            kept.push(&part);
        }
    });
    recorder.set_ondataavailable(Some(on_data.as_ref().unchecked_ref()));
    let stopped = js_sys::Promise::new(&mut |resolve, _reject| recorder.set_onstop(Some(&resolve)));
    recorder.start()?;
    let total = film.plan.positions.len();
    let mut goes_on = true;
    for frame in 0..total {
        film.paint(frame)?;
        sleep(film.plan.delay(frame)).await;
        goes_on = tell(frame + 1, total);
        if !goes_on {
            break;
        }
    }
    // A frame lasts until the next one: the last is painted once more.
    film.paint(total.saturating_sub(1))?;
    sleep(LAST_MS).await;
    if recorder.state() != RecordingState::Inactive {
        recorder.stop()?;
    }
    JsFuture::from(stopped).await?;
    if !goes_on {
        return Ok(None);
    }
    let blob = Blob::new_with_blob_sequence(&parts)?;
    let bytes = JsFuture::from(blob.array_buffer()).await?;
    Ok(Some(js_sys::Uint8Array::new(&bytes).to_vec()))
}
