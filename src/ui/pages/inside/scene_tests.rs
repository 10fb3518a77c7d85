use super::*;

fn cells(scene: &Scene) -> Vec<(&Area, usize, &Vec<f32>, ColorMap)> {
    let of = |draw| match draw {
        &Draw::Cells { ref area, cols, ref values, map } => Some((area, cols, values, map)),
        _ => None,
    };
    scene.draws.iter().filter_map(of).collect()
}

#[test]
fn every_channel_has_its_map_on_one_scale() {
    let scene = maps_scene([1, 2, 3], &[0.0, 1.0, 4.0, 2.0, 0.0, 1.0], 300.0);
    let maps = cells(&scene);
    assert_eq!(maps.len(), 3);
    assert_eq!((maps[0].2, maps[2].2), (&vec![0.0, 0.5], &vec![1.0, 0.25]));
    assert_eq!(maps[0].3, ColorMap::Gray);
    let signed = maps_scene([1, 2, 1], &[-2.0, 1.0], 300.0);
    assert_eq!(cells(&signed)[0].3, ColorMap::Diverging);
    assert!(maps_scene([3, 3, 999], &vec![0.0; 8_991], 320.0).draws.len() <= 2 * MOST_CHANNELS);
    assert!(maps_scene([26, 26, 32], &vec![0.0; 21_632], 320.0).draws.iter().all(|draw| match draw {
        Draw::Cells { area, .. } => area.x + area.width <= 320.5,
        _ => true,
    }));
}

#[test]
fn units_stand_in_rows_and_dead_ones_are_crossed_out() {
    let scene = maps_scene([1, 40, 1], &[1.0; 40], 320.0);
    assert_eq!(cells(&scene).iter().map(|cells| cells.1).collect::<Vec<_>>(), [32, 8]);
    let lines =
        |scene: &Scene| scene.draws.iter().filter(|draw| matches!(draw, Draw::Polyline { .. })).count();
    assert_eq!(lines(&units_scene(&[0.5; 40], &[], 320.0)), 0);
    assert_eq!(lines(&units_scene(&[1.0; 40], &[0, 39], 320.0)), 4);
}

#[test]
fn filters_of_many_channels_are_no_pictures() {
    let layer = |kernel_shape: [usize; 4]| LayerOutput {
        layer: 0,
        shape: [1, 1, 1],
        values: vec![0.0],
        kernel: (0..kernel_shape.iter().product()).map(|idx| idx as f32).collect(),
        kernel_shape,
    };
    let scene = kernels_scene(&layer([1, 2, 2, 3]), 320.0).unwrap();
    let filters = cells(&scene);
    assert_eq!(filters.len(), 6);
    // Filter 1, channel 0: numbers 1 and 7 of 0..=11.
    assert_eq!(filters[2].2, &vec![1.0 / 11.0, 7.0 / 11.0]);
    assert!(kernels_scene(&layer([3, 3, 6, 2]), 320.0).is_none());
    assert!(kernels_scene(&layer([0; 4]), 320.0).is_none());
}

#[test]
fn ink_is_outlined_over_the_heat() {
    let image = vec![0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    let heat = Heat { size: [1, 1], values: vec![2.0], image_size: [3, 3], image };
    let scene = heat_scene(&heat, 90.0);
    let outlines: Vec<_> = scene
        .draws
        .iter()
        .filter_map(
            |draw| if let Draw::Segments { segments, .. } = draw { Some(segments.len()) } else { None },
        )
        .collect();
    assert_eq!(outlines, [4, 4]);
    assert_eq!(cells(&scene)[0].2, &vec![1.0]);
    assert!(toned(&[0.0, 0.0]).values.iter().all(|value| *value == 0.0));
}

fn frame() -> Frame {
    Frame {
        epochs: Some(1),
        layer: None,
        dims: 2,
        iteration: 0,
        loss: None,
        ratios: [0.0; 2],
        points: vec![[0.0, 0.0], [10.0, 5.0]],
        labels: vec![3, 8],
    }
}

#[test]
fn a_point_is_found_where_its_digit_stands() {
    let plot = Plot { side: 300.0, bounds: [[0.0, 10.0], [0.0, 5.0]] };
    let scene = points_scene(&frame(), plot, None);
    assert_eq!(scene.texts().collect::<Vec<_>>(), ["3", "8"]);
    for idx in [0, 1] {
        assert_eq!(plot.nearest(&frame(), plot.place(frame().points[idx])), Some(idx));
    }
    assert_eq!(plot.nearest(&frame(), Point { x: 150.0, y: 150.0 }), None);
    assert!(plot.place([0.0, 0.0]).y > plot.place([0.0, 5.0]).y, "up is up");
    assert!(ring_scene(&frame(), plot, None).draws.is_empty());
    assert_eq!(ring_scene(&frame(), plot, Some(1)).draws.len(), 2);
    let flat = Plot { side: 300.0, bounds: [[1.0, 1.0], [1.0, 1.0]] };
    assert_eq!(flat.place([1.0, 1.0]), Point { x: 150.0, y: 150.0 });
}

#[test]
fn a_scale_says_its_ends() {
    let scene = scale_scene(true, ["−1".into(), "0".into(), "1".into()], 200.0);
    assert_eq!(scene.texts().count(), 3);
    assert_eq!(cells(&scene)[0].2[0], -1.0);
    assert_eq!(cells(&scale_scene(false, Default::default(), 200.0))[0].2[0], 0.0);
}
