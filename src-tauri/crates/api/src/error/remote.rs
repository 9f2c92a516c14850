//! What files of a container, and their way, are met with.

use super::{ApiError, Code, Hint};
use slipway_engine::{Error, Obstacle};

pub(super) fn remote(error: Error, detail: String) -> ApiError {
    let of = |code| ApiError::new(code, detail.clone());
    let met = |what: &str, path: String| of(Code::Remote).with("what", what).with("path", path);
    match error {
        Error::NoTool { container, tool } => {
            of(Code::NoTool).with("container", container).with("tool", tool).hint(Hint::DebugContainer)
        }
        Error::Remote { what, path, message } => {
            let error = met(name(what), path).hint(hint(what));
            if message.is_empty() { error } else { error.with("message", message) }
        }
        Error::Differs { path } => met("differs", path).hint(Hint::TryAgain),
        Error::Outside { name } => met("outside", name).hint(Hint::ChooseAnotherFolder),
        Error::Special { path } => met("special", path).hint(Hint::ChooseAnotherFile),
        Error::DiskFull { path } => of(Code::DiskFull).with("path", path).hint(Hint::FreeSpace),
        _ => of(Code::Internal),
    }
}

fn name(what: Obstacle) -> &'static str {
    match what {
        Obstacle::Missing => "missing",
        Obstacle::NoFolder => "no_folder",
        Obstacle::Denied => "denied",
        Obstacle::ReadOnly => "read_only",
        Obstacle::Full => "full",
        Obstacle::Taken => "taken",
        Obstacle::Other => "other",
    }
}

fn hint(what: Obstacle) -> Hint {
    match what {
        Obstacle::Missing => Hint::ListAgain,
        Obstacle::NoFolder | Obstacle::Denied | Obstacle::ReadOnly => Hint::ChooseAnotherFolder,
        Obstacle::Full => Hint::FreeSpace,
        Obstacle::Taken => Hint::ChooseAnotherName,
        Obstacle::Other => Hint::TryAgain,
    }
}
