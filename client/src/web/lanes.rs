//! Where secrets are tried: beside the node's own thread, one at a time of names that somebody has, and one at a time of all other names. So
//! whoever invents names keeps nobody out, and the node goes on meanwhile.
//!
//! A person's own tries are few and counted in the vault. A name that nobody has, and one that is held, costs what a wrong secret costs; while
//! one of these is tried, others wait as long instead, so that neither time nor words tell which names there are.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use safeconduct_certs::system::SystemEntropy;
use tokio::{sync::Semaphore, task::spawn_blocking, time::Instant};
use zeroize::Zeroizing;

use crate::{
    error::Told,
    people::{
        PeopleError,
        store::{self, Try},
    },
};

/// How long a try takes until one was measured.
const TOOK_AT_FIRST: Duration = Duration::from_millis(300);

/// The two lanes.
pub(super) struct Lanes {
    known: Semaphore,
    unknown: Semaphore,
    /// How long the last try took.
    took: Mutex<Duration>,
}

impl Default for Lanes {
    fn default() -> Self {
        Self { known: Semaphore::new(1), unknown: Semaphore::new(1), took: Mutex::new(TOOK_AT_FIRST) }
    }
}

impl Lanes {
    /// Makes a try that was begun; without one, takes as long and is wrong.
    ///
    /// # Errors
    /// `secret-wrong`, or that what is kept is damaged.
    pub(super) async fn make(&self, begun: Option<Try>, secret: Zeroizing<String>) -> Result<Try, Told> {
        let Some(begun) = begun else {
            match self.unknown.try_acquire() {
                Ok(_turn) => self.timed(move || store::spend(&secret, &mut SystemEntropy)).await?,
                Err(_busy) => tokio::time::sleep(self.took()).await,
            }
            return Err(PeopleError::WrongSecret.into());
        };
        // The lane is never closed.
        let _turn = self.known.acquire().await.ok();
        self.timed(move || begun.make(&secret).map(|()| begun)).await
    }

    fn took(&self) -> Duration {
        *self.took.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn timed<T: Send + 'static>(
        &self,
        job: impl FnOnce() -> Result<T, PeopleError> + Send + 'static,
    ) -> Result<T, Told> {
        let began = Instant::now();
        let done = spawn_blocking(job).await;
        *self.took.lock().unwrap_or_else(PoisonError::into_inner) = began.elapsed();
        let gone = |_gone| Told::not_ready("try-failed", "the secret could not be tried", "type it again");
        Ok(done.map_err(gone)??)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio_util::task::TaskTracker;

    use super::*;
    use crate::{
        people::{
            LocalRole, Roles,
            store::{NewOfficer, begin_try},
        },
        testing::{self, NOW, Seeded, cheap},
    };

    fn secret(text: &str) -> Zeroizing<String> {
        Zeroizing::new(text.to_owned())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn any_number_of_invented_names_keeps_nobody_who_types_right_waiting() {
        let dir = tempfile::tempdir().unwrap();
        let mut entropy = Seeded::new(1);
        let mut vault = testing::vault(dir.path(), &mut entropy);
        let right = secret("violet tram at noon");
        let new = NewOfficer { name: "Anna", roles: Roles::of(&[LocalRole::Admin]), secret: &right };
        let anna = store::add(&mut vault, &new, NOW, cheap(), &mut entropy).ok().unwrap();
        let lanes = Arc::new(Lanes::default());
        let tasks = TaskTracker::new();
        let wrong = |lanes: &Arc<Lanes>| {
            let lanes = Arc::clone(lanes);
            tasks.spawn(async move { lanes.make(None, secret("whatever")).await.err().unwrap().code.clone() })
        };

        let invented: Vec<_> = (0..200).map(|_name| wrong(&lanes)).collect();
        tokio::task::yield_now().await;
        let began = Instant::now();
        let begun = begin_try(&mut vault, &anna, NOW).ok().unwrap();
        assert!(lanes.make(Some(begun), right).await.is_ok());
        assert!(began.elapsed() < Duration::from_secs(10), "two hundred tries one after another take far longer");
        for one in invented {
            assert_eq!(one.await.unwrap(), "secret-wrong");
        }
        let begun = begin_try(&mut vault, &anna, NOW).ok();
        assert_eq!(lanes.make(begun, secret("something else")).await.err().unwrap().code, "secret-wrong");
    }

    #[tokio::test(start_paused = true)]
    async fn while_an_invented_name_is_tried_the_next_one_waits_as_long_and_is_wrong_alike() {
        let lanes = Lanes::default();
        let _turn = lanes.unknown.try_acquire().unwrap();
        let began = Instant::now();

        let refused = lanes.make(None, secret("whatever")).await.err().unwrap();

        assert_eq!((refused.code.as_str(), began.elapsed()), ("secret-wrong", TOOK_AT_FIRST));
    }
}
