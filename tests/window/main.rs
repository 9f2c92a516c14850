//! The window as a person meets it: the real binary in WebKitGTK, driven over WebDriver.
#![cfg(target_os = "linux")]

mod adopt;
mod back;
mod balancer;
mod batch;
mod blind;
mod boundary;
mod bridge;
mod colleague;
mod config;
mod diff;
mod file;
mod folder;
mod form;
mod forward;
mod hand;
mod import;
mod join;
mod journey;
mod life;
mod log;
mod merge;
mod monitoring;
mod notification;
mod pending;
mod running;
mod settings;
mod start;
mod terminal;
mod train;
mod wizard;
