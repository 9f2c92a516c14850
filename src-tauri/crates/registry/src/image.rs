//! Manifests, in the formats of Docker and of OCI: what a digest stands for.

use crate::address::Repository;
use crate::answer::Said;
use crate::failure::Failure;
use crate::{Access, Registries};
use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderName};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use slipway_model::artifact::{ImageFacts, PlatformImage};
use std::collections::BTreeMap;
use std::fmt::Write as _;

const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const OCI_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const DOCKER_LIST: &str = "application/vnd.docker.distribution.manifest.list.v2+json";
const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
const DIGEST: HeaderName = HeaderName::from_static("docker-content-digest");
/// Where builders write the commit.
const REVISIONS: [&str; 2] = ["org.opencontainers.image.revision", "org.label-schema.vcs-ref"];

fn manifests() -> String {
    [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST].join(", ")
}

impl Registries {
    /// What a tag leads to now. Asked without the content, which registries count as a pull.
    ///
    /// # Errors
    /// What the registry says, and that it can not be asked.
    pub async fn digest(&self, of: &Repository, tag: &str, access: &Access) -> Result<String, Failure> {
        let url = format!("{}manifests/{tag}", of.base(access.plain));
        let said = self.ask(Method::HEAD, &url, &manifests(), of, access).await?;
        match said.header(&DIGEST).filter(|digest| is_digest(digest)) {
            Some(digest) => Ok(digest.to_owned()),
            None => Ok(digest_of(&self.ask(Method::GET, &url, &manifests(), of, access).await?.body)),
        }
    }

    /// What a digest stands for: the platforms of an index, and size and time of the image for one of `architectures`,
    /// the first that it has.
    ///
    /// # Errors
    /// What the registry says, and that it can not be asked.
    pub async fn image(
        &self,
        of: &Repository,
        digest: &str,
        architectures: &[String],
        access: &Access,
    ) -> Result<ImageFacts, Failure> {
        let said = self.content(of, "manifests", digest, &manifests(), access).await?;
        let mut facts = ImageFacts { digest: digest.to_owned(), platforms: Vec::new(), other: None };
        match kind_of(&said)? {
            Kind::Manifest(manifest) => {
                if let Some(other) = manifest.other() {
                    facts.other = Some(other);
                    return Ok(facts);
                }
                let config = self.config(of, &manifest, access).await?;
                facts.platforms = vec![PlatformImage {
                    os: config.os.clone(),
                    architecture: config.architecture.clone(),
                    variant: config.variant.clone(),
                    digest: digest.to_owned(),
                    size: Some(manifest.size()),
                    created: config.created(),
                    revision: config.revision(),
                }];
            }
            Kind::Index(index) => {
                facts.platforms = index.manifests.into_iter().filter_map(Entry::platform).collect();
                let wanted = |architecture: &String| {
                    facts.platforms.iter().position(|platform| platform.architecture == *architecture)
                };
                let Some(chosen) = architectures.iter().find_map(wanted).or((!facts.platforms.is_empty()).then_some(0))
                else {
                    return Ok(facts);
                };
                self.measure(of, &mut facts.platforms[chosen], access).await?;
            }
        }
        Ok(facts)
    }

    /// Reads size and time of one image of an index.
    async fn measure(&self, of: &Repository, image: &mut PlatformImage, access: &Access) -> Result<(), Failure> {
        let accept = [OCI_MANIFEST, DOCKER_MANIFEST].join(", ");
        let said = self.content(of, "manifests", &image.digest, &accept, access).await?;
        let Kind::Manifest(manifest) = kind_of(&said)? else {
            return Err(Failure::nonsense("an index leads to another index"));
        };
        let config = self.config(of, &manifest, access).await?;
        image.size = Some(manifest.size());
        image.created = config.created();
        image.revision = config.revision();
        Ok(())
    }

    async fn config(&self, of: &Repository, manifest: &Manifest, access: &Access) -> Result<ImageConfig, Failure> {
        let digest = &manifest.config.digest;
        if !is_digest(digest) {
            return Err(Failure::nonsense("a manifest names no configuration"));
        }
        let said = self.content(of, "blobs", digest, "*/*", access).await?;
        serde_json::from_slice(&said.body).map_err(|_| Failure::nonsense("the configuration of an image is none"))
    }

