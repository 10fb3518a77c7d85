//! The choice to hear the loss, and the instrument that plays it.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::AudioContext;

use super::sound::{Tone, tones};
use crate::ui::components::fresh_id;
use crate::ui::i18n::{t, use_i18n};
use crate::ui::laboratory::laboratory;

/// A tone that begins or ends at once clicks; so long it swells and fades, in s.
const FADE_S: f64 = 0.02;

/// Off whenever the page is opened, so that nothing sounds unasked; browsers would not let it either.
#[component]
pub fn SoundField() -> impl IntoView {
    let i18n = use_i18n();
    let run = laboratory().training;
    let instrument = StoredValue::new_local(None::<AudioContext>);
    let busy_until_s = StoredValue::new(0.0);
    let is_refused = RwSignal::new(false);
    let is_on = RwSignal::new(false);
    let put_away = move || {
        if let Some(context) = instrument.try_update_value(Option::take).flatten() {
            // One that is closed already is just as silent.
            let _ = context.close();
        }
    };
    let on_change = move |event| {
        put_away();
        let wanted = event_target_checked(&event);
        let made = wanted.then(AudioContext::new).transpose();
        is_refused.set(made.is_err());
        let made = made.ok().flatten();
        is_on.set(made.is_some());
        busy_until_s.set_value(0.0);
        instrument.set_value(made);
    };
    on_cleanup(put_away);
    let epochs = Memo::new(move |_| run.read(|state| (state.run(), state.history().curves.epochs.len())));
    Effect::new(move |before: Option<(Option<_>, usize)>| {
        let now = epochs.get();
        // What a run that goes on has learnt before is past.
        let is_fresh = before.is_some_and(|before| before.0 == now.0 && before.1 + 1 == now.1) || now.1 == 1;
        if is_fresh && is_on.get_untracked() {
            instrument.with_value(|instrument| {
                let Some(context) = instrument else { return };
                // Epochs may be shorter than their tones: what would overlap is left out.
                if context.current_time() < busy_until_s.get_value() {
                    return;
                }
                let tones = run.read_untracked(|state| tones(&state.history().curves.epochs));
                match play(context, &tones) {
                    Ok(end_s) => busy_until_s.set_value(end_s),
                    Err(_) => is_refused.set(true),
                }
            });
        }
        now
    });
    let help_id = fresh_id("sound-help");
    view! {
        <div class="field">
            <label class="check">
                <input
                    type="checkbox"
                    data-testid="sound"
                    prop:checked=move || is_on.get()
                    aria-describedby=help_id.clone()
                    on:change=on_change
                />
                <span>{t!(i18n, curves.sound.label)}</span>
            </label>
            <span class="field__hint" id=help_id>{t!(i18n, curves.sound.help)}</span>
            <p class="field__error" role="status" hidden=move || !is_refused.get()>
                {move || is_refused.get().then_some(t!(i18n, curves.sound.refused))}
            </p>
        </div>
    }
}

/// Plays tones from now on, and gives the time at which the last of them is over.
fn play(context: &AudioContext, tones: &[Tone]) -> Result<f64, JsValue> {
    let now = context.current_time();
    let mut end_s = now;
    for tone in tones {
        let (begin, end) = (now + tone.begin_s, now + tone.end_s());
        let (oscillator, volume) = (context.create_oscillator()?, context.create_gain()?);
        oscillator.frequency().set_value(tone.hz);
        let gain = volume.gain();
        gain.set_value_at_time(0.0, begin)?;
        gain.linear_ramp_to_value_at_time(tone.loudness, begin + FADE_S)?;
        gain.set_value_at_time(tone.loudness, end - FADE_S)?;
        gain.linear_ramp_to_value_at_time(0.0, end)?;
        oscillator.connect_with_audio_node(&volume)?;
        volume.connect_with_audio_node(&context.destination())?;
        oscillator.start_with_when(begin)?;
        oscillator.stop_with_when(end)?;
        end_s = end;
    }
    Ok(end_s)
}
