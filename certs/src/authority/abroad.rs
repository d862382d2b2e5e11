//! Telling our registry to the relays of those who recognise us: their nodes get it there.

use std::time::Duration;

use tokio::time::timeout;

use super::{AdminError, Office, publish::Session, recognise::AbroadRelay};
use crate::link::{Alpn, Dialer, ExpectedRelay};

/// Seconds for one of them: the whole log of a large country on a slow connection.
const ABROAD_S: u64 = 600;

/// How a session with a relay abroad went.
pub struct ToldAbroad {
    /// Two capital letters.
    pub country: String,
    /// `host:port`.
    pub address: String,
    /// Entries that it holds now, or why not. A relay takes them once its own authority recognises ours.
    pub outcome: Result<u64, AdminError>,
}

impl Office {
    /// Holds a session with every relay that an introduction named. What one does not take stands in its
    /// [`ToldAbroad`] and is no failure of ours: it may not recognise us yet, or any more.
    ///
    /// # Errors
    /// [`AdminError::Link`] when no socket can be had.
    ///
    /// # Cancel safety
    /// Safe: what was not told is told next time.
    pub async fn tell_abroad(&mut self) -> Result<Vec<ToldAbroad>, AdminError> {
        if self.book.abroad.is_empty() {
            return Ok(Vec::new());
        }
        let dialer = Dialer::new()?;
        let mut all = Vec::new();
        for abroad in self.book.abroad.clone() {
            for relay in &abroad.relays {
                let within = Duration::from_secs(ABROAD_S);
                let outcome = timeout(within, self.tell_one(&dialer, relay)).await.unwrap_or(Err(AdminError::Silent));
                all.push(ToldAbroad { country: abroad.country.clone(), address: relay.address.clone(), outcome });
            }
        }
        dialer.finish().await;
        Ok(all)
    }

    async fn tell_one(&mut self, dialer: &Dialer, relay: &AbroadRelay) -> Result<u64, AdminError> {
        let damaged = AdminError::Damaged { what: "the book of invitations" };
        let spki = hex::decode(&relay.tls_spki).ok().and_then(|spki| spki.try_into().ok()).ok_or(damaged)?;
        let expected = ExpectedRelay::Pinned(spki);
        let link = dialer.connect(&relay.address, expected, Some(&self.keys.tls), Alpn::Authority).await?;
        let mut session = Session { link, tag: 0 };
        let (theirs, now) = session.hello().await?;
        self.compare_clocks(now)?;
        let size = self.publish_to(&mut session, &theirs).await?;
        session.close().await;
        Ok(size)
    }
}
