use super::*;
use crate::environment::first_environments;
use crate::field::FieldCode;

fn train() -> Train {
    let environment = first_environments().pop().expect("prod");
    let car = |name: &str| Car {
        group: name.into(),
        name: Slug::parse(name).expect("a name"),
        environment: environment.clone(),
    };
    Train {
        id: "t".into(),
        app: "a".into(),
        image: ImageRef::parse("registry.example.com/shop/api:v2", "").expect("an image"),
        cars: ["one", "two", "three"].map(car).into(),
        soak_seconds: 60,
        ask: false,
        rules: StopRules::default(),
        note: String::new(),
        author: Author { display: "Li Hua".into(), ..Author::default() },
        computer: "first".into(),
        created: Timestamp::UNIX_EPOCH,
    }
}

fn at(second: i64, by: &str, what: Decision) -> Decided {
    let at = Timestamp::from_second(1_700_000_000 + second).expect("a time");
    Decided { at, by: (!by.is_empty()).then(|| by.to_owned()), what }
}

fn stop(second: i64, why: Why) -> Decided {
    at(second, "", Decision::Stop { why })
}

fn broken(rule: StopRule) -> Why {
    Why::Rule {
        group: "one".into(),
        measured: Measured { rule, holds: Some(false), figure: Some(2), limit: 0, pod: None },
    }
}

#[test]
fn cars_have_their_turn_one_after_the_other() {
    use ReleaseState::{Aborted, Moving, Resting, Stopped, Succeeded};
    let train = train();
    let turn = |states: [Option<ReleaseState>; 3], skipped: &[&str]| {
        let skipped: Vec<GroupId> = skipped.iter().map(|group| (*group).into()).collect();
        train.turn(&skipped, &states)
    };
    assert_eq!(turn([None, None, None], &[]), Turn::Begin(0));
    for state in [Moving, Resting, Stopped] {
        assert_eq!(turn([Some(state), None, None], &[]), Turn::Follow(0));
    }
    assert_eq!(turn([Some(Succeeded), None, None], &[]), Turn::Soak { after: 0, next: 1 });
    assert_eq!(turn([Some(Succeeded), None, None], &["two"]), Turn::Soak { after: 0, next: 2 });
    assert_eq!(turn([Some(Succeeded), Some(Aborted), None], &[]), Turn::Fallen(1));
    assert_eq!(turn([Some(Succeeded), Some(Aborted), None], &["two"]), Turn::Soak { after: 0, next: 2 });
    assert_eq!(turn([Some(Aborted), None, None], &["one"]), Turn::Begin(1), "nothing soaks");
    assert_eq!(turn([Some(Moving), None, None], &["one"]), Turn::Follow(0), "what moves is not passed");
    assert_eq!(turn([Some(Succeeded), None, Some(Succeeded)], &["two"]), Turn::Done);
}

#[test]
fn what_was_decided_holds_until_the_opposite_is() {
    let train = train();
    let paused = [at(1, "Li Hua", Decision::Pause)];
    assert_eq!(train.standing(&paused).paused.map(|said| said.by).as_deref(), Some("Li Hua"));
    let resumed = [paused[0].clone(), at(2, "Chen Wei", Decision::Resume)];
    assert!(!train.standing(&resumed).held());
    assert!(train.standing(&[at(1, "Li Hua", Decision::End), at(2, "Li Hua", Decision::Resume)]).ended.is_some());

    let gone_on = train.standing(&[stop(1, broken(StopRule::Restarts)), at(2, "Li Hua", Decision::Resume)]);
    assert!(!gone_on.held());
    assert_eq!(gone_on.waived, [("one".into(), StopRule::Restarts)], "or it would break again at once");

    let fallen = stop(1, Why::Car { group: "two".into(), state: ReleaseState::Aborted });
    let skip = |group: &str| at(2, "Li Hua", Decision::Skip { group: group.into() });
    assert!(!train.standing(&[fallen.clone(), skip("two")]).held());
    assert!(train.standing(&[fallen, skip("three")]).held(), "it is not about that one");
}