    /// What stands under a digest, and is proven to.
    async fn content(
        &self,
        of: &Repository,
        what: &str,
        digest: &str,
        accept: &str,
        access: &Access,
    ) -> Result<Said, Failure> {
        let url = format!("{}{what}/{digest}", of.base(access.plain));
        let said = self.ask(Method::GET, &url, accept, of, access).await?;
        if digest_of(&said.body) == digest {
            return Ok(said);
        }
        Err(Failure::nonsense(format!("what it gives for {digest} is something else")))
    }
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

fn digest_of(body: &[u8]) -> String {
    Sha256::digest(body).iter().fold("sha256:".to_owned(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

enum Kind {
    Manifest(Manifest),
    Index(Index),
}

/// By its own word, else by that of the registry, else by what it has.
fn kind_of(said: &Said) -> Result<Kind, Failure> {
    let wrong = |_| Failure::nonsense("a manifest is none");
    let body: serde_json::Value = serde_json::from_slice(&said.body).map_err(wrong)?;
    let told = body["mediaType"].as_str().or_else(|| said.header(&CONTENT_TYPE)).unwrap_or_default();
    let told = told.split(';').next().unwrap_or_default().trim();
    if body["schemaVersion"] == 1 {
        return Err(Failure::nonsense("a manifest of schema 1, which nodes pull no longer"));
    }
    let index = match told {
        OCI_INDEX | DOCKER_LIST => true,
        OCI_MANIFEST | DOCKER_MANIFEST => false,
        _ => body["manifests"].is_array(),
    };
    Ok(if index {
        Kind::Index(serde_json::from_value(body).map_err(wrong)?)
    } else {
        Kind::Manifest(serde_json::from_value(body).map_err(wrong)?)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    artifact_type: Option<String>,
    config: Descriptor,
    #[serde(default)]
    layers: Vec<Descriptor>,
}

impl Manifest {
    fn size(&self) -> u64 {
        self.layers.iter().map(|layer| layer.size).fold(self.config.size, u64::saturating_add)
    }

    /// What it is when it is no image.
    fn other(&self) -> Option<String> {
        let image = [OCI_CONFIG, DOCKER_CONFIG].contains(&self.config.media_type.as_str());
        (!image).then(|| self.artifact_type.clone().unwrap_or_else(|| self.config.media_type.clone()))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    #[serde(default)]
    media_type: String,
    digest: String,
    #[serde(default)]
    size: u64,
}

#[derive(Deserialize)]
struct Index {
    manifests: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    digest: String,
    platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Platform {
    os: String,
    architecture: String,
    variant: Option<String>,
}

impl Entry {
    /// Builders put attestations beside the images, for a platform `unknown`.
    fn platform(self) -> Option<PlatformImage> {
        let platform = self.platform.filter(|platform| platform.architecture != "unknown")?;
        is_digest(&self.digest).then_some(PlatformImage {
            os: platform.os,
            architecture: platform.architecture,
            variant: platform.variant,
            digest: self.digest,
            size: None,
            created: None,
            revision: None,
        })
    }
}

#[derive(Deserialize)]
struct ImageConfig {
    os: String,
    architecture: String,
    variant: Option<String>,
    created: Option<String>,
    #[serde(default)]
    config: RunConfig,
}

#[derive(Default, Deserialize)]
struct RunConfig {
    #[serde(default, rename = "Labels")]
    labels: Option<BTreeMap<String, String>>,
}

impl ImageConfig {
    /// Reproducible builds write the beginning of time, which says nothing.
    fn created(&self) -> Option<Timestamp> {
        self.created.as_deref()?.parse::<Timestamp>().ok().filter(|at| at.as_second() > 0)
    }

    fn revision(&self) -> Option<String> {
        let labels = self.config.labels.as_ref()?;
        REVISIONS.iter().find_map(|name| labels.get(*name)).filter(|text| !text.is_empty()).cloned()
    }
}
