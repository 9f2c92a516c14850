//! Sign-in, watches, writes, records, Leases, logs and codes against a real cluster.
//!
//! `SLIPWAY_TEST_KUBECONFIG` names a kubeconfig with all rights; the tests of outages also need
//! `SLIPWAY_TEST_CLUSTER` (the cluster's program) and `SLIPWAY_TEST_WORK` (its folder), and run on a cluster of their own.

mod access;
mod inside;
mod place;
mod release;
mod terminal;
mod workload;