#[test]
fn whoever_took_it_over_last_begins_what_follows() {
    let train = train();
    let take = |second, name: &str| {
        let author = Author { display: name.into(), ..Author::default() };
        at(second, name, Decision::TakeOver { author, computer: format!("{name}'s") })
    };
    let moved = stop(1, Why::Moved { group: "two".into(), parts: vec![Part::Live] });
    let standing = train.standing(&[moved, take(2, "Chen Wei")]);
    assert_eq!((standing.computer.as_str(), standing.driver.display.as_str()), ("Chen Wei's", "Chen Wei"));
    assert!(!standing.held(), "the plan was shown and confirmed anew");
    assert!(
        train.standing(&[stop(1, broken(StopRule::Ready)), take(2, "Chen Wei")]).held(),
        "a rule is another matter"
    );
    let both = [take(2, "Chen Wei"), take(3, "Li Hua")];
    assert_eq!(train.standing(&both).computer, "Li Hua's");
    let may = |decided: &[Decided], computer: &str| train.standing(decided).lets_begin(&"two".into(), computer);
    assert!(may(&[], "first") && !may(&both, "first") && may(&both, "Li Hua's"));
    assert!(!may(&[at(1, "Li Hua", Decision::Pause)], "first") && !may(&[at(1, "Li Hua", Decision::End)], "first"));
    assert!(!may(&[at(1, "Li Hua", Decision::Skip { group: "two".into() })], "first"));
}

#[test]
fn what_was_changed_on_the_way_holds_for_whoever_goes_on() {
    let train = train();
    let two = GroupId::from("two");
    let soak = |second, seconds, ask| {
        at(second, "Li Hua", Decision::Soak { group: "two".into(), soak: Soak { seconds, ask } })
    };
    assert_eq!(train.soak(&train.standing(&[]), &two), Soak { seconds: 60, ask: false });
    let standing = train.standing(&[soak(1, 5, false), soak(2, 90, true)]);
    assert_eq!(train.soak(&standing, &two), Soak { seconds: 90, ask: true });
    assert_eq!(train.soak(&standing, &"three".into()), Soak { seconds: 60, ask: false }, "only before that one");
    assert!(train.asks(&standing, &two));
    let begin = at(3, "Chen Wei", Decision::Begin { group: two.clone() });
    assert!(!train.asks(&train.standing(&[soak(2, 90, true), begin.clone()]), &two));
    let again = train.standing(&[soak(2, 90, true), begin, soak(4, 90, true)]);
    assert!(train.asks(&again, &two), "whoever wants to be asked again is");
    let each = Train { ask: true, ..train.clone() };
    assert!(each.asks(&each.standing(&[]), &two) && !each.asks(&each.standing(&[]), &"one".into()));

    let rules = StopRules { cpu_percent: Some(60), ..StopRules::default() };
    let changed = at(3, "Li Hua", Decision::Rules { rules: rules.clone() });
    assert_eq!(train.rules(&train.standing(&[])), &train.rules);
    let waived = |rule| [stop(1, broken(rule)), at(2, "Li Hua", Decision::Resume), changed.clone()];
    let standing = train.standing(&waived(StopRule::Cpu));
    assert_eq!((train.rules(&standing), standing.waived.as_slice()), (&rules, [].as_slice()), "it is asked anew");
    let standing = train.standing(&waived(StopRule::Restarts));
    assert_eq!(standing.waived.len(), 1, "what has started again has");
}

