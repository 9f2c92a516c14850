//! Ports of this computer.

use super::ForwardState;
use std::io;
use std::net::{Ipv4Addr, TcpListener as Bound};
use tokio::net::TcpListener;

/// Nobody on another computer reaches it.
const HERE: Ipv4Addr = Ipv4Addr::LOCALHOST;
/// Ports that are tried for a proposal.
const TRIES: u16 = 100;
/// Administrators' ports are proposed as their neighbours in this range: 80 as 8080, 443 as 8443.
const BESIDE: u16 = 8_000;

/// A port that this computer does not give.
#[derive(Debug)]
pub(super) struct Unbound {
    pub(super) local: u16,
    pub(super) state: ForwardState,
}

/// Listens at a port, or at any that is free. Only from within tokio.
pub(super) fn bind(local: Option<u16>) -> Result<(TcpListener, u16), Unbound> {
    let port = local.unwrap_or(0);
    listener(port).map_err(|error| Unbound { local: port, state: refusal(port, &error, is_free) })
}

fn listener(port: u16) -> io::Result<(TcpListener, u16)> {
    let bound = Bound::bind((HERE, port))?;
    bound.set_nonblocking(true)?;
    let port = bound.local_addr()?.port();
    Ok((TcpListener::from_std(bound)?, port))
}

fn is_free(port: u16) -> bool {
    Bound::bind((HERE, port)).is_ok()
}

fn refusal(port: u16, error: &io::Error, free: impl Fn(u16) -> bool) -> ForwardState {
    let next = |from: u16| (from..=u16::MAX).take(TRIES.into()).find(|port| free(*port));
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            ForwardState::Taken { privileged: false, proposal: port.checked_add(1).and_then(next) }
        }
        io::ErrorKind::PermissionDenied => {
            ForwardState::Taken { privileged: true, proposal: port.checked_add(BESIDE).and_then(next) }
        }
        _ => ForwardState::Ended { lacks: None, reason: format!("listen at {HERE}:{port}: {error}") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(port: u16, kind: io::ErrorKind, taken: &[u16]) -> ForwardState {
        refusal(port, &kind.into(), |port| !taken.contains(&port))
    }

    #[test]
    fn a_taken_port_proposes_the_next_free_one() {
        let taken = |privileged, proposal| ForwardState::Taken { privileged, proposal };
        assert_eq!(of(8080, io::ErrorKind::AddrInUse, &[8080, 8081]), taken(false, Some(8082)));
        assert_eq!(of(u16::MAX, io::ErrorKind::AddrInUse, &[]), taken(false, None), "there is none behind the last");
        assert_eq!(of(80, io::ErrorKind::PermissionDenied, &[]), taken(true, Some(8080)));
        assert_eq!(of(443, io::ErrorKind::PermissionDenied, &[8443]), taken(true, Some(8444)));
        let every: Vec<u16> = (0..=u16::MAX).collect();
        assert_eq!(of(8080, io::ErrorKind::AddrInUse, &every), taken(false, None));
        assert!(matches!(of(8080, io::ErrorKind::AddrNotAvailable, &[]), ForwardState::Ended { .. }));
    }

    #[tokio::test]
    async fn only_this_computer_is_listened_to() {
        let (first, port) = bind(None).expect("some port is free");
        assert!(first.local_addr().expect("bound").ip().is_loopback());
        let unbound = bind(Some(port)).expect_err("it is taken");
        let ForwardState::Taken { privileged: false, proposal: Some(proposal) } = unbound.state else {
            panic!("{unbound:?}")
        };
        assert!(unbound.local == port && proposal > port);
        drop(first);
        bind(Some(port)).expect("it is free again");
    }
}
