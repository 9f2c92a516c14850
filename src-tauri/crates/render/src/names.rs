//! Names and labels of our objects in a cluster.

use sha2::{Digest, Sha256};
use slipway_model::hex::hex;
use slipway_model::id::GroupId;
use slipway_model::name::Slug;
use slipway_model::release::Seq;

/// Name of the app's container in workloads that we make. Adopted ones keep theirs.
pub use slipway_model::group::OWN_CONTAINER as CONTAINER;
/// The field manager of all our writes.
pub use slipway_model::workload::FIELD_MANAGER as MANAGER;

pub const LABEL_NAME: &str = "app.kubernetes.io/name";
pub const LABEL_MANAGED_BY: &str = "app.kubernetes.io/managed-by";
/// App and group slug: the selector, immutable.
pub const LABEL_APP: &str = "slipway.dev/app";
pub const LABEL_GROUP: &str = "slipway.dev/group";
/// On the pod template only: `r7`.
pub const LABEL_RELEASE: &str = "slipway.dev/release";
/// Records: number and state.
pub const LABEL_SEQ: &str = "slipway.dev/seq";
pub const LABEL_STATUS: &str = "slipway.dev/status";
/// On what stays of a deleted group.
pub const LABEL_TOMBSTONE: &str = "slipway.dev/tombstone";
/// On what records need and are too small for.
pub const LABEL_STORED: &str = "slipway.dev/stored";
/// Random ids, which tell our own objects from others of the same name.
pub const ANNOTATION_APP: &str = "slipway.dev/app-uid";
pub const ANNOTATION_GROUP: &str = "slipway.dev/group-uid";
/// On Services: the load balancer that they stand for, and its whole definition as JSON.
pub const ANNOTATION_BALANCER: &str = "slipway.dev/balancer-uid";
pub const ANNOTATION_DEFINITION: &str = "slipway.dev/balancer";
/// Before the name of a load balancer: the label of pods that it selects where it has several groups.
pub const LABEL_BALANCER_PREFIX: &str = "balancer.slipway.dev/";
/// On a stopped Deployment: how many pods it had.
pub const ANNOTATION_COUNT: &str = "slipway.dev/stopped-count";
/// On a pod template: when its pods were last replaced by themselves, as `kubectl rollout restart` writes it …
pub const ANNOTATION_RESTARTED_AT: &str = "kubectl.kubernetes.io/restartedAt";
/// … and who did it from here: the same time, a space, a name.
pub const ANNOTATION_RESTARTED_BY: &str = "slipway.dev/restarted-by";

/// Hex digits of a content hash in an object's name.
const HASH_DIGITS: usize = 10;
/// The same of what records share: nobody compares it before it is taken for the same.
const STORED_DIGITS: usize = 32;

/// Default name of a group's Deployment. App `a-b` with group `c` and app `a` with group `b-c` meet here: compare the
/// ids of what is there, and take `workload_apart` then.
pub fn workload(app: &Slug, group: &Slug) -> String {
    format!("{app}-{group}")
}

/// The name on a clash with another group of ours: four characters of the group's id behind it.
pub fn workload_apart(app: &Slug, group: &Slug, id: &GroupId) -> String {
    format!("{app}-{group}-{}", tail(id, 4))
}

/// The first characters of an id that a name may hold.
fn tail(id: &GroupId, length: usize) -> String {
    let tail: String = id.as_str().chars().filter(char::is_ascii_alphanumeric).take(length).collect();
    tail.to_ascii_lowercase()
}

pub fn record(workload: &str, seq: Seq) -> String {
    format!("slipway-{workload}-{seq}")
}

/// What records of an app need and are too small for, by its hash.
pub fn stored(app: &Slug, hash: &str) -> String {
    format!("slipway-{app}-stored-{}", &hash[..STORED_DIGITS])
}

/// What stays of a deleted group. Names are given again, ids are not.
pub fn tombstone(workload: &str, id: &GroupId) -> String {
    format!("slipway-{workload}-deleted-{}", tail(id, 8))
}