#[test]
fn what_has_not_begun_changes_places_and_never_comes_before_what_has() {
    let mut train = train();
    train.cars.push(Car { group: "four".into(), ..train.cars[0].clone() });
    let order = |groups: &[&str]| {
        at(1, "Li Hua", Decision::Order { groups: groups.iter().map(|group| (*group).into()).collect() })
    };
    let names = |decided: &[Decided], skipped: &[&str], begun: &[&str]| {
        let all = |groups: &[&str]| groups.iter().map(|group| GroupId::from(*group)).collect::<Vec<_>>();
        let cars = train.in_order(decided, &all(skipped), &all(begun)).cars;
        cars.iter().map(|car| car.group.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(&[], &[], &[]), ["one", "two", "three", "four"]);
    assert_eq!(names(&[order(&["four", "two", "three"])], &[], &["one"]), ["one", "four", "two", "three"]);
    assert_eq!(names(&[order(&["three", "two"])], &[], &["one"]), ["one", "three", "two", "four"], "others stay");
    assert_eq!(names(&[order(&["five", "three", "two"])], &[], &["one"]), ["one", "three", "two", "four"]);
    // It began on one computer while it was put behind another on the next.
    assert_eq!(names(&[order(&["three", "two", "four"])], &[], &["one", "two"]), ["one", "two", "three", "four"]);
    // What is left out stands where it stood.
    assert_eq!(names(&[], &["two"], &["one", "three"]), ["one", "two", "three", "four"]);
}

#[test]
fn two_who_wrote_agree_once_they_have_read_each_other() {
    let common = at(1, "Li Hua", Decision::Pause);
    let (ours, theirs) = (at(3, "Li Hua", Decision::Resume), at(2, "Chen Wei", Decision::Skip { group: "two".into() }));
    let one = joined(&[common.clone(), ours.clone()], &[common.clone(), theirs.clone()]);
    let other = joined(&[common.clone(), theirs.clone()], &[common.clone(), ours.clone()]);
    assert_eq!(one, [common.clone(), theirs, ours]);
    assert_eq!(one, other);
    assert_eq!(joined(&one, &other), one, "nothing twice");
    let slow = Timestamp::UNIX_EPOCH;
    assert!(moment(std::slice::from_ref(&common), slow) > common.at, "a slow clock is no reason to be overruled");
}

#[test]
fn what_a_newer_slipway_decides_is_passed_over() {
    let told = r#"[{"at":"2026-01-01T00:00:00Z","by":null,"what":{"kind":"split","into":3}},
                   {"at":"2026-01-01T00:00:01Z","by":null,"what":{"kind":"stop","why":{"kind":"weather","wind":9}}},
                   {"at":"2026-01-01T00:00:02Z","by":null,"what":{"kind":"stop","why":{"kind":"moved","group":"two","parts":["weather"]}}},
                   {"at":"2026-01-01T00:00:03Z","by":null,"what":{"kind":"stop","why":{"kind":"rule","group":"two",
                    "measured":{"rule":"weather","holds":false,"figure":9,"limit":3,"pod":null}}}}]"#;
    let raw: Value = serde_json::from_str(told).expect("it is JSON");
    let told: Vec<Decided> = serde_json::from_value(raw.clone()).expect("it is read");
    assert_eq!(json!(told), raw, "the next record says the same");
    for one in &told[1..] {
        assert!(train().standing(std::slice::from_ref(one)).held(), "it is stopped, whyever: {one:?}");
    }
    let shown: Vec<_> = told.into_iter().map(|one| json!(one.what.shown())).collect();
    let unknown = json!({ "kind": "unknown" });
    assert_eq!(shown[0], unknown);
    assert_eq!(shown[3], json!({ "kind": "stop", "why": unknown }));
}

