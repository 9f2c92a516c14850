use super::{End, Run, run, trace};
use std::collections::HashMap;

#[test]
fn every_release_ends_well_or_says_why_it_does_not() {
    let mut ends: HashMap<End, u32> = HashMap::new();
    for seed in 0..20_000 {
        match run(seed) {
            Ok(report) => *ends.entry(report.end).or_default() += 1,
            Err(broken) => panic!("{broken}"),
        }
    }
    // By itself none of so many is changed in the moment before it begins.
    ends.insert(End::Refused, refused());
    for end in [End::Succeeded, End::Aborted, End::Stopped, End::Refused] {
        assert!(ends.contains_key(&end), "no run ended as {end:?}: {ends:?}");
    }
}

/// Runs in which somebody scales the group between the plan and the beginning, and that end as they should.
fn refused() -> u32 {
    let changed = |seed| {
        let mut run = Run::new(seed);
        let written = run.cluster.write(None, |deployment| deployment.count += 1);
        assert!(written.is_ok());
        run.go().unwrap_or_else(|broken| panic!("seed {seed}: {broken}")).end
    };
    let ends: Vec<End> = (0..100).map(changed).collect();
    assert!(ends.iter().all(|end| *end == End::Refused), "{ends:?}");
    100
}

#[test]
fn a_seed_is_a_run() {
    assert_eq!(trace(7), trace(7));
    assert!(trace(7).lines().count() > 10);
}
