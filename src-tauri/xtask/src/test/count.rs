//! How many tests passed and which failed, read from what the test runners print.

use serde_json::Value;
use std::collections::HashMap;
use std::fmt;
use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

/// A line of `cargo test`; `None` when it is not a test binary's result.
pub(crate) fn cargo_line(line: &str) -> Option<Counts> {
    let (_, numbers) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let number = |word: &str| {
        let part = numbers.split("; ").find(|part| part.ends_with(word))?;
        part.split(' ').next()?.parse().ok()
    };
    Some(Counts { passed: number(" passed")?, failed: number(" failed")?, skipped: number(" ignored")? })
}

/// The test that a line of `cargo test` says failed.
pub(crate) fn cargo_failed(line: &str) -> Option<&str> {
    line.strip_prefix("test ")?.strip_suffix(" ... FAILED")
}

/// Vitest's JSON report: the counts, and for each test that failed its file, its name and the first line of why.
pub(crate) fn vitest_report(text: &str) -> Option<(Counts, Vec<String>)> {
    let report: Value = serde_json::from_str(text).ok()?;
    let number = |name: &str| report[name].as_u64();
    let counts = Counts {
        passed: number("numPassedTests")?,
        failed: number("numFailedTests")?,
        skipped: number("numPendingTests")? + number("numTodoTests")?,
    };
    let mut failed = Vec::new();
    for file in list(&report["testResults"]).filter(|file| file["status"] == "failed") {
        let path = file["name"].as_str().unwrap_or_default();
        let before = failed.len();
        for test in list(&file["assertionResults"]).filter(|test| test["status"] == "failed") {
            let name = test["fullName"].as_str().unwrap_or_default();
            failed.push(format!("{path}: {name}: {}", first_line(&test["failureMessages"][0])));
        }
        if failed.len() == before {
            // It broke before a test of it could.
            failed.push(format!("{path}: {}", first_line(&file["message"])));
        }
    }
    Some((counts, failed))
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn first_line(value: &Value) -> &str {
    value.as_str().and_then(|text| text.lines().next()).unwrap_or_default()
}

/// Reads the events of `go test -json`; subtests are part of their test.
#[derive(Default)]
pub(crate) struct GoEvents {
    pub(crate) counts: Counts,
    /// The names of the tests that failed, with their packages.
    pub(crate) failed: Vec<String>,
    /// What tests under way printed: only worth showing when they fail.
    held: HashMap<String, String>,
}

impl GoEvents {
    /// Gives what is to be shown.
    pub(crate) fn line(&mut self, line: &str) -> Option<String> {
        let Ok(event) = serde_json::from_str::<Value>(line) else { return Some(format!("{line}\n")) };
        let output = event["Output"].as_str();
        let Some(test) = event["Test"].as_str() else { return output.map(str::to_owned) };
        let whole = test.split('/').next().unwrap_or(test);
        let name = format!("{} {whole}", event["Package"].as_str().unwrap_or_default());
        if let Some(output) = output {
            self.held.entry(name).or_default().push_str(output);
            return None;
        }
        let counter = match event["Action"].as_str()? {
            "pass" => &mut self.counts.passed,
            "fail" => &mut self.counts.failed,
            "skip" => &mut self.counts.skipped,
            _ => return None,
        };
        if whole != test {
            return None;
        }
        *counter += 1;
        let held = self.held.remove(&name);
        if event["Action"] != "fail" {
            return None;
        }
        self.failed.push(name);
        held
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, GoEvents, cargo_failed, cargo_line, vitest_report};

    #[test]
    fn a_result_line_of_cargo_counts() {
        let line = "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 3 filtered out; finished in 0.02s";
        assert_eq!(cargo_line(line), Some(Counts { passed: 12, failed: 1, skipped: 2 }));
        assert_eq!(cargo_line("test the_result ... ok"), None);
        assert_eq!(cargo_failed("test the_result ... FAILED"), Some("the_result"));
        assert_eq!(cargo_failed("test the_result ... ok"), None);
    }

    #[test]
    fn a_report_of_vitest_counts() {
        let text = r#"{"numPassedTests":5,"numFailedTests":1,"numPendingTests":2,"numTodoTests":1,"testResults":[
            {"name":"a.test.ts","status":"failed","assertionResults":[
                {"status":"passed","fullName":"fine","failureMessages":[]},
                {"status":"failed","fullName":"adds","failureMessages":["Error: 1 is not 2\nat a.test.ts"]}]},
            {"name":"b.test.ts","status":"failed","message":"no such module","assertionResults":[]},
            {"name":"c.test.ts","status":"passed","assertionResults":[]}]}"#;
        let failed = ["a.test.ts: adds: Error: 1 is not 2", "b.test.ts: no such module"].map(str::to_owned);
        assert_eq!(vitest_report(text), Some((Counts { passed: 5, failed: 1, skipped: 3 }, failed.to_vec())));
        assert_eq!(vitest_report("{}"), None);
    }

    #[test]
    fn events_of_go_count_tests_but_not_their_subtests_and_show_what_failed() {
        let mut events = GoEvents::default();
        let shown: String = [
            r#"{"Action":"run","Package":"p","Test":"A"}"#,
            r#"{"Action":"output","Package":"p","Test":"A/x","Output":"the reason\n"}"#,
            r#"{"Action":"fail","Package":"p","Test":"A/x"}"#,
            r#"{"Action":"fail","Package":"p","Test":"A"}"#,
            r#"{"Action":"output","Package":"p","Test":"B","Output":"chatter\n"}"#,
            r#"{"Action":"pass","Package":"p","Test":"B"}"#,
            r#"{"Action":"skip","Package":"p","Test":"C"}"#,
            r#"{"Action":"output","Package":"p","Output":"FAIL p\n"}"#,
            r#"{"Action":"fail","Package":"p"}"#,
        ]
        .iter()
        .filter_map(|line| events.line(line))
        .collect();
        assert_eq!(events.counts, Counts { passed: 1, failed: 1, skipped: 1 });
        assert_eq!(events.failed, ["p A"]);
        assert_eq!(shown, "the reason\nFAIL p\n");
    }
}
