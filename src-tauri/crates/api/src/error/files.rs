//! What files, codes and kubeconfigs of a person are refused for.

use super::{ApiError, Code, Hint};
use slipway_engine::transfer::ImportError;
use slipway_engine::{CodeError, KubeconfigError};

pub(super) fn import(error: ImportError, detail: String) -> ApiError {
    use slipway_engine::transfer::ImportError as E;
    let of = |code| ApiError::new(code, detail.clone());
    match error {
        E::Unreadable { reason } | E::NotAnExport { reason } => {
            of(Code::ImportUnknown).with("reason", reason).hint(Hint::ChooseAnotherFile)
        }
        E::Broken { part, reason } => {
            of(Code::ImportBroken).with("part", part).with("reason", reason).hint(Hint::ChooseAnotherFile)
        }
        E::Newer { format, known } => {
            of(Code::ImportNewer).with("format", format).with("known", known).hint(Hint::UpdateSlipway)
        }
        E::TooLarge { part, max } => {
            of(Code::ImportTooLarge).with("part", part).with("max", max).hint(Hint::ChooseAnotherFile)
        }
        E::BadName { name } => of(Code::ImportName).with("name", name).hint(Hint::ChooseAnotherFile),
    }
}

pub(super) fn code(error: &CodeError, detail: String) -> ApiError {
    use slipway_engine::CodeError as E;
    let of = |code| ApiError::new(code, detail.clone());
    match error {
        E::Empty => of(Code::CodeEmpty).hint(Hint::CopyCodeWhole),
        E::NotACode => of(Code::CodeUnknown).hint(Hint::CopyCodeWhole),
        E::CutOff { have, expected } => {
            let error = of(Code::CodeCutOff).with("have", have).hint(Hint::CopyCodeWhole);
            expected.iter().fold(error, |error, expected| error.with("expected", expected))
        }
        E::Typo => of(Code::CodeTypo).hint(Hint::CopyCodeWhole),
        E::Newer { format } => of(Code::CodeNewer).with("format", format).hint(Hint::UpdateSlipway),
        E::Expired { at } => of(Code::CodeExpired).with("at", at).hint(Hint::AskOwnerForCode).hint(Hint::CheckClock),
        E::NoLinks | E::Damaged { .. } => of(Code::CodeUnknown).hint(Hint::AskOwnerForCode),
    }
}

pub(super) fn kubeconfig(error: KubeconfigError, detail: String) -> ApiError {
    use slipway_engine::KubeconfigError as E;
    let of = |code| ApiError::new(code, detail.clone());
    match error {
        E::NotYaml { file, line, column, reason } => of(Code::KubeconfigNotYaml)
            .with("file", file)
            .with("line", line)
            .with("column", column)
            .with("reason", reason)
            .hint(Hint::ChooseAnotherFile),
        E::NoContexts { files } => {
            of(Code::KubeconfigNoContexts).with("file", files.join(", ")).hint(Hint::ChooseAnotherFile)
        }
        E::Missing { file, reason } => {
            of(Code::KubeconfigMissing).with("file", file).with("reason", reason).hint(Hint::ChooseAnotherFile)
        }
        E::NoSuchContext { context } => {
            of(Code::NotFound).with("what", "context").with("name", context).hint(Hint::ChooseAnotherFile)
        }
        E::DanglingUser { context, user } => of(Code::KubeconfigDangling)
            .with("context", context)
            .with("what", "user")
            .with("name", user)
            .hint(Hint::ChooseAnotherFile),
        E::DanglingCluster { context, cluster } => of(Code::KubeconfigDangling)
            .with("context", context)
            .with("what", "cluster")
            .with("name", cluster)
            .hint(Hint::ChooseAnotherFile),
        E::CertificateExpired { user, at } => of(Code::CertificateExpired)
            .with("name", user)
            .with("at", at)
            .hint(Hint::SignInAgain)
            .hint(Hint::CheckClock),
        E::ExecNotInstalled { program, path } => {
            of(Code::ExecNotInstalled).with("program", program).with("path", path).hint(Hint::InstallProgram)
        }
        E::Unusable { context, reason } => of(Code::KubeconfigUnsupported)
            .with("context", context)
            .with("reason", reason)
            .hint(Hint::ChooseAnotherFile),
        E::Unsupported { what } => of(Code::KubeconfigUnsupported).with("what", what).hint(Hint::ChooseAnotherFile),
    }
}
