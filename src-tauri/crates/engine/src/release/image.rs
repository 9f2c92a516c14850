//! The image of a plan: whether its registry has it, whether the nodes can run it, whether they may pull it.

use super::answer::{Check, Verdict, VerdictLevel};
use super::preflight::verdict;
use crate::Engine;
use crate::artifact::Asked;
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use slipway_cluster::{ClusterError, Kind, NodeOffer, Session};
use slipway_model::artifact::ImageFacts;
use slipway_model::group::Group;
use slipway_model::image::ImageRef;
use slipway_registry::{Failure, Login, Repository, of_docker};
use std::collections::BTreeSet;
use std::time::Duration;

/// All questions about one image. A plan waits for it.
const TIMEOUT: Duration = Duration::from_secs(8);
const ARCH_LABEL: &str = "kubernetes.io/arch";
const OS_LABEL: &str = "kubernetes.io/os";
/// What is built where nothing else is said, and what most nodes are.
const ORDINARY: (&str, &str) = ("linux", "amd64");

/// An image that its registry has.
pub(super) struct Resolved {
    digest: String,
    facts: ImageFacts,
}

/// What was found about the image of a plan.
pub(super) struct Looked {
    pub verdicts: Vec<Verdict>,
    /// What its tag leads to now.
    pub digest: Option<String>,
}

impl Engine {
    /// Asks the registry of an image for it, and for what it is.
    ///
    /// # Errors
    /// `Registry`, and what the store says.
    pub(super) async fn resolved(&self, image: &ImageRef) -> Result<Resolved> {
        let asked = self.asked_of(image).await?;
        let find = async {
            // Also of a digest: what it is, is known for ever; that it is there, only now.
            let reference = image.digest().or(image.tag()).unwrap_or("latest");
            let digest = self.digest_of(&asked, reference).await?;
            let facts = self.facts(&asked, &digest).await?;
            Ok(Resolved { digest, facts })
        };
        let late = || asked.failed(Failure::Unreachable { reason: "no answer in time".to_owned() });
        tokio::time::timeout(TIMEOUT, find).await.unwrap_or_else(|_| Err(late()))
    }

    async fn asked_of(&self, image: &ImageRef) -> Result<Asked> {
        let of = Repository::of(image).ok_or_else(|| Error::not_found("image", &image.to_string()))?;
        self.asked(of).await
    }

    /// What can be said of an image before a release of it.
    pub(super) async fn look_at_image(&self, session: &Session, image: &ImageRef, group: &Group) -> Result<Looked> {
        let found = match self.resolved(image).await {
            Ok(found) => Ok(found),
            Err(Error::Registry { failure, .. }) => Err(failure),
            Err(error) => return Err(error),
        };
        let mut verdicts = vec![exists(image, &found)];
        let resolved = found.as_ref().ok().filter(|found| found.facts.other.is_none());
        if let Some(resolved) = resolved {
            let nodes = session.nodes().await?;
            verdicts.push(runs(&resolved.facts, nodes.as_deref(), group));
        }
        verdicts.extend(self.pull(session, image, group, &found).await?);
        Ok(Looked { verdicts, digest: found.ok().map(|found| found.digest) })
    }

    /// Refuses when a tag leads elsewhere than it did when the plan was shown. A registry that can not be asked changes
    /// nothing: the digest of the plan is what runs.
    pub(super) async fn refuse_moved(&self, image: &ImageRef, typed_digest: bool) -> Result<()> {
        let (Some(tag), Some(planned)) = (image.tag(), image.digest()) else { return Ok(()) };
        if typed_digest {
            return Ok(());
        }
        let asked = self.asked_of(image).await?;
        match tokio::time::timeout(TIMEOUT, self.digest_of(&asked, tag)).await {
            Ok(Ok(now)) if now != planned => {
                Err(Error::TagMoved { tag: tag.to_owned(), planned: planned.to_owned(), now })
            }
            Ok(Ok(_) | Err(Error::Registry { .. })) | Err(_) => Ok(()),
            Ok(Err(error)) => Err(error),
        }
    }

