use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_100 + second).expect("a time")
}

fn stretch(pod: &str, second: i64, cpu_milli: Option<u32>, restarts: (u32, u32)) -> PodStretch {
    PodStretch {
        first: at(second),
        pod: pod.to_owned(),
        version: "r4".to_owned(),
        cpu_milli,
        memory_bytes: cpu_milli.map(|cpu| u64::from(cpu) << 20),
        restarts_before: restarts.0,
        restarts: restarts.1,
        oom_kills: u32::from(restarts.1 > restarts.0),
    }
}

fn hour() -> (Range, Vec<Timestamp>) {
    let range = Range { from: at(0), to: at(3_600), step: SignedDuration::from_secs(30) };
    (range, (0..120).map(|step| at(step * 30)).collect())
}

#[test]
fn a_span_is_cut_into_whole_stretches_up_to_now() {
    let range = range(3, at(17));
    assert_eq!((range.step.as_secs(), range.to.duration_since(range.from).as_hours()), (90, 3));
    assert!(range.to > at(17) && range.to.as_second() % 90 == 0);
    assert_eq!(super::range(9_999, at(0)).step.as_secs(), 168 * 3600 / POINTS, "a week at most");
}

#[test]
fn what_was_measured_stands_in_its_stretch_with_gaps_and_restarts() {
    let (range, times) = hour();
    let stretches = [
        stretch("api-a", 0, Some(100), (2, 2)),
        stretch("api-b", 0, None, (0, 0)),
        stretch("api-a", 95, Some(120), (2, 4)),
    ];
    let told = measured(&stretches, &times, &range);
    assert_eq!((told[0].cpu[0], told[0].cpu[1], told[0].cpu[3]), (Some(100), None, Some(120)));
    assert_eq!((told[0].restarts, told[1].memory[0]), (2, None));
    let marks = restarts(&stretches);
    let [mark] = &marks[..] else { panic!("{marks:?}") };
    assert_eq!((mark.pod.as_str(), mark.count, mark.oom), ("api-a", 2, true));
}

#[test]
fn a_prometheus_is_read_by_pod_and_releases_are_known_by_the_set() {
    let (range, times) = hour();
    let series = |pod: &str, value: f64| Series {
        labels: [("pod".to_owned(), pod.to_owned())].into(),
        values: vec![(at(0), value), (at(60), value * 2.0)],
    };
    let told = told(&[series("api-7f8-x", 0.125)], &[series("api-7f8-x", 1024.0)], &times, &range);
    assert_eq!((told[0].cpu[0], told[0].cpu[2], told[0].memory[2]), (Some(125), Some(250), Some(2048)));
    let here = measured(&[stretch("api-7f8-y", 0, None, (0, 0))], &times, &range);
    assert_eq!(with_releases(told, &here)[0].release, "r4");
}

#[test]
fn of_very_many_pods_those_that_use_least_are_put_together() {
    let (range, times) = hour();
    let many: Vec<_> = (0..100).map(|pod| stretch(&format!("api-{pod:03}"), 0, Some(pod), (0, 0))).collect();
    let told = put_together(measured(&many, &times, &range));
    assert_eq!(told.len(), PODS_MAX + 1);
    let rest = told.last().expect("the others");
    assert_eq!((rest.pod.as_str(), rest.pods, rest.cpu[0]), ("", 40, Some((0..40).sum())));
}

#[test]
fn a_cell_of_a_table_is_no_formula_and_keeps_its_commas() {
    assert_eq!(cell_of("=1+1"), "'=1+1");
    assert_eq!(cell_of("a,\"b\""), "\"a,\"\"b\"\"\"");
    assert_eq!(cell_of("api-7f8-x"), "api-7f8-x");
}
