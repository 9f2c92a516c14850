//! Named places where a test ends the process, to prove that every one of them can be survived.
//!
//! Without the feature `fault` a place is nothing at all.

/// Every place in the life of a release, before and after what it is named for.
pub const PLACES: &[&str] = &[
    "before lease",
    "after lease",
    "before record",
    "after record",
    "before object",
    "after object",
    "before begin",
    "after begin",
    "before transition",
    "after transition",
    "before pause",
    "after pause",
    "before end",
    "after end",
];

/// Dies here as by kill -9 when the environment variable `SLIPWAY_FAULT` names this place.
#[inline]
pub(crate) fn place(name: &str) {
    #[cfg(feature = "fault")]
    {
        debug_assert!(PLACES.contains(&name), "{name:?} is in the list");
        if std::env::var("SLIPWAY_FAULT").is_ok_and(|wanted| wanted == name) {
            kill();
        }
    }
    let _ = name;
}

/// No destructor, no flush, no goodbye.
#[cfg(feature = "fault")]
fn kill() -> ! {
    let _ = std::process::Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
    std::process::abort()
}
