//! The display as its window manager sees it: where windows are, which lies above, and their close buttons.

use super::eventually;
use anyhow::{Context, Result};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, EventMask, MapState, Window,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

/// Position and size of a window, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub x: i16,
    pub y: i16,
    pub width: u16,
    pub height: u16,
}

#[derive(Debug)]
pub(super) struct Screen {
    connection: RustConnection,
    root: Window,
}

impl Screen {
    pub(super) fn connect(display: &str) -> Result<Self> {
        let (connection, screen) = x11rb::connect(Some(display)).with_context(|| format!("open display {display}"))?;
        let root = connection.setup().roots[screen].root;
        Ok(Self { connection, root })
    }

    /// Where the window of a process is.
    pub(super) async fn place(&self, pid: u32) -> Result<Place> {
        let window = self.window(pid).await?;
        let geometry = self.connection.get_geometry(window)?.reply()?;
        Ok(Place { x: geometry.x, y: geometry.y, width: geometry.width, height: geometry.height })
    }

    pub(super) fn put(&self, pid: u32, place: Place) -> Result<()> {
        let window = self.shown(pid)?.with_context(|| format!("process {pid} shows no window"))?;
        let change = ConfigureWindowAux::new().x(i32::from(place.x)).y(i32::from(place.y));
        let change = change.width(u32::from(place.width)).height(u32::from(place.height));
        self.connection.configure_window(window, &change)?.check()?;
        Ok(())
    }

    pub(super) async fn is_in_front(&self, pid: u32) -> Result<bool> {
        let window = self.window(pid).await?;
        Ok(self.shown_windows()?.last() == Some(&window))
    }

    /// Asks the window of a process to close, as its close button does.
    pub(super) fn close(&self, pid: u32) -> Result<()> {
        let window = self.shown(pid)?.with_context(|| format!("process {pid} shows no window"))?;
        let (protocols, delete) = (self.atom("WM_PROTOCOLS")?, self.atom("WM_DELETE_WINDOW")?);
        let event = ClientMessageEvent::new(32, window, protocols, [delete, x11rb::CURRENT_TIME, 0, 0, 0]);
        self.connection.send_event(false, window, EventMask::NO_EVENT, event)?.check()?;
        self.connection.sync()?;
        Ok(())
    }

    /// The window of a process, once it is shown.
    async fn window(&self, pid: u32) -> Result<Window> {
        eventually(format!("process {pid} to show a window"), async || self.shown(pid)).await
    }

    fn shown(&self, pid: u32) -> Result<Option<Window>> {
        let property = self.atom("_NET_WM_PID")?;
        for window in self.shown_windows()? {
            let owner = self.connection.get_property(false, window, property, AtomEnum::CARDINAL, 0, 1)?.reply()?;
            if owner.value32().and_then(|mut values| values.next()) == Some(pid) {
                return Ok(Some(window));
            }
        }
        Ok(None)
    }

    /// Windows that are drawn, from the lowest to the one in front.
    fn shown_windows(&self) -> Result<Vec<Window>> {
        let all = self.connection.query_tree(self.root)?.reply()?.children;
        let mut shown = Vec::new();
        for window in all {
            // A window may be gone between the two questions.
            let attributes = self.connection.get_window_attributes(window)?.reply();
            if attributes.is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE) {
                shown.push(window);
            }
        }
        Ok(shown)
    }

    fn atom(&self, name: &str) -> Result<u32> {
        Ok(self.connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }
}
