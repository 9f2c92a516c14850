//! The table at the end of a run.

use crate::case::CASES;
use crate::result::{Finding, Line, Row, Run, Verdict, figure};
use std::fmt::Write as _;

const HEAD: [&str; 7] = ["#", "case", "ours", "yardstick", "ratio", "budget", "verdict"];

/// Every case, one line a figure; then how figures grow, notes and which budgets were missed.
pub(crate) fn table(run: &Run) -> String {
    let mut lines = vec![HEAD.map(str::to_owned)];
    lines.extend(run.rows.iter().flat_map(lines_of));
    let mut text = aligned(&lines);
    let curves: Vec<_> = run.rows.iter().filter(|row| !row.finding.curve.is_empty()).collect();
    if !curves.is_empty() {
        text.push_str("\nHow it grows:\n");
    }
    for row in curves {
        for point in &row.finding.curve {
            let beside = point.yardstick.map(|yardstick| format!(" (yardstick {})", figure(yardstick)));
            let (size, ours) = (figure_of(point.size), figure(point.ours));
            let beside = beside.unwrap_or_default();
            let _ = writeln!(text, "  {:>2}  {}: at {size}: {ours} {}{beside}", row.number, point.part, point.unit);
        }
    }
    let mut notes = run.rows.iter().flat_map(|row| row.finding.notes.iter().map(|note| (row.number, note))).peekable();
    if notes.peek().is_some() {
        text.push_str("\nNotes:\n");
    }
    for (number, note) in notes {
        let _ = writeln!(text, "  {number:>2}  {note}");
    }
    let _ = writeln!(text, "\n{}", closing(run));
    text
}

/// Counts verdicts and names what was missed.
fn closing(run: &Run) -> String {
    let judged: Vec<(&Row, &Line)> =
        run.rows.iter().flat_map(|row| row.finding.lines.iter().map(move |line| (row, line))).collect();
    let missed: Vec<String> = judged
        .iter()
        .filter(|(_, line)| line.verdict() == Verdict::Missed)
        .map(|(row, line)| format!("{} {}", row.number, if line.part.is_empty() { &row.title } else { &line.part }))
        .collect();
    let unmeasured = run.rows.iter().filter(|row| row.finding.not_measured.is_some()).count();
    let kept = judged.len() - missed.len();
    let mut text = format!("{kept} budgets kept, {} missed, {unmeasured} cases not measured", missed.len());
    if run.quick {
        text.push_str(" (quick: smaller sizes, fewer repetitions)");
    }
    if let Some((before, after)) = run.load {
        let _ = write!(text, "; load {before:.1} before, {after:.1} after on {} cores", run.cores);
    }
    text.push('.');
    if !missed.is_empty() {
        let _ = write!(text, "\nMissed: {}.", missed.join("; "));
    }
    text
}

fn lines_of(row: &Row) -> Vec<[String; 7]> {
    let number = row.number.to_string();
    let case = CASES.iter().find(|case| case.number == row.number);
    let budget = case.map_or("", |case| case.budget);
    if let Finding { not_measured: Some(why), .. } = &row.finding {
        let ours = "not measured".to_owned();
        let yardstick = case.map_or("", |case| case.yardstick).to_owned();
        return vec![[number, row.title.clone(), ours, yardstick, String::new(), budget.to_owned(), why.clone()]];
    }
    let line = |(at, line): (usize, &Line)| {
        let part = if line.part.is_empty() { row.title.clone() } else { format!("{}: {}", row.title, line.part) };
        [
            if at == 0 { number.clone() } else { String::new() },
            part,
            format!("{} {}", figure(line.ours), line.unit),
            line.yardstick.map_or_else(|| "–".to_owned(), |value| format!("{} {}", figure(value), line.unit)),
            line.ratio().map_or_else(String::new, |ratio| format!("{} ×", figure(ratio))),
            line.budget_text(),
            line.verdict().to_string(),
        ]
    };
    row.finding.lines.iter().enumerate().map(line).collect()
}

fn figure_of(size: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
    figure(size as f64)
}

/// Columns as wide as their widest cell; figures stand at the right.
pub(crate) fn aligned<const N: usize>(lines: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in lines {
        let cells = line.iter().zip(widths).enumerate().map(|(at, (cell, width))| {
            if (2..5).contains(&at) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        let _ = writeln!(text, "{}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::{Budget, Point};

    fn run() -> Run {
        let row = |number, title: &str, finding| Row { number, title: title.to_owned(), finding };
        let lines = vec![
            Line::new("lines", "lines/s", 480_000.0, Budget::LeastTimes(0.9)).beside(500_000.0),
            Line::new("small calls", "calls/s", 2000.0, Budget::LeastTimes(0.9)).beside(4000.0),
        ];
        let idle = vec![Line::new("requests", "a minute", 4.0, Budget::Most(6.0))];
        let curve = vec![Point {
            part: "all counted".to_owned(),
            size: 1000,
            unit: "s".to_owned(),
            ours: 0.25,
            yardstick: Some(0.1),
        }];
        Run {
            taken: "2026-01-01T00:00:00Z".to_owned(),
            version: "0.1.0".to_owned(),
            quick: false,
            cores: 2,
            load: Some((1.0, 2.0)),
            rows: vec![
                row(6, "idle", Finding { lines: idle, notes: vec!["over 60 s".to_owned()], ..Finding::default() }),
                row(7, "logs", Finding::not_measured("there are no merged logs yet")),
                row(10, "bridge", Finding { lines, curve, ..Finding::default() }),
            ],
        }
    }

    #[test]
    fn each_figure_stands_beside_its_yardstick_and_budget() {
        let text = table(&run());
        let line = |part: &str| {
            let found = text.lines().find(|line| line.contains(part)).unwrap_or_else(|| panic!("{part} in\n{text}"));
            found.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(line("bridge: lines"), "10 bridge: lines 480,000 lines/s 500,000 lines/s 0.96 × ≥ 0.9 × kept");
        assert_eq!(line("bridge: small"), "bridge: small calls 2,000 calls/s 4,000 calls/s 0.50 × ≥ 0.9 × MISSED");
        assert_eq!(line("idle: requests"), "6 idle: requests 4 a minute – ≤ 6 a minute kept");
        assert_eq!(
            line("not measured"),
            "7 logs not measured kubectl logs -f > file ≥ 0.9 ×; frame ≤ 50 ms there are no merged logs yet"
        );
        assert_eq!(line("at 1,000"), "10 all counted: at 1,000: 0.25 s (yardstick 0.10)");
        assert_eq!(line("over 60 s"), "6 over 60 s");
    }

    #[test]
    fn the_closing_note_names_what_was_missed() {
        let closing = closing(&run());
        assert!(closing.starts_with("2 budgets kept, 1 missed, 1 cases not measured; load"), "{closing}");
        assert!(closing.ends_with("\nMissed: 10 small calls."), "{closing}");
    }
}