#[test]
fn a_pod_and_a_figure_are_named_where_a_rule_breaks() {
    let rules = StopRules {
        restarts: true,
        ready: true,
        cpu_percent: Some(30),
        memory_percent: Some(30),
        limit_seconds: Some(60),
    };
    let pod = |name: &str, restarts, lost, cpu: u32| PodLook {
        name: name.into(),
        restarts,
        lost,
        cpu_milli: Some(cpu),
        memory_bytes: Some(u64::from(cpu) << 20),
    };
    let look = |pods: Vec<PodLook>, new: u32, old: u32, seconds| Look {
        pods,
        cpu_milli: (Some(new), Some(old)),
        memory_bytes: (Some(u64::from(new) << 20), Some(u64::from(old) << 20)),
        moved: Duration::from_secs(seconds),
    };
    let said = |look: &Look| -> Vec<_> {
        let all = measure(&rules, look).into_iter();
        all.map(|one| (one.rule, one.holds, one.figure, one.pod)).collect()
    };
    let well = look(vec![pod("a", 0, false, 100), pod("b", 0, false, 110)], 105, 100, 60);
    assert!(said(&well).iter().all(|(_, holds, ..)| *holds == Some(true)), "{:?}", said(&well));
    let ill = look(vec![pod("a", 1, false, 100), pod("b", 2, true, 300)], 200, 100, 61);
    let named = Some("b".to_owned());
    assert_eq!(
        said(&ill),
        [
            (StopRule::Restarts, Some(false), Some(3), named.clone()),
            (StopRule::Ready, Some(false), Some(1), named.clone()),
            (StopRule::Cpu, Some(false), Some(100), named.clone()),
            (StopRule::Memory, Some(false), Some(100), named),
            (StopRule::Time, Some(false), Some(61), None),
        ]
    );
    let idle = look(Vec::new(), 9, 3, 0);
    assert_eq!(said(&idle)[2], (StopRule::Cpu, Some(true), Some(200), None), "three times next to nothing is nothing");
    let unknown = Look { cpu_milli: (Some(3), None), ..Look::default() };
    assert_eq!(said(&unknown)[2], (StopRule::Cpu, None, None, None));
}

#[test]
fn only_what_a_person_confirms_tells_that_a_plan_moved() {
    let plan =
        |group: &str, live: &str| Confirmed(vec![(Part::Group, group.to_owned()), (Part::Live, live.to_owned())]);
    assert_eq!(plan("a", "b").moved(&plan("a", "b")), []);
    assert_eq!(plan("a", "b").moved(&plan("a", "c")), [Part::Live]);
    assert_eq!(Confirmed::default().moved(&plan("a", "b")), [Part::Group, Part::Live]);
}

#[test]
fn an_order_names_every_field_that_is_wrong() {
    let draft = TrainDraft {
        cars: vec!["one".into(), "one".into()],
        soak: "soon".into(),
        cpu: "0".into(),
        limit: "604801".into(),
        ..TrainDraft::default()
    };
    let errors = draft.validate().expect_err("it is refused");
    let told: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.code)).collect();
    assert_eq!(
        told,
        [
            ("cars.1", FieldCode::Taken),
            ("soak", FieldCode::NotANumber),
            ("cpu", FieldCode::OutOfRange),
            ("limit", FieldCode::OutOfRange),
        ]
    );
    let many = TrainDraft {
        cars: (0..=CARS_MAX).map(|n| n.to_string().into()).collect(),
        soak: "0".into(),
        ..TrainDraft::default()
    };
    assert_eq!(many.validate().expect_err("too many")[0].code, FieldCode::TooMany);
    let fine = TrainDraft { cars: vec!["one".into(), "two".into()], soak: "1800".into(), cpu: "30".into(), ..draft };
    let (soak, rules) = TrainDraft { limit: String::new(), ..fine }.validate().expect("it is valid");
    assert_eq!((soak, rules), (1800, StopRules { cpu_percent: Some(30), ..StopRules::default() }));

    let changed = RulesDraft { cpu: "0".into(), memory: "x".into(), ..RulesDraft::default() };
    let told: Vec<_> =
        changed.validate().expect_err("it is refused").into_iter().map(|error| (error.field, error.code)).collect();
    let wrong = |field: &str, code| (field.to_owned(), code);
    assert_eq!(told, [wrong("cpu", FieldCode::OutOfRange), wrong("memory", FieldCode::NotANumber)]);
    let soak = SoakDraft { soak: "604801".into(), ask: true };
    assert_eq!(soak.validate().expect_err("a week is the most")[0].field, "soak");
    let soak = SoakDraft { soak: "0".into(), ask: true };
    assert_eq!(soak.validate().expect("none is one"), Soak { seconds: 0, ask: true });
}
