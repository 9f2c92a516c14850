use super::*;
use slipway_cluster::PodUsage;
use slipway_model::instance::{ContainerFacts, ContainerState};

fn pod(name: &str, image: &str, release: &str, ready: bool) -> Arc<PodFacts> {
    let state = if ready {
        ContainerState::Running { since: None }
    } else {
        ContainerState::Waiting { reason: "ImagePullBackOff".into(), message: String::new() }
    };
    let container = ContainerFacts { image: image.into(), ready, state, ..ContainerFacts::default() };
    Arc::new(PodFacts {
        uid: name.into(),
        name: name.into(),
        phase: if ready { "Running" } else { "Pending" }.into(),
        ready,
        release: release.into(),
        node: "node-1".into(),
        containers: vec![container],
        ..PodFacts::default()
    })
}

/// Names of the rows that a query gets, with their places, and the summary.
fn ask(query: &InstanceQuery) -> (Vec<(String, u32)>, InstanceSummary) {
    let pods = [
        pod("old-b", "api:1", "r1", true),
        pod("old-a", "api:1", "r1", true),
        pod("new-a", "api:2", "r2", true),
        pod("new-x", "api:2", "r2", false),
    ];
    let mut list = List::new(query, Some("r2".into()));
    list.take(pods.iter(), "app", Timestamp::UNIX_EPOCH, false);
    let used = |pod: &str, cpu_milli| {
        (pod.to_owned(), PodUsage { pod: pod.to_owned(), cpu_milli, memory_bytes: u64::from(cpu_milli) })
    };
    let pods = HashMap::from([used("old-a", 5), used("old-b", 70), used("new-a", 9)]);
    let mut usage = Latest::default();
    usage.take(pods, None);
    let mut lines = list.lines("app", &usage, Timestamp::UNIX_EPOCH).into_iter();
    let Some(InstanceLine::Summary(summary)) = lines.next() else { panic!("a summary first") };
    let rows = lines.filter_map(|line| match line {
        InstanceLine::Pod(row) => Some((row.instance.name, row.at)),
        InstanceLine::Summary(_) => None,
    });
    (rows.collect(), summary)
}

fn names(query: InstanceQuery) -> Vec<String> {
    ask(&InstanceQuery { most: 10, ..query }).0.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn what_fails_stands_on_top_then_new_ones_then_old_ones_each_by_name() {
    assert_eq!(names(InstanceQuery::default()), ["new-x", "new-a", "old-a", "old-b"]);
}

#[test]
fn any_column_sorts_and_those_without_a_figure_are_lowest() {
    let by = |sort, descending| names(InstanceQuery { sort: Some(sort), descending, ..InstanceQuery::default() });
    assert_eq!(by(InstanceSort::Cpu, true), ["old-b", "new-a", "old-a", "new-x"]);
    assert_eq!(by(InstanceSort::Memory, false), ["new-x", "old-a", "new-a", "old-b"]);
    assert_eq!(by(InstanceSort::Pod, true), ["old-b", "old-a", "new-x", "new-a"]);
    assert_eq!(by(InstanceSort::Version, true), ["new-x", "new-a", "old-a", "old-b"]);
}

#[test]
fn words_state_and_version_narrow_it_and_all_is_counted_all_the_same() {
    let text = |text: &str| InstanceQuery { text: text.into(), ..InstanceQuery::default() };
    assert_eq!(names(text("NODE-1 backoff")), ["new-x"]);
    assert_eq!(names(InstanceQuery { health: Some(Health::Danger), ..InstanceQuery::default() }), ["new-x"]);
    assert_eq!(names(InstanceQuery { share: Some("2+".into()), ..InstanceQuery::default() }), ["new-x", "new-a"]);
    let (rows, summary) = ask(&InstanceQuery { share: Some("1".into()), most: 10, ..text("b") });
    assert_eq!((rows.len(), summary.matching, summary.total), (1, 1, 4));
    let states: Vec<_> = summary.states.iter().map(|state| (state.health, state.count)).collect();
    assert_eq!(states, [(Health::Danger, 1), (Health::Ok, 3)]);
    let shares: Vec<_> = summary.shares.iter().map(|share| (share.key.as_str(), share.ready, share.failing)).collect();
    assert_eq!(shares, [("2+", 1, 1), ("1", 2, 0)]);
    assert_eq!((summary.measured, summary.cpu_milli, summary.cpu_peak), (3, 84, 70));
}

#[test]
fn only_the_rows_in_sight_are_told_each_with_its_place() {
    let part = |from, most| ask(&InstanceQuery { from, most, ..InstanceQuery::default() }).0;
    assert_eq!(part(1, 2), [("new-a".to_owned(), 1), ("old-a".to_owned(), 2)]);
    assert_eq!(part(3, 2), [("old-b".to_owned(), 3)]);
    assert_eq!(part(9, 2), []);
}

#[test]
fn addresses_are_numbers() {
    assert!(address("10.0.0.9") < address("10.0.0.10") && address("") < address("10.0.0.9"));
}
