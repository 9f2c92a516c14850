//! Files that some other program drags over a window, by the protocol of X for it (XDND, version 5), and lets go there.

use super::clipboard::answer;
use super::eventually;
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, Window, WindowClass};
use x11rb::rust_connection::RustConnection;

const VERSION: u32 = 5;

/// A drag that is over a window; let go of without a release, it stays where it is.
#[derive(Debug)]
pub struct Drag {
    connection: Arc<RustConnection>,
    source: Window,
    target: Window,
    /// In pixels of the screen.
    place: (i16, i16),
    said: Arc<Said>,
}

/// What the window has answered.
#[derive(Debug, Default)]
struct Said {
    takes: AtomicBool,
    finished: AtomicBool,
}

impl Drag {
    pub(super) async fn begin(display: &str, target: Window, place: (i16, i16), files: &[PathBuf]) -> Result<Self> {
        let (connection, screen) = x11rb::connect(Some(display)).with_context(|| format!("open display {display}"))?;
        let (source, root) = (connection.generate_id()?, connection.setup().roots[screen].root);
        let (class, aux) = (WindowClass::INPUT_OUTPUT, CreateWindowAux::new());
        connection.create_window(0, source, root, 0, 0, 1, 1, 0, class, x11rb::COPY_FROM_PARENT, &aux)?.check()?;
        let atom = |name: &str| atom(&connection, name);
        let (selection, form, targets) = (atom("XdndSelection")?, atom("text/uri-list")?, atom("TARGETS")?);
        let (status, finished) = (atom("XdndStatus")?, atom("XdndFinished")?);
        connection.set_selection_owner(source, selection, x11rb::CURRENT_TIME)?.check()?;

        let (connection, said, list) = (Arc::new(connection), Arc::<Said>::default(), uris(files)?);
        let (serving, hears) = (connection.clone(), said.clone());
        std::thread::spawn(move || {
            // The display may end at any time, and this with it.
            while let Ok(event) = serving.wait_for_event() {
                let over = match event {
                    Event::SelectionRequest(asked) => answer(&serving, &asked, targets, form, list.as_bytes()).is_err(),
                    Event::ClientMessage(told) if told.type_ == status => {
                        hears.takes.store(told.data.as_data32()[1] & 1 == 1, Ordering::SeqCst);
                        false
                    }
                    Event::ClientMessage(told) if told.type_ == finished => {
                        hears.finished.store(true, Ordering::SeqCst);
                        false
                    }
                    _ => false,
                };
                if over {
                    return;
                }
            }
        });
        let drag = Self { connection, source, target, place, said };
        drag.tell("XdndEnter", [VERSION << 24, form, x11rb::NONE, x11rb::NONE])?;
        eventually("the window to take what is dragged", async || {
            drag.hold()?;
            Ok(drag.said.takes.load(Ordering::SeqCst).then_some(()))
        })
        .await?;
        Ok(drag)
    }

    /// Says where it is now.
    fn hold(&self) -> Result<()> {
        let (x, y) = (u32::try_from(self.place.0)?, u32::try_from(self.place.1)?);
        let copy = atom(&self.connection, "XdndActionCopy")?;
        self.tell("XdndPosition", [0, x << 16 | y, x11rb::CURRENT_TIME, copy])
    }

    /// Lets go, and waits until the window has taken it.
    pub async fn release(self) -> Result<()> {
        self.tell("XdndDrop", [0, x11rb::CURRENT_TIME, 0, 0])?;
        eventually("the window to have taken what was dropped", async || {
            Ok(self.said.finished.load(Ordering::SeqCst).then_some(()))
        })
        .await
    }

    fn tell(&self, word: &str, rest: [u32; 4]) -> Result<()> {
        let [a, b, c, d] = rest;
        let message =
            ClientMessageEvent::new(32, self.target, atom(&self.connection, word)?, [self.source, a, b, c, d]);
        self.connection.send_event(false, self.target, EventMask::NO_EVENT, message)?;
        Ok(self.connection.flush()?)
    }
}

fn atom(connection: &RustConnection, name: &str) -> Result<u32> {
    Ok(connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
}

/// As `text/uri-list` (RFC 2483): one a line, what is no letter of an address as its bytes.
fn uris(files: &[PathBuf]) -> Result<String> {
    let mut list = String::new();
    for file in files {
        list.push_str("file://");
        for byte in file.to_str().context("a path is text")?.bytes() {
            match byte {
                b'/' | b'-' | b'_' | b'.' | b'~' => list.push(byte.into()),
                _ if byte.is_ascii_alphanumeric() => list.push(byte.into()),
                _ => write!(list, "%{byte:02X}")?,
            }
        }
        list.push_str("\r\n");
    }
    Ok(list)
}
