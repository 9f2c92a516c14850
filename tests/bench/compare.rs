//! Two runs side by side.

use crate::result::{Budget, Line, Run, figure};
use crate::table::aligned;

/// Figures of one run differ by so much without a cause.
const NOISE: f64 = 0.1;

/// Every figure that both runs have. Ratios are compared where there are any: they hold from machine to machine.
pub(crate) fn comparison(before: &Run, now: &Run) -> String {
    let mut lines = vec![["#", "case", "before", "now", "change", ""].map(str::to_owned)];
    for row in &now.rows {
        for line in &row.finding.lines {
            let old = before.rows.iter().filter(|old| old.number == row.number).flat_map(|row| &row.finding.lines);
            if let Some(old) = old.into_iter().find(|old| old.part == line.part) {
                lines.push(compared(row.number, &row.title, old, line));
            }
        }
    }
    let mut text = format!("Against the run of {}:\n{}", before.taken, aligned(&lines));
    if before.quick != now.quick {
        text.push_str("One of the two was quick: their sizes differ.\n");
    }
    text
}

fn compared(number: u32, title: &str, old: &Line, new: &Line) -> [String; 6] {
    let (before, now, unit) = match (old.ratio(), new.ratio()) {
        (Some(before), Some(now)) => (before, now, "×"),
        _ => (old.ours, new.ours, new.unit.as_str()),
    };
    // From nothing to nothing is no change.
    let change = if before.max(now) > 0.0 { now / before - 1.0 } else { 0.0 };
    let worse = if matches!(new.budget, Budget::LeastTimes(_)) { -change } else { change };
    let word = match worse {
        worse if worse > NOISE => "WORSE",
        worse if worse < -NOISE => "better",
        _ => "",
    };
    let part = if new.part.is_empty() { title.to_owned() } else { format!("{title}: {}", new.part) };
    [
        number.to_string(),
        part,
        format!("{} {unit}", figure(before)),
        format!("{} {unit}", figure(now)),
        format!("{:+.0} %", change * 100.0),
        word.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(budget: Budget, before: (f64, f64), now: (f64, f64)) -> [String; 6] {
        let line = |(ours, yardstick)| Line::new("part", "s", ours, budget).beside(yardstick);
        compared(1, "start", &line(before), &line(now))
    }

    #[test]
    fn ratios_are_compared_and_not_the_speed_of_the_machine() {
        let [_, part, before, now, change, word] = word(Budget::MostTimes(1.3), (1.2, 1.0), (2.4, 2.0));
        assert_eq!((part.as_str(), before.as_str(), now.as_str()), ("start: part", "1.20 ×", "1.20 ×"));
        assert_eq!((change.as_str(), word.as_str()), ("+0 %", ""));
    }

    #[test]
    fn more_is_worse_where_less_is_wanted_and_better_where_more_is() {
        assert_eq!(word(Budget::MostTimes(1.3), (1.0, 1.0), (1.2, 1.0))[5], "WORSE");
        assert_eq!(word(Budget::MostTimes(1.3), (1.2, 1.0), (1.0, 1.0))[5], "better");
        assert_eq!(word(Budget::LeastTimes(0.9), (1.0, 1.0), (1.2, 1.0))[5], "better");
        assert_eq!(word(Budget::LeastTimes(0.9), (1.2, 1.0), (1.0, 1.0))[5], "WORSE");
        assert_eq!(word(Budget::MostTimes(1.3), (1.0, 1.0), (1.05, 1.0))[5], "");
    }

    #[test]
    fn without_a_yardstick_the_figures_themselves_are_compared() {
        let line = |ours| Line::new("", "a minute", ours, Budget::Most(6.0));
        let [_, part, before, now, change, word] = compared(6, "idle", &line(0.0), &line(0.0));
        assert_eq!([part, before, now, change, word], ["idle", "0 a minute", "0 a minute", "+0 %", ""]);
        assert_eq!(compared(6, "idle", &line(4.0), &line(6.0))[5], "WORSE");
    }
}
