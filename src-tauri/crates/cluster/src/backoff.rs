//! Waiting between tries.

use rand::RngExt as _;
use std::time::Duration;

/// About `wait`: many computers that lost the same server do not come back as one.
pub(crate) fn about(wait: Duration) -> Duration {
    wait.mul_f64(rand::rng().random_range(0.8..1.2))
}
