//! Kubernetes quantities (`200m`, `1.5`, `512Mi`, `2e3`), exact in thousandths.
//!
//! Grammar and suffixes: k8s.io/apimachinery `pkg/api/resource/quantity.go`.

use crate::field::{FieldCode, Refusal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Largest amount we take: 2^63 − 1 whole units, what the API server itself can hold without losing digits.
const UNITS_MAX: i128 = i64::MAX as i128;

/// A non-negative quantity. Keeps the text as typed (the API server canonicalises it) and its value for comparing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Quantity {
    text: String,
    milli: i128,
}

impl Quantity {
    /// # Errors
    /// `NotAQuantity` for anything outside the grammar, `OutOfRange` for negative or unholdable amounts.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(Refusal::new(FieldCode::Required));
        }
        if text.starts_with('-') && text.len() > 1 && Self::parse(&text[1..]).is_ok() {
            return Err(Refusal::new(FieldCode::OutOfRange).with("min", 0).with("max", UNITS_MAX));
        }
        match milli(text) {
            Some(milli) if milli <= UNITS_MAX * 1000 => Ok(Self { text: text.to_owned(), milli }),
            Some(_) => Err(Refusal::new(FieldCode::OutOfRange).with("min", 0).with("max", UNITS_MAX)),
            None => Err(Refusal::new(FieldCode::NotAQuantity)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Thousandths of the unit, rounded up: millicores for CPU.
    pub fn milli(&self) -> i128 {
        self.milli
    }

    /// Whole units, rounded up: bytes for memory.
    pub fn units(&self) -> i128 {
        self.milli.div_ceil_to_units()
    }
}

trait CeilUnits {
    fn div_ceil_to_units(self) -> i128;
}

impl CeilUnits for i128 {
    fn div_ceil_to_units(self) -> i128 {
        (self + 999) / 1000
    }
}

/// `None` when `text` is no quantity, or overflows by so much that it cannot be told how.
fn milli(text: &str) -> Option<i128> {
    let digits_end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, suffix) = text.split_at(digits_end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || number.len() > 40 {
        return None;
    }
    let (numerator, denominator) = scale(suffix)?;
    let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
    let denominator = denominator.checked_mul(10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?)?;
    let Some(scaled) = digits.checked_mul(numerator) else { return Some(i128::MAX) };
    Some((scaled + denominator - 1) / denominator)
}

/// Thousandths per unit of a suffix, as a fraction.
fn scale(suffix: &str) -> Option<(i128, i128)> {
    let binary = |power: u32| Some((1000 * 1024_i128.pow(power), 1));
    let decimal = |exponent: i32| {
        let exponent = exponent + 3;
        let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
        Some(if exponent >= 0 { (power, 1) } else { (1, power) })
    };
    match suffix {
        "" => decimal(0),
        "n" => decimal(-9),
        "u" => decimal(-6),
        "m" => decimal(-3),
        "k" => decimal(3),
        "M" => decimal(6),
        "G" => decimal(9),
        "T" => decimal(12),
        "P" => decimal(15),
        "E" => decimal(18),
        "Ki" => binary(1),
        "Mi" => binary(2),
        "Gi" => binary(3),
        "Ti" => binary(4),
        "Pi" => binary(5),
        "Ei" => binary(6),
        _ => {
            let exponent = suffix.strip_prefix(['e', 'E'])?;
            decimal(exponent.parse().ok().filter(|e| (-18..=21).contains(e))?)
        }
    }
}

impl PartialOrd for Quantity {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.milli.partial_cmp(&other.milli)
    }
}

impl TryFrom<String> for Quantity {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|_| format!("{text:?} is not a quantity"))
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> Self {
        quantity.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values() {
        for (text, milli) in [
            ("0", 0),
            ("1", 1000),
            ("200m", 200),
            ("0.5", 500),
            (".5", 500),
            ("1.5", 1500),
            ("1.", 1000),
            ("512Mi", 512 * 1024 * 1024 * 1000),
            ("1k", 1_000_000),
            ("2e3", 2_000_000),
            ("1E2", 100_000),
            ("1E", 1_000_000_000_000_000_000_000),
            ("1n", 1),
        ] {
            assert_eq!(Quantity::parse(text).map(|q| q.milli()), Ok(milli), "{text}");
        }
    }

    #[test]
    fn refusals() {
        for (text, code) in [
            ("", FieldCode::Required),
            ("abc", FieldCode::NotAQuantity),
            ("1 Gi", FieldCode::NotAQuantity),
            ("1GB", FieldCode::NotAQuantity),
            ("1.2.3", FieldCode::NotAQuantity),
            (".", FieldCode::NotAQuantity),
            ("-1", FieldCode::OutOfRange),
            ("-x", FieldCode::NotAQuantity),
            ("99999E", FieldCode::OutOfRange),
            ("99999999999999999999999999999999Ei", FieldCode::OutOfRange),
        ] {
            assert_eq!(Quantity::parse(text).map_err(|r| r.code), Err(code), "{text}");
        }
    }
}
