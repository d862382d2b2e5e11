//! The sending direction of one connection.

use std::time::Duration;

use safeconduct_certs::link::{FrameSender, channel::Closer};
use safeconduct_protocol::{
    frame::{Frame, Goodbye},
    limits::REQUEST_S,
};
use tokio::{sync::mpsc, time::timeout};

/// A peer that takes nothing for this long is gone, whatever its keep-alives say.
pub(crate) const STALLED: Duration = Duration::from_secs(REQUEST_S);

/// What the driver gives to the writer.
pub(crate) enum Outgoing {
    Frames(Vec<Frame>),
    /// The last word is out: close with this reason.
    Close(Goodbye),
}

/// Owns the sending direction. Ends, and with it the connection, when it is told to close or nobody is left to tell.
pub(crate) async fn write(mut sender: FrameSender, mut queue: mpsc::Receiver<Outgoing>, closer: Closer) {
    while let Some(outgoing) = queue.recv().await {
        match outgoing {
            Outgoing::Frames(frames) => match timeout(STALLED, sender.send_all(&frames)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return closer.close(Goodbye::ProtocolError),
                Err(_stalled) => return closer.close(Goodbye::Busy),
            },
            Outgoing::Close(reason) => {
                sender.finish().await;
                return closer.close(reason);
            }
        }
    }
    closer.close(Goodbye::ShuttingDown);
}
