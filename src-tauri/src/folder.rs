//! The data folder: where everything is that Slipway keeps on this computer.

use directories::ProjectDirs;
use slipway_api::error::Hint;
use slipway_api::{ApiError, Code};
use std::fmt::Display;
use std::io;
use std::path::{Path, PathBuf};

/// Makes the folder when it is not there, readable by its owner only, and answers its one absolute path without links.
///
/// Without `chosen` it is the place this system has for an application's data.
pub(crate) fn open(chosen: Option<PathBuf>) -> Result<PathBuf, ApiError> {
    let Some(folder) = chosen.or_else(usual) else {
        return Err(not_writable(Path::new("~"), &"the system names no home folder; start with --data-dir DIR"));
    };
    make(&folder).and_then(|()| folder.canonicalize()).map_err(|error| not_writable(&folder, &error))
}

/// The data folder, or a file in it, cannot be written.
pub(crate) fn not_writable(path: &Path, reason: &dyn Display) -> ApiError {
    let (path, reason) = (path.display().to_string(), reason.to_string());
    let mut error = ApiError::new(Code::NotWritable, format!("open the data folder {path}: {reason}"));
    error.params = [("path".to_owned(), path), ("reason".to_owned(), reason)].into();
    error.hints = vec![Hint::ChooseAnotherFolder];
    error
}

fn usual() -> Option<PathBuf> {
    Some(ProjectDirs::from("dev", "slipway", "Slipway")?.data_dir().to_owned())
}

fn make(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_made_and_private() {
        let parent = tempfile::tempdir().unwrap();
        let folder = open(Some(parent.path().join("deep/er"))).unwrap();
        assert!(folder.is_dir());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        }
    }

    #[test]
    fn a_file_in_its_place_is_named() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let error = open(Some(file.path().to_owned())).unwrap_err();
        assert_eq!(error.code, Code::NotWritable);
        assert!(error.detail.contains(&*file.path().to_string_lossy()), "{}", error.detail);
        assert_eq!(error.hints, [Hint::ChooseAnotherFolder]);
    }
}
