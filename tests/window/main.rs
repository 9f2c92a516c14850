//! The window as a person meets it: the real binary in WebKitGTK, driven over WebDriver.
#![cfg(target_os = "linux")]

mod adopt;
mod balancer;
mod boundary;
mod bridge;
mod config;
mod diff;
mod folder;
mod form;
mod hand;
mod import;
mod journey;
mod life;
mod pending;
mod settings;
mod start;
mod wizard;