    /// Whether the nodes may pull: the pull secret is tried where it can be read, else the login that is known here.
    async fn pull(
        &self,
        session: &Session,
        image: &ImageRef,
        group: &Group,
        found: &std::result::Result<Resolved, Failure>,
    ) -> Result<Option<Verdict>> {
        let asked = match self.asked_of(image).await {
            Ok(asked) => asked,
            Err(Error::Registry { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let host = ("host", asked.of.host().to_owned());
        let Some(name) = &group.pull_secret else {
            // Who has signed in here does not know yet whether the nodes have to.
            let open = match (&asked.access.login, found) {
                (None, _) | (_, Err(_)) => return Ok(None),
                (Some(_), Ok(found)) => self.tried(&asked.by(None), found).await?,
            };
            let closed = matches!(open, Err(Failure::Refused { .. }));
            return Ok(closed.then(|| verdict(Check::PullSecret, VerdictLevel::Warning, "needed", [host])));
        };
        let params = || [("name", name.clone()), host.clone()];
        let said = |level, code: &str| Ok(Some(verdict(Check::PullSecret, level, code, params())));
        let login = match session.get(Kind::Secret, name).await {
            Ok(None) => return said(VerdictLevel::Warning, "missing"),
            Ok(Some(secret)) => match login_of(&secret, asked.of.host()) {
                Ok(Some(login)) => Some(login),
                Ok(None) => return said(VerdictLevel::Warning, "other_host"),
                Err(()) => return said(VerdictLevel::Warning, "unreadable"),
            },
            Err(ClusterError::Forbidden { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let Some(login) = login else {
            // No role of ours may read it: what is known is that it is there.
            return super::configuration::pull_secret(session, name, asked.of.host(), asked.access.login.is_some())
                .await;
        };
        let Ok(found) = found else {
            // Asked as somebody who may not, or of what is not there: the secret's own login says more.
            let (by_secret, of) = (asked.by(Some(login)), image.digest().or(image.tag()).unwrap_or("latest"));
            let by_secret = self.ways.registries.digest(&by_secret.of, of, &by_secret.access);
            return match tokio::time::timeout(TIMEOUT, by_secret).await {
                Ok(Ok(_)) => said(VerdictLevel::Ok, "works"),
                Ok(Err(Failure::Refused { .. })) => said(VerdictLevel::Blocks, "refused"),
                Ok(Err(_)) | Err(_) => said(VerdictLevel::Warning, "untried"),
            };
        };
        match self.tried(&asked.by(Some(login)), found).await? {
            Ok(()) => said(VerdictLevel::Ok, "works"),
            Err(Failure::Refused { .. }) => said(VerdictLevel::Blocks, "refused"),
            Err(_) => said(VerdictLevel::Warning, "untried"),
        }
    }

    /// Asks for what was found as somebody else.
    async fn tried(&self, asked: &Asked, found: &Resolved) -> Result<std::result::Result<(), Failure>> {
        match tokio::time::timeout(TIMEOUT, self.digest_of(asked, &found.digest)).await {
            Ok(Ok(_)) => Ok(Ok(())),
            Ok(Err(Error::Registry { failure, .. })) => Ok(Err(failure)),
            Ok(Err(error)) => Err(error),
            Err(_) => Ok(Err(Failure::Unreachable { reason: "no answer in time".to_owned() })),
        }
    }
}

/// Whether the registry has it.
fn exists(image: &ImageRef, found: &std::result::Result<Resolved, Failure>) -> Verdict {
    use VerdictLevel::{Blocks, Ok as Fine, Warning};
    let named = ("image", image.to_string());
    let failure = match found {
        Ok(Resolved { facts: ImageFacts { other: Some(kind), .. }, .. }) => {
            return verdict(Check::Image, Blocks, "other", [named, ("kind", kind.clone())]);
        }
        Ok(found) => return verdict(Check::Image, Fine, "ok", [("digest", found.digest.clone())]),
        Err(failure) => failure,
    };
    match failure {
        Failure::NoRepository | Failure::NoImage => verdict(Check::Image, Blocks, "missing", [named]),
        // Nodes may sign in, and reach what this computer does not.
        Failure::Refused { .. } => verdict(Check::Image, Warning, "refused", [named]),
        Failure::Limited { retry_after } => {
            let seconds = retry_after.map(|after| after.as_secs().to_string()).unwrap_or_default();
            verdict(Check::Image, Warning, "limited", [named, ("seconds", seconds)])
        }
        Failure::Plain => verdict(Check::Image, Warning, "plain", [named]),
        failure => verdict(Check::Image, Warning, "silent", [named, ("reason", failure.to_string())]),
    }
}

/// Whether the nodes that the group may use can run it.
fn runs(facts: &ImageFacts, nodes: Option<&[NodeOffer]>, group: &Group) -> Verdict {
    use VerdictLevel::{Blocks, Ok, Warning};
    let platforms: Vec<String> =
        facts.platforms.iter().map(|image| format!("{}/{}", image.os, image.architecture)).collect();
    let has = ("has", platforms.join(", "));
    let Some(nodes) = nodes else {
        let (os, architecture) = ORDINARY;
        let ordinary = facts.for_architecture(os, architecture).is_some();
        return verdict(Check::Platform, if ordinary { Ok } else { Warning }, "unseen", [has]);
    };
    let selected =
        |node: &&NodeOffer| group.node_selector.iter().all(|(key, value)| node.labels.get(key) == Some(value));
    let platform_of = |node: &NodeOffer| {
        let label = |key: &str, ordinary: &str| node.labels.get(key).cloned().unwrap_or_else(|| ordinary.to_owned());
        (label(OS_LABEL, ORDINARY.0), label(ARCH_LABEL, ORDINARY.1))
    };
    let of_nodes: Vec<(String, String)> = nodes.iter().filter(selected).map(platform_of).collect();
    let fits = of_nodes.iter().filter(|(os, arch)| facts.for_architecture(os, arch).is_some()).count();
    let of_kinds: BTreeSet<String> = of_nodes.iter().map(|(os, arch)| format!("{os}/{arch}")).collect();
    let need = ("need", of_kinds.into_iter().collect::<Vec<_>>().join(", "));
    match (fits, of_nodes.len()) {
        // No node at all: others say so.
        (_, 0) => verdict(Check::Platform, Ok, "unseen", [has]),
        (0, _) => verdict(Check::Platform, Blocks, "none", [has, need]),
        (fits, all) if fits == all => verdict(Check::Platform, Ok, "ok", [need]),
        (fits, all) => {
            let counts = [("fits", fits.to_string()), ("all", all.to_string())];
            let [fits, all] = counts;
            verdict(Check::Platform, Warning, "some", [has, need, fits, all])
        }
    }
}

/// The login for a host in an image pull secret; an error where it is none.
fn login_of(secret: &Value, host: &str) -> std::result::Result<Option<Login>, ()> {
    let text = secret["data"][".dockerconfigjson"].as_str().ok_or(())?;
    let config = STANDARD.decode(text).map_err(|_| ())?;
    of_docker(&config, host).map_err(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_model::artifact::PlatformImage;
    use slipway_model::group::first_draft;
    use std::collections::BTreeMap;

    fn facts(architectures: &[&str]) -> ImageFacts {
        let image = |architecture: &&str| PlatformImage {
            os: "linux".into(),
            architecture: (*architecture).into(),
            variant: None,
            digest: format!("sha256:{architecture}"),
            size: None,
            created: None,
            revision: None,
        };
        ImageFacts { digest: "sha256:0".into(), platforms: architectures.iter().map(image).collect(), other: None }
    }

    fn node(architecture: &str, zone: &str) -> NodeOffer {
        let labels = [(ARCH_LABEL, architecture), (OS_LABEL, "linux"), ("zone", zone)];
        NodeOffer {
            name: zone.into(),
            resources: BTreeMap::new(),
            labels: labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
            cordoned: false,
            allocatable: BTreeMap::new(),
            taints: Vec::new(),
        }
    }

    fn group(zone: Option<&str>) -> Group {
        let draft = slipway_model::group::GroupDraft {
            name: "prod".into(),
            environment: "prod".into(),
            link: "l".into(),
            ..first_draft()
        };
        let app = slipway_model::app::AppDraft {
            slug: "a".into(),
            repository: "registry.example.com/a".into(),
            ..slipway_model::app::AppDraft::default()
        };
        let app = app.validate("app".into()).expect("an app");
        let mut group = draft.validate("g".into(), &app).expect("a group");
        group.node_selector = zone.map(|zone| ("zone".to_owned(), zone.to_owned())).into_iter().collect();
        group
    }

    #[test]
    fn the_nodes_that_a_group_may_use_decide() {
        let nodes = [node("amd64", "a"), node("arm64", "b")];
        for (has, nodes, zone, level, code) in [
            (&["amd64", "arm64"][..], Some(&nodes[..]), None, VerdictLevel::Ok, "ok"),
            (&["amd64"], Some(&nodes), None, VerdictLevel::Warning, "some"),
            (&["amd64"], Some(&nodes), Some("a"), VerdictLevel::Ok, "ok"),
            (&["amd64"], Some(&nodes), Some("b"), VerdictLevel::Blocks, "none"),
            (&["s390x"], Some(&nodes), None, VerdictLevel::Blocks, "none"),
            (&["amd64"], None, None, VerdictLevel::Ok, "unseen"),
            (&["arm64"], None, None, VerdictLevel::Warning, "unseen"),
        ] {
            let found = runs(&facts(has), nodes, &group(zone));
            assert_eq!((found.level, found.code.as_str()), (level, code), "{has:?} {zone:?}");
        }
    }
}
