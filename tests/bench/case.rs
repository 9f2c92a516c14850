//! The cases of the budgets, all of them, whether they can be measured yet or not.

/// What measures a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Start,
    Rest,
    Idle,
    /// Two cases at once.
    Pods,
    Change,
    Bridge,
    Logs,
    Hour,
    Search,
    Terminal,
    Queries,
    Render,
    Matrix,
    Rolling,
    Reaction,
    Difference,
    Simulation,
    /// Nothing yet, and why.
    Nothing(&'static str),
}

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) number: u32,
    /// What it is called on the command line.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    /// The limit or the tool that it is held against.
    pub(crate) yardstick: &'static str,
    /// All of its budgets in words.
    pub(crate) budget: &'static str,
    pub(crate) by: By,
}

const fn case(
    number: u32,
    name: &'static str,
    title: &'static str,
    yardstick: &'static str,
    budget: &'static str,
    by: By,
) -> Case {
    Case { number, name, title, yardstick, budget, by }
}

#[rustfmt::skip]
pub(crate) const CASES: &[Case] = &[
    case(1, "start", "start → overview usable", "bare window", "≤ 1.3 ×", By::Start),
    case(2, "rest", "memory at rest, 50 pods", "bare window", "≤ 1.25 ×", By::Rest),
    case(3, "pods", "memory with 10,000 pods", "case 2", "+ ≤ 25 MB core, + ≤ 100 MB all", By::Pods),
    case(4, "list", "10,000 pods: click → rows", "kubectl get --raw", "≤ 0.4 × / ≤ 2.5 ×", By::Pods),
    case(5, "change", "pod change → row", "watch event", "+ ≤ 100 ms, p99 ≤ 250 ms", By::Change),
    case(6, "idle", "requests and CPU at rest", "a watch needs none", "≤ 6 a minute, + 4; ≤ 1 %", By::Idle),
    case(7, "logs", "merged logs at full speed", "kubectl logs -f > file", "≥ 0.9 ×; frame ≤ 50 ms", By::Logs),
    case(8, "search", "search in 10 million lines", "rg -c", "first ≤ 200 ms; all ≤ 1.5 ×", By::Search),
    case(9, "terminal", "terminal: 20 MB, key → echo", "xterm alone, raw exec", "≤ 1.3 ×; + ≤ 5 ms", By::Terminal),
    case(10, "bridge", "bridge", "bare window", "≥ 0.9 ×", By::Bridge),
    case(11, "release", "release of 10 replicas", "kubectl rollout status", "≤ 1.05 ×", By::Rolling),
    case(12, "step", "batch ready → our next write", "watch event", "+ ≤ 50 ms", By::Reaction),
    case(13, "render", "render and compare files", "–", "≤ 100 / 50 / 50 ms", By::Render),
    case(14, "queries", "slowest query of a page", "bare SQLite lookup", "≤ 50 ms", By::Queries),
    case(15, "simulation", "rollout simulation", "–", "≥ 100,000 a minute", By::Simulation),
    case(16, "installer", "installer (deb)", "peers", "≤ 8 MB", By::Nothing("there is no installer yet")),
    case(17, "setup", "set-up, build and tests", "the compilers", "≤ 1.1 × / ≤ 60 / ≤ 25 min", By::Nothing("it needs a clean machine: the times are taken by hand")),
    case(18, "matrix", "values of 300 keys × 50 groups", "a text of that size", "no frame dropped that it keeps; ≤ 1.2 ×", By::Matrix),
    case(19, "diff", "two files of 10,000 lines compared", "a frame", "≤ 50 ms", By::Difference),
    case(20, "hour", "an hour of logs", "once it is open", "± 20 MB in the core", By::Hour),
];

/// The case of a number or name.
pub(crate) fn find(word: &str) -> Option<&'static Case> {
    CASES.iter().find(|case| case.name == word || case.number.to_string() == word)
}

#[cfg(test)]
mod tests {
    use super::{CASES, find};

    #[test]
    fn a_case_is_found_by_number_and_by_name() {
        assert_eq!(find("10").map(|case| case.name), Some("bridge"));
        assert_eq!(find("bridge").map(|case| case.number), Some(10));
        assert!(find("21").is_none() && find("").is_none());
    }

    #[test]
    fn numbers_and_names_are_taken_once() {
        for (at, case) in CASES.iter().enumerate() {
            assert_eq!(case.number as usize, at + 1);
            assert_eq!(CASES.iter().filter(|other| other.name == case.name).count(), 1, "{}", case.name);
        }
    }
}