pub fn lease(workload: &str) -> String {
    format!("slipway-{workload}")
}

/// Name of the immutable object of a group's variables: the content decides it, so equal content is one object.
pub fn variables(workload: &str, hash: &str) -> String {
    format!("{workload}-env-{}", &hash[..HASH_DIGITS])
}

/// The same of those that are in a Secret.
pub fn secret_variables(workload: &str, hash: &str) -> String {
    format!("{workload}-secret-env-{}", &hash[..HASH_DIGITS])
}

/// Name of the immutable object of a file: a few letters of the file's name tell people which.
pub fn file(workload: &str, slug: &str, hash: &str) -> String {
    format!("{workload}-{slug}-{}", &hash[..HASH_DIGITS])
}

/// SHA-256 over parts, each preceded by its length, hex.
pub fn content_hash<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex(&hash.finalize())
}

/// Selects the pods and workloads of one group.
pub fn selector(app: &Slug, group: &str) -> String {
    format!("{LABEL_APP}={app},{LABEL_GROUP}={group}")
}

/// Label of the pods behind a load balancer of several groups.
pub fn balancer_label(name: &Slug) -> String {
    format!("{LABEL_BALANCER_PREFIX}{name}")
}

/// Selects those of all groups of an app.
pub fn selector_of_app(app: &Slug) -> String {
    format!("{LABEL_APP}={app}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use slipway_model::name::APP_AND_GROUP_MAX;

    /// Longest name of a `ConfigMap` or Lease (RFC 1123 subdomain).
    const NAME_MAX: usize = 253;

    fn slug(text: &str) -> Slug {
        Slug::parse(text).expect("a slug")
    }

    #[test]
    fn two_groups_that_meet_get_names_of_their_own() {
        assert_eq!(workload(&slug("a-b"), &slug("c")), workload(&slug("a"), &slug("b-c")));
        let id = GroupId::from("9F3c-77");
        assert_eq!(workload_apart(&slug("a-b"), &slug("c"), &id), "a-b-c-9f3c");
        assert_eq!(record("a-b-c", Seq(7)), "slipway-a-b-c-r7");
        assert_eq!(tombstone("a-b-c", &id), "slipway-a-b-c-deleted-9f3c77");
        assert_eq!(lease("a-b-c"), "slipway-a-b-c");
        assert_eq!(selector(&slug("a"), "b"), "slipway.dev/app=a,slipway.dev/group=b");
    }

    #[test]
    fn parts_cannot_be_moved_between_each_other_under_one_hash() {
        assert_ne!(content_hash(["ab", "c"]), content_hash(["a", "bc"]));
        assert_ne!(content_hash(["a", ""]), content_hash(["a"]));
    }

    fn label(text: &str) -> bool {
        Slug::parse(text).is_ok()
    }

    proptest! {
        #[test]
        fn names_are_within_the_limits_of_kubernetes(
            app in "[a-z]([a-z0-9-]{0,20}[a-z0-9])?", group in "[a-z]([a-z0-9-]{0,20}[a-z0-9])?", seq in any::<u32>()
        ) {
            let (app, group) = (slug(&app), slug(&group));
            prop_assume!(app.as_str().len() + group.as_str().len() <= APP_AND_GROUP_MAX);
            let own = workload(&app, &group);
            prop_assert!(own.len() <= APP_AND_GROUP_MAX + 1 && label(&own));
            for workload in [own, workload_apart(&app, &group, &GroupId::random())] {
                prop_assert!(label(&workload));
                let config = variables(&workload, &content_hash(["env"]));
                for name in [record(&workload, Seq(seq)), lease(&workload), config, stored(&app, &content_hash(["a"]))] {
                    prop_assert!(name.len() <= NAME_MAX && name.split('-').all(|part| !part.contains('.')), "{}", name);
                }
            }
        }
    }
}
