//! Random identities. A noun keeps its id for life; names and titles are for people.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(type = "string")]
        pub struct $name(String);

        impl $name {
            /// A fresh random id (UUID v4).
            pub fn random() -> Self {
                Self(uuid::Uuid::new_v4().to_string())
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

ids! {
    /// Stands in every record and object of an app, and in the immutable selectors of its workloads.
    AppId,
    /// Stands in the annotations of a load balancer's Services.
    BalancerId,
    EnvironmentId,
    /// A configuration file, through all its versions.
    FileId,
    GroupId,
    /// Identity of a linked cluster on this computer. Two links are *the same* when their namespace uids are equal.
    LinkId,
    ReleaseId,
    /// One version of one sensitive value: the vault has the value under `value:<id>`, everything else only the id.
    SecretId,
    TrainId,
}

/// Before the ids of sensitive values in the vault, which has other secrets too.
const IN_VAULT: &str = "value:";

/// After the ids of texts that were readable when a release had them.
const WITHHELD: &str = "withheld";

impl SecretId {
    /// For a text that a release had in the clear, and that became sensitive since: nobody has set a version of this id, so
    /// it is another one than any that a draft has.
    pub fn withheld() -> Self {
        Self(format!("{}-{WITHHELD}", Self::random()))
    }

    /// The same for a text that no vault has.
    pub fn nowhere() -> Self {
        Self(WITHHELD.to_owned())
    }

    pub fn is_withheld(&self) -> bool {
        self.0.ends_with(WITHHELD)
    }

    /// The id of the value in the vault.
    pub fn in_vault(&self) -> String {
        format!("{IN_VAULT}{self}")
    }

    /// The same the other way round; `None` for an id of something else.
    pub fn of_vault(id: &str) -> Option<Self> {
        id.strip_prefix(IN_VAULT).map(Self::from)
    }
}
