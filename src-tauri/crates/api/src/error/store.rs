//! What the data folder and the keyring are met with.

use super::{ApiError, Code, Hint};
use slipway_engine::{StoreError, VaultError};

pub(super) fn store(error: &StoreError, detail: String) -> ApiError {
    use slipway_engine::StoreError as E;
    let of = |code| ApiError::new(code, detail.clone());
    match error {
        E::NotWritable { path, reason } => {
            of(Code::NotWritable).with("path", path.display()).with("reason", reason).hint(Hint::ChooseAnotherFolder)
        }
        E::Full { path } => of(Code::DiskFull).with("path", path.display()).hint(Hint::FreeSpace),
        E::Newer { path, found, known } => of(Code::DatabaseNewer)
            .with("path", path.display())
            .with("found", found)
            .with("known", known)
            .hint(Hint::UpdateSlipway),
        E::Sqlite { path, source, .. } => {
            of(Code::Database).with("path", path.display()).with("reason", source).hint(Hint::ReportBug)
        }
        E::File { path, source, .. } => {
            of(Code::NotWritable).with("path", path.display()).with("reason", source).hint(Hint::ChooseAnotherFolder)
        }
        E::Body { .. } | E::Closed | E::Taken { .. } | E::InUse { .. } => of(Code::Internal).hint(Hint::ReportBug),
    }
}

pub(super) fn vault(error: &VaultError, detail: String) -> ApiError {
    use slipway_engine::VaultError as E;
    let of = |code| ApiError::new(code, detail.clone());
    match error {
        E::NoKeyring { reason } => {
            of(Code::KeyringMissing).with("reason", reason).hint(Hint::UnlockKeyring).hint(Hint::UseMemoryOnly)
        }
        E::Locked => of(Code::KeyringLocked).hint(Hint::UnlockKeyring).hint(Hint::UseMemoryOnly),
        E::KeyLost => of(Code::KeyLost).hint(Hint::LinkAgain),
        E::Store(error) => store(error, detail),
    }
}
