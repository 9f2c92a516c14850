//! Ports of this computer that lead into pods.

#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use super::*;

type Out<T> = Result<Read<T>>;

pub(super) async fn forward_open(api: &Api, draft: ForwardDraft) -> Out<String> {
    Ok(api.engine.forward_open(&draft).await?.into())
}

pub(super) async fn forward_use(api: &Api, order: ForwardUse) -> Out<()> {
    Ok(api.engine.forward_use(&order).await?.into())
}

pub(super) async fn forward_close(api: &Api, id: String) -> Out<()> {
    api.engine.forward_close(&id).await;
    Ok(().into())
}

pub(super) async fn forward_ports(api: &Api, target: ForwardTarget) -> Out<Vec<ForwardPort>> {
    let own = match &target {
        ForwardTarget::Pod { group, .. } | ForwardTarget::Group { group } => tag::group(group),
        ForwardTarget::Balancer { balancer, .. } => tag::balancer(balancer),
    };
    Ok(Read(api.engine.forward_ports(&target).await?, vec![own, tag::clusters()]))
}

/// Whether the desktop has a program for it. Nothing but pages of the web is opened.
pub(super) async fn browser_open(api: &Api, address: String) -> Out<bool> {
    let plain = !address.chars().any(|sign| sign.is_control() || sign.is_whitespace());
    if !plain || !(address.starts_with("http://") || address.starts_with("https://")) {
        return Err(ApiError::new(Code::BadCall, format!("open {address:?}: it is no page of the web")));
    }
    Ok(api.desktop.browse(address).await.into())
}
