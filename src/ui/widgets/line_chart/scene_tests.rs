use super::super::state::{ChartMark, Role};
use super::*;

fn words() -> ChartText {
    let (x_label, y_label) = ("эпоха".into(), "потери".into());
    ChartText { language: Language::Ru, x_label, y_label, y_percent: false }
}

fn chart(points: Vec<(f64, f64)>) -> LineChartState {
    let series = Series { label: "a".into(), role: Role::Training, points, style: None };
    LineChartState { series: vec![series], ..LineChartState::default() }
}

fn draw(state: &LineChartState, look: &Look, width: f64) -> Scene {
    line_chart(state, look, &words(), width)
}

fn curves(scene: &Scene) -> Vec<&[Point]> {
    let is_curve = |pen: &Pen| pen.width > 2.0;
    let curves = scene.draws.iter().map(|draw| match draw {
        Draw::Polyline { points, pen } if is_curve(pen) => Some(&points[..]),
        _ => None,
    });
    curves.flatten().collect()
}

#[test]
fn axes_speak_the_readers_language() {
    let scene = draw(&chart(vec![(0.0, 0.0), (4.0, 1.0)]), &Look::default(), 400.0);
    assert!(scene.texts().any(|text| text == "0,4"), "{:?}", scene.texts().collect::<Vec<_>>());
    assert!(scene.texts().any(|text| text == "эпоха"));
}

#[test]
fn a_rising_curve_goes_up_and_stays_inside() {
    let scene = draw(&chart(vec![(0.0, 0.0), (1.0, 1.0)]), &Look::default(), 400.0);
    let points = curves(&scene)[0];
    assert!(points[1].y < points[0].y && points[1].x > points[0].x);
    assert!(points.iter().all(|p| (0.0..=400.0).contains(&p.x) && (0.0..=scene.height).contains(&p.y)));
}

#[test]
fn a_gap_breaks_the_line() {
    let state = chart(vec![(0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, 1.0), (4.0, 2.0)]);
    assert_eq!(curves(&draw(&state, &Look::default(), 400.0)).len(), 2);
    let state = chart(vec![(0.0, 1.0), (1.0, 2.0), (2.0, 0.0), (3.0, 1.0), (4.0, 2.0)]);
    assert_eq!(curves(&draw(&state, &Look { log_y: true, ..Look::default() }, 400.0)).len(), 2);
}

#[test]
fn a_single_value_is_seen() {
    let scene = draw(&chart(vec![(1.0, 0.5)]), &Look::default(), 400.0);
    assert!(scene.draws.iter().any(|draw| matches!(draw, Draw::Fill { ink: Ink::Series0, .. })));
}

#[test]
fn ten_thousand_points_become_a_few_per_pixel() {
    let points = (0..10_000).map(|x| (f64::from(x), f64::from(x % 7))).collect();
    let scene = draw(&chart(points), &Look::default(), 300.0);
    assert!(curves(&scene)[0].len() < 1300, "{}", curves(&scene)[0].len());
}

#[test]
fn a_window_cuts_curves_off_at_the_edges_of_the_plot() {
    let state = chart((0..100).map(|x| (f64::from(x), f64::from(x))).collect());
    let look = Look { window: Some((10.5, 20.5)), ..Look::default() };
    let frame = Frame::new(&state, &look.curves(&state), &look, &words(), 400.0);
    let scene = draw(&state, &look, 400.0);
    let points = curves(&scene)[0];
    assert_eq!(points.len(), 12, "ten points and two cuts");
    assert!((points[0].x - frame.plot.x).abs() < 1e-9);
    assert!((points[11].x - frame.plot.x - frame.plot.width).abs() < 1e-9);
    let empty = Look { window: Some((200.0, 300.0)), ..Look::default() };
    assert!(curves(&draw(&state, &empty, 400.0)).is_empty());
}

#[test]
fn only_what_was_measured_has_a_sign() {
    let mut state = chart((0..5).map(|x| (f64::from(x), f64::from(x))).collect());
    state.series[0].style = Some(LineStyle::of_run(0, Role::Validation));
    let signs = |window| {
        let scene = draw(&state, &Look { window, ..Look::default() }, 400.0);
        scene.draws.iter().filter(|draw| matches!(draw, Draw::Fill { .. })).count()
    };
    assert_eq!(signs(None) - signs(Some((1.5, 3.5))), 3);
    assert_eq!(signs(Some((1.5, 3.5))) - signs(Some((1.2, 1.8))), 2);
}

#[test]
fn what_is_measured_lies_behind_what_is_smoothed() {
    let state = chart((0..50).map(|x| (f64::from(x), f64::from(x % 5))).collect());
    let scene = draw(&state, &Look { smoothing: 0.9, ..Look::default() }, 400.0);
    let long = |draw: &Draw| match draw {
        Draw::Polyline { points, pen } if points.len() > 20 => Some(pen.ink),
        _ => None,
    };
    assert_eq!(scene.draws.iter().filter_map(long).collect::<Vec<_>>(), [Ink::Line, Ink::Series0]);
}

#[test]
fn marks_are_lines_and_their_names_do_not_overlap() {
    let mark = |idx: usize| ChartMark { x: idx as f64 * 0.05, label: (idx + 1).to_string() };
    let state = LineChartState {
        marks: (0..40).map(mark).collect(),
        epoch_lines: true,
        ..chart(vec![(0.0, 0.0), (2.0, 1.0)])
    };
    let scene = draw(&state, &Look::default(), 320.0);
    let lines = scene
        .draws
        .iter()
        .filter(|draw| matches!(draw, Draw::Polyline { pen: Pen { ink: Ink::Window, .. }, .. }));
    assert_eq!(lines.count(), 40);
    let names: Vec<f64> = scene
        .draws
        .iter()
        .filter_map(|draw| match draw {
            Draw::Text { at, ink: Ink::Window, .. } => Some(at.x),
            _ => None,
        })
        .collect();
    assert!(names.len() >= 10 && names.windows(2).all(|pair| pair[1] - pair[0] >= 15.9), "{names:?}");
}

#[test]
fn the_crosshair_lies_on_the_curve_and_only_in_view() {
    let state = chart(vec![(0.0, 0.0), (1.0, 2.0), (2.0, 1.0)]);
    let look = Look::default();
    let over = crosshair(&state, &look, &words(), 400.0, Some(1.0), None);
    let frame = Frame::new(&state, &look.curves(&state), &look, &words(), 400.0);
    let at = frame.place(1.0, 2.0);
    let dot = |draw: &Draw| matches!(draw, Draw::Fill { area, ink: Ink::Series0 } if area.contains(at));
    assert!(over.draws.iter().any(dot));
    assert!(crosshair(&state, &look, &words(), 400.0, Some(5.0), None).draws.is_empty());
    assert_eq!(crosshair(&state, &look, &words(), 400.0, None, Some((1.5, 0.5))).draws.len(), 2);
}

#[test]
fn a_legend_names_what_is_drawn() {
    let mut state = chart(vec![(0.0, 0.0)]);
    let style = Some(LineStyle::of_run(3, Role::Training));
    state.series.push(Series { label: "b".into(), style, ..Series::default() });
    let hidden = std::collections::BTreeSet::from(["a".to_owned()]);
    assert_eq!(legend(&state, &Look::default()).texts().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(legend(&state, &Look { hidden, ..Look::default() }).texts().collect::<Vec<_>>(), ["b"]);
}
