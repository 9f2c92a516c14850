//! What a run found: figures, what they are held against, and the verdict.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a figure may be at most, or has to be at least.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Budget {
    /// So many times the yardstick.
    MostTimes(f64),
    LeastTimes(f64),
    /// So much more than the yardstick.
    MostMore(f64),
    /// Whatever the yardstick says.
    Most(f64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    Kept,
    Missed,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Kept => "kept",
            Self::Missed => "MISSED",
        })
    }
}

/// One figure of a case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Line {
    /// What of the case it is; empty when the case has one figure.
    pub(crate) part: String,
    pub(crate) unit: String,
    pub(crate) ours: f64,
    pub(crate) yardstick: Option<f64>,
    pub(crate) budget: Budget,
    /// Each measurement that `ours` is the median of.
    pub(crate) samples: Vec<f64>,
}

impl Line {
    pub(crate) fn new(part: &str, unit: &str, ours: f64, budget: Budget) -> Self {
        Self { part: part.to_owned(), unit: unit.to_owned(), ours, yardstick: None, budget, samples: Vec::new() }
    }

    pub(crate) fn beside(self, yardstick: f64) -> Self {
        Self { yardstick: Some(yardstick), ..self }
    }

    /// Medians of measurements that were taken in turn.
    pub(crate) fn of_samples(part: &str, unit: &str, ours: Vec<f64>, yardstick: &[f64], budget: Budget) -> Self {
        let line = Self::new(part, unit, median(&ours), budget).beside(median(yardstick));
        Self { samples: ours, ..line }
    }

    pub(crate) fn ratio(&self) -> Option<f64> {
        self.yardstick.filter(|yardstick| *yardstick != 0.0).map(|yardstick| self.ours / yardstick)
    }

    /// What the budget bounds: the ratio, the difference or the figure itself. `None` without the yardstick it needs.
    pub(crate) fn bounded(&self) -> Option<f64> {
        match self.budget {
            Budget::MostTimes(_) | Budget::LeastTimes(_) => self.ratio(),
            Budget::MostMore(_) => self.yardstick.map(|yardstick| self.ours - yardstick),
            Budget::Most(_) => Some(self.ours),
        }
    }

    /// A figure that cannot be held against its budget has not kept it.
    pub(crate) fn verdict(&self) -> Verdict {
        let kept = self.bounded().is_some_and(|found| match self.budget {
            Budget::LeastTimes(bound) => found >= bound,
            Budget::MostTimes(bound) | Budget::MostMore(bound) | Budget::Most(bound) => found <= bound,
        });
        if kept { Verdict::Kept } else { Verdict::Missed }
    }

    pub(crate) fn budget_text(&self) -> String {
        match self.budget {
            Budget::MostTimes(bound) => format!("≤ {bound} ×"),
            Budget::LeastTimes(bound) => format!("≥ {bound} ×"),
            Budget::MostMore(bound) => format!("+ ≤ {} {}", figure(bound), self.unit),
            Budget::Most(bound) => format!("≤ {} {}", figure(bound), self.unit),
        }
    }
}

/// The same figure at another size of the case.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Point {
    pub(crate) part: String,
    pub(crate) size: u64,
    pub(crate) unit: String,
    pub(crate) ours: f64,
    pub(crate) yardstick: Option<f64>,
}

/// What was found out about one case.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Finding {
    pub(crate) lines: Vec<Line>,
    /// How the figures grow with the size.
    pub(crate) curve: Vec<Point>,
    /// What has to be known to read the figures.
    pub(crate) notes: Vec<String>,
    /// Why there are no figures.
    pub(crate) not_measured: Option<String>,
}

impl Finding {
    pub(crate) fn not_measured(why: impl Into<String>) -> Self {
        Self { not_measured: Some(why.into()), ..Self::default() }
    }
}

/// A case with what was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) number: u32,
    pub(crate) title: String,
    pub(crate) finding: Finding,
}

/// A whole run, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) taken: String,
    pub(crate) version: String,
    /// Smaller sizes and fewer repetitions: for trying out, not for judging.
    pub(crate) quick: bool,
    pub(crate) cores: usize,
    /// Load of the machine before and after, which others may have shared.
    pub(crate) load: Option<(f64, f64)>,
    pub(crate) rows: Vec<Row>,
}

/// The middle of some measurements; of an even number the mean of the two in the middle.
///
/// # Panics
/// Without any.
pub(crate) fn median(samples: &[f64]) -> f64 {
    let mut sorted = samples.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len() % 2 == 1 { sorted[middle] } else { f64::midpoint(sorted[middle - 1], sorted[middle]) }
}

/// A figure with two or three digits, thousands apart.
pub(crate) fn figure(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 0.1 => 2,
        _ => 4,
    };
    let text = format!("{value:.decimals$}");
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), ""), |(whole, rest)| (whole, rest));
    let (sign, digits) = whole.split_at(usize::from(whole.starts_with('-')));
    let mut parts: Vec<&str> = Vec::new();
    let mut left = digits;
    while left.len() > 3 {
        let (before, three) = left.split_at(left.len() - 3);
        parts.insert(0, three);
        left = before;
    }
    parts.insert(0, left);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{rest}", parts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(ours: f64, yardstick: Option<f64>, budget: Budget) -> Line {
        Line { yardstick, ..Line::new("", "s", ours, budget) }
    }

    #[test]
    fn a_verdict_holds_up_to_its_bound() {
        for (ours, yardstick, budget, verdict) in [
            (1.3, Some(1.0), Budget::MostTimes(1.3), Verdict::Kept),
            (1.31, Some(1.0), Budget::MostTimes(1.3), Verdict::Missed),
            (0.9, Some(1.0), Budget::LeastTimes(0.9), Verdict::Kept),
            (0.89, Some(1.0), Budget::LeastTimes(0.9), Verdict::Missed),
            (125.0, Some(100.0), Budget::MostMore(25.0), Verdict::Kept),
            (126.0, Some(100.0), Budget::MostMore(25.0), Verdict::Missed),
            (6.0, None, Budget::Most(6.0), Verdict::Kept),
            (7.0, Some(100.0), Budget::Most(6.0), Verdict::Missed),
        ] {
            assert_eq!(line(ours, yardstick, budget).verdict(), verdict, "{ours} {yardstick:?} {budget:?}");
        }
    }

    #[test]
    fn without_its_yardstick_no_budget_is_kept() {
        for budget in [Budget::MostTimes(1.0), Budget::LeastTimes(0.0), Budget::MostMore(1e9)] {
            assert_eq!(line(1.0, None, budget).verdict(), Verdict::Missed, "{budget:?}");
        }
        assert_eq!(line(1.0, Some(0.0), Budget::MostTimes(9.0)).verdict(), Verdict::Missed);
    }

    #[test]
    fn a_median_is_of_the_middle() {
        assert_eq!(median(&[3.0, 1.0, 100.0]).to_bits(), 3.0_f64.to_bits());
        assert_eq!(median(&[4.0, 1.0, 2.0, 100.0]).to_bits(), 3.0_f64.to_bits());
    }

    #[test]
    fn figures_have_two_or_three_digits() {
        for (value, text) in [
            (0.0, "0"),
            (0.001_25, "0.0013"),
            (0.126, "0.13"),
            (1.0, "1"),
            (2.5, "2.50"),
            (12.34, "12.3"),
            (163.4, "163"),
            (480_123.4, "480,123"),
            (1_000_000.0, "1,000,000"),
            (-1234.5, "-1,234"),
        ] {
            assert_eq!(figure(value), text);
        }
    }
}
