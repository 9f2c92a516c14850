//! A number of pods, as a number or as a part of all of them.

use super::COUNT_MAX;
use crate::field::{FieldCode, Refusal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Resolved against a count, upwards or downwards, as the Deployment controller does with an `IntOrString`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    Pods(u32),
    /// 0…100
    Percent(u32),
}

impl Share {
    /// `3` or `25%`.
    ///
    /// # Errors
    /// `Required`, `NotAShare`, or `OutOfRange` above 1,000 pods or 100 %.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Refusal::new(FieldCode::Required));
        }
        let (digits, max) = match typed.strip_suffix('%') {
            Some(digits) => (digits.trim_end(), 100),
            None => (typed, COUNT_MAX),
        };
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Refusal::new(FieldCode::NotAShare));
        }
        // Too many digits for any integer is still a number, and out of range.
        let number = digits.parse().ok().filter(|number| *number <= max);
        let number = number.ok_or_else(|| Refusal::new(FieldCode::OutOfRange).with("min", 0).with("max", max))?;
        Ok(if typed.ends_with('%') { Self::Percent(number) } else { Self::Pods(number) })
    }

    /// Pods of `count`, a part of one counted as a whole one.
    pub fn up(self, count: u32) -> u32 {
        match self {
            Self::Pods(pods) => pods,
            Self::Percent(percent) => part(percent, count, u64::div_ceil),
        }
    }

    /// Pods of `count`, a part of one left out.
    pub fn down(self, count: u32) -> u32 {
        match self {
            Self::Pods(pods) => pods,
            Self::Percent(percent) => part(percent, count, |all, by| all / by),
        }
    }

    pub(super) fn is_zero(self) -> bool {
        matches!(self, Self::Pods(0) | Self::Percent(0))
    }
}

fn part(percent: u32, count: u32, divide: fn(u64, u64) -> u64) -> u32 {
    u32::try_from(divide(u64::from(percent) * u64::from(count), 100)).unwrap_or(u32::MAX)
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pods(pods) => write!(f, "{pods}"),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_parts() {
        for (typed, share) in [("0", Share::Pods(0)), (" 3 ", Share::Pods(3)), ("25 %", Share::Percent(25))] {
            assert_eq!(Share::parse(typed), Ok(share), "{typed}");
        }
        for (typed, code) in [
            ("", FieldCode::Required),
            ("%", FieldCode::NotAShare),
            ("-1", FieldCode::NotAShare),
            ("1.5", FieldCode::NotAShare),
            ("half", FieldCode::NotAShare),
            ("101%", FieldCode::OutOfRange),
            ("1001", FieldCode::OutOfRange),
            ("99999999999999999999", FieldCode::OutOfRange),
        ] {
            assert_eq!(Share::parse(typed).map_err(|refusal| refusal.code), Err(code), "{typed}");
        }
    }

    #[test]
    fn a_part_of_a_pod() {
        assert_eq!((Share::Percent(25).up(10), Share::Percent(25).down(10)), (3, 2));
        assert_eq!((Share::Percent(100).up(1_000), Share::Pods(7).down(3)), (1_000, 7));
    }
}
