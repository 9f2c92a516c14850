//! What registries say.

use super::{ApiError, Code, Hint};
use slipway_engine::RegistryFailure as Failure;

pub(super) fn registry(host: String, repository: String, failure: Failure, detail: String) -> ApiError {
    let of = |code| ApiError::new(code, detail.clone()).with("host", &host).with("repository", &repository);
    match failure {
        Failure::NoRepository | Failure::NoImage => of(Code::RegistryMissing).hint(Hint::CheckRepository),
        Failure::Refused { signed_in, message } => {
            let error = of(Code::RegistryRefused).with("signed_in", signed_in).hint(Hint::RegistrySignIn);
            if message.is_empty() { error } else { error.with("message", message) }
        }
        Failure::Limited { retry_after } => {
            let seconds = retry_after.map(|after| after.as_secs().to_string()).unwrap_or_default();
            of(Code::RegistryLimited).with("seconds", seconds).retry().hint(Hint::RegistrySignIn)
        }
        Failure::Unreachable { reason } => of(Code::RegistryUnreachable)
            .with("reason", reason)
            .hint(Hint::CheckRepository)
            .hint(Hint::CheckVpn)
            .retry(),
        Failure::Plain => of(Code::RegistryPlain).hint(Hint::AllowPlain).hint(Hint::CheckRepository),
        Failure::Broken { status, message } => {
            of(Code::RegistryBroken).with("reason", format!("{status} {message}").trim()).retry()
        }
        Failure::Nonsense { reason } => {
            of(Code::RegistryBroken).with("reason", reason).hint(Hint::CheckRepository).retry()
        }
        Failure::Helper { program, reason } => of(Code::CredentialHelper)
            .with("program", program)
            .with("reason", reason)
            .hint(Hint::RunProgramInTerminal)
            .hint(Hint::RegistrySignIn)
            .retry(),
        Failure::Config { path, reason } => {
            of(Code::DockerConfig).with("path", path).with("reason", reason).hint(Hint::RegistrySignIn).retry()
        }
    }
}
