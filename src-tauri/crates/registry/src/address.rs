//! Where a repository is: the host that images name, and the server that answers for it.

use oci_spec::distribution::Reference;
use slipway_model::image::ImageRef;
use std::net::IpAddr;

/// A repository of a registry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Repository {
    host: String,
    server: String,
    path: String,
}

impl Repository {
    /// Of a reference without tag and digest, or of a whole one; `None` where it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let reference: Reference = text.parse().ok()?;
        Some(Self {
            host: reference.registry().to_owned(),
            server: reference.resolve_registry().to_owned(),
            path: reference.repository().to_owned(),
        })
    }

    pub fn of(image: &ImageRef) -> Option<Self> {
        Self::parse(image.repository())
    }

    /// As images name it, with its port; `docker.io` where they name none.
    pub fn host(&self) -> &str {
        &self.host
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// `https://registry.example.com:5000/v2/shop/api/`, where the rest of each question follows.
    pub(crate) fn base(&self, plain: bool) -> String {
        let scheme = if plain { "http" } else { "https" };
        format!("{scheme}://{}/v2/{}/", self.server, self.path)
    }

    pub(crate) fn server(&self) -> &str {
        &self.server
    }
}

/// Container runtimes speak plain HTTP with registries of their own machine, and with no others.
pub fn is_of_this_machine(host: &str) -> bool {
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_as_container_runtimes_do() {
        for (text, host, path, of_this_machine) in [
            ("busybox:1.37.0", "docker.io", "library/busybox", false),
            ("docker.io/library/busybox", "docker.io", "library/busybox", false),
            ("registry.example.com:5000/tools/curl:8", "registry.example.com:5000", "tools/curl", false),
            ("localhost:5000/tools/curl", "localhost:5000", "tools/curl", true),
            ("127.10.1.1:5000/tools/curl:8", "127.10.1.1:5000", "tools/curl", true),
        ] {
            let found = Repository::parse(text).expect("a repository");
            assert_eq!(
                (found.host(), found.path(), is_of_this_machine(found.host())),
                (host, path, of_this_machine),
                "{text}"
            );
        }
        assert_eq!(Repository::parse("busybox").expect("one").server(), "index.docker.io");
    }
}
