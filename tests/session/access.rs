//! Codes, roles, and what an identity may do.

use crate::place::{Place, until};
use secrecy::ExposeSecret as _;
use serde_json::json;
use slipway_cluster::{
    ClusterError, Code, CodeLink, CodeRequest, Credential, Kind, Session, connect, inspect, issue_code, remove_member,
};
use slipway_model::cluster::{Feature, Role, SessionState};
use std::time::Duration;

fn request(place: &Place, role: Role, member: &str) -> CodeRequest {
    CodeRequest {
        cluster: "test".into(),
        servers: vec![place.admin.server.clone()],
        ca: place.admin.ca(),
        role,
        member: member.into(),
        ttl: Duration::from_hours(1),
    }
}

pub(crate) async fn code(place: &Place, role: Role, member: &str) -> CodeLink {
    let code = issue_code(&place.admin, &request(place, role, member)).await.expect("a code");
    let text = code.encode();
    Code::decode(text.expose_secret()).expect("readable").links.remove(0)
}

#[tokio::test]
async fn every_preset_grants_what_it_says_and_no_more() {
    let place = Place::new("presets").await;
    for role in [Role::Viewer, Role::Operator, Role::Deployer, Role::Manager, Role::Owner] {
        let link = code(&place, role, "ann").await;
        let seen = inspect(&Credential::Code(link.clone())).await.expect("inspected");
        assert_eq!(seen.role, Some(role), "{:#?}", seen.grants);
        assert_eq!(
            (seen.namespace.as_str(), seen.namespace_uid.as_str()),
            (place.namespace.as_str(), link.namespace_uid.as_str())
        );
        assert_eq!(seen.identity, format!("system:serviceaccount:{}-access:ann", place.namespace));
        assert_eq!(seen.expires, link.expiry);
        assert!(seen.server_version.starts_with("v1."), "{}", seen.server_version);
        assert_eq!((seen.fingerprint.len(), seen.fingerprint.matches(':').count()), (95, 31));
        let nodes = seen.grants.iter().find(|grant| grant.feature == Feature::Nodes).expect("a row");
        assert!(!nodes.allowed && nodes.yaml.contains("kind: ClusterRole"), "{}", nodes.yaml);
    }
    place.done().await;
}

#[tokio::test]
async fn what_is_missing_is_named_with_the_yaml_that_grants_it() {
    let place = Place::new("missing").await;
    let link = code(&place, Role::Viewer, "ann").await;
    let seen = inspect(&Credential::Code(link.clone())).await.expect("inspected");
    let operate = seen.grants.iter().find(|grant| grant.feature == Feature::Operate).expect("a row");
    assert!(
        operate.missing.iter().any(|rule| rule.resource == "pods/exec" && rule.verbs == ["create", "get"]),
        "{operate:?}"
    );
    for document in operate.yaml.split("---\n") {
        let object: serde_json::Value = serde_saphyr::from_str(document).expect("YAML");
        let kind = if object["kind"] == "Role" { Kind::Role } else { Kind::RoleBinding };
        place.admin.create(kind, &object).await.expect(document);
    }
    let granted = until("the rights act", async || {
        let seen = inspect(&Credential::Code(link.clone())).await.expect("inspected");
        seen.role.filter(|role| *role == Role::Operator)
    });
    assert_eq!(granted.await, Role::Operator);
    place.done().await;
}

#[tokio::test]
async fn an_owner_makes_members_and_takes_them_out() {
    let place = Place::new("owner").await;
    let owner = connect(&Credential::Code(code(&place, Role::Owner, "olga").await)).await.expect("signs in");
    // The presets are made by whoever sets the namespace up.
    code(&place, Role::Viewer, "first").await;
    let member =
        until("the owner's rights act", async || issue_code(&owner, &request(&place, Role::Viewer, "mia")).await.ok())
            .await;
    issue_code(&owner, &request(&place, Role::Viewer, "mia")).await.expect("done twice");
    let session = Session::start("member".into(), Credential::Code(member.links[0].clone()));
    session.list(Kind::Pod, "").await.expect("a viewer reads pods");
    let refused = session.get(Kind::Secret, "any").await.expect_err("a viewer reads no secrets");
    assert!(
        matches!(&refused, ClusterError::Forbidden { verb, resource, namespace, .. }
            if verb == "get" && resource == "secrets" && *namespace == place.namespace),
        "{refused:?}"
    );
    remove_member(&owner, "mia").await.expect("removed");
    remove_member(&owner, "mia").await.expect("done twice");
    let refused = until("the token ends", async || session.list(Kind::Pod, "").await.err()).await;
    assert!(matches!(refused, ClusterError::SignIn { .. } | ClusterError::Forbidden { .. }), "{refused:?}");
    until("the token is refused", async || {
        session.retry_now();
        matches!(&*session.state().borrow(), SessionState::SignInNeeded { .. }).then_some(())
    })
    .await;
    place.done().await;
}

#[tokio::test]
async fn a_wrong_authority_a_wrong_token_and_no_server_are_told_apart() {
    let place = Place::new("wrong").await;
    let link = code(&place, Role::Viewer, "ann").await;
    let other = rcgen::generate_simple_self_signed(["x".to_owned()]).expect("a certificate").cert.pem();
    let error = inspect(&Credential::Code(CodeLink { ca: other, ..link.clone() })).await.expect_err("wrong authority");
    assert!(matches!(error, ClusterError::WrongCa { .. }), "{error:?}");
    let error =
        inspect(&Credential::Code(CodeLink { token: "x.y.z".into(), ..link.clone() })).await.expect_err("wrong token");
    assert!(matches!(error, ClusterError::SignIn { .. }), "{error:?}");
    let nobody = vec!["https://127.0.0.1:1".to_owned()];
    let error =
        inspect(&Credential::Code(CodeLink { servers: nobody.clone(), ..link.clone() })).await.expect_err("nobody");
    assert!(matches!(error, ClusterError::Unreachable { .. }), "{error:?}");
    let servers = [nobody, link.servers.clone()].concat();
    inspect(&Credential::Code(CodeLink { servers, ..link })).await.expect("the second address answers");
    place.done().await;
}

#[tokio::test]
async fn errors_of_writes_are_told_apart() {
    let place = Place::new("errors").await;
    let quota = json!({ "metadata": { "name": "q" }, "data": { "a": "b" } });
    place.session.create(Kind::ConfigMap, &quota).await.expect("created");
    let error = place.session.dry_create(Kind::ConfigMap, &quota).await.expect_err("exists");
    assert!(matches!(&error, ClusterError::AlreadyExists { what, .. } if what == "configmaps q"), "{error:?}");
    let big = json!({ "metadata": { "name": "big" }, "data": { "a": "x".repeat(1024 * 1024 + 1) } });
    let error = place.session.create(Kind::ConfigMap, &big).await.expect_err("too large");
    assert!(matches!(error, ClusterError::TooLarge { .. }), "{error:?}");
    let bad = json!({ "metadata": { "name": "Bad_Name" } });
    let error = place.session.create(Kind::ConfigMap, &bad).await.expect_err("invalid");
    assert!(matches!(&error, ClusterError::Invalid { fields, .. } if fields[0].0 == "metadata.name"), "{error:?}");
    assert_eq!(place.session.get(Kind::ConfigMap, "none").await.expect("read"), None);
    assert!(!place.session.delete(Kind::ConfigMap, "none").await.expect("deleted"));
    place.done().await;
}
