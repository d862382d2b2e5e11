//! The authority's directory while the page is open: one act after the other, each with its result kept for the page
//! that the browser is sent to.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use safeconduct_certs::authority::{AdminError, Office, error::Exit, revoke::Standing};
use tokio::runtime::Handle;
use zeroize::Zeroizing;

/// Results that can still be looked at.
const RESULTS_MAX: usize = 32;

/// What was done.
pub(super) enum Done {
    /// An invitation; its code until it was shown.
    Invited { agency: String, code: Option<Zeroizing<String>>, expires: String },
    /// A request was approved; when its keys have to wait, until when.
    Approved { agency: String, node: String, from: Option<String> },
    /// What a node asked for was done.
    Changed { agency: String },
    /// A request was rejected.
    Rejected { agency: String },
    /// A registration stands otherwise now.
    Standing { agency: String, standing: Standing },
    /// The relays were told, and asked.
    Published,
}

/// A refusal, as the command line would say it.
#[derive(Clone)]
pub(super) struct Refused {
    pub(super) fact: String,
    pub(super) remedy: &'static str,
    pub(super) tampering: bool,
}

/// How a relay took what was done.
#[derive(Clone)]
pub(super) struct RelayLine {
    pub(super) address: String,
    pub(super) refused: Option<Refused>,
    /// Of another country, which may not recognise us.
    pub(super) abroad: Option<String>,
}

/// One act's result.
pub(super) struct Outcome {
    pub(super) number: String,
    pub(super) done: Result<Done, Refused>,
    pub(super) relays: Vec<RelayLine>,
    /// Why no relay could be told at all.
    pub(super) untold: Option<Refused>,
}

/// The directory and its results.
pub(super) struct Desk {
    pub(super) office: Office,
    results: VecDeque<Outcome>,
}

/// The directory behind one lock, worked on by threads that may block.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Desk>>);

/// A piece of work has failed in a way that it cannot: nothing more is done with the directory.
pub(super) struct OutOfOrder;

impl From<AdminError> for Refused {
    fn from(error: AdminError) -> Self {
        Self { fact: error.to_string(), remedy: error.remedy(), tampering: error.exit() == Exit::Tampering }
    }
}

impl Shared {
    pub(super) fn new(office: Office) -> Self {
        Self(Arc::new(Mutex::new(Desk { office, results: VecDeque::new() })))
    }

    /// Works on the directory, after whoever is at it.
    pub(super) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> T + Send + 'static,
    ) -> Result<T, OutOfOrder> {
        let desk = Arc::clone(&self.0);
        let done = tokio::task::spawn_blocking(move || desk.lock().ok().map(|mut desk| work(&mut desk)));
        done.await.ok().flatten().ok_or(OutOfOrder)
    }
}

impl Desk {
    /// Does an act once, however often its form comes, tells the relays, and keeps the result under the form's number.
    pub(super) fn act(&mut self, number: String, act: impl FnOnce(&mut Office) -> Result<Done, AdminError>) {
        if self.result(&number).is_some() {
            return;
        }
        let done = act(&mut self.office);
        let mut outcome = Outcome { number, done: done.map_err(Refused::from), relays: Vec::new(), untold: None };
        if outcome.done.is_ok() {
            match self.tell() {
                Ok(relays) => outcome.relays = relays,
                Err(error) => outcome.untold = Some(error.into()),
            }
        }
        if self.results.len() >= RESULTS_MAX {
            self.results.pop_front();
        }
        self.results.push_back(outcome);
    }

    /// The result of this number.
    pub(super) fn result(&mut self, number: &str) -> Option<&mut Outcome> {
        self.results.iter_mut().find(|outcome| outcome.number == number)
    }

    fn tell(&mut self) -> Result<Vec<RelayLine>, AdminError> {
        let runtime = Handle::current();
        let own = runtime.block_on(self.office.tell_relays())?;
        let abroad = runtime.block_on(self.office.tell_abroad())?;
        let own = own.into_iter().map(|told| RelayLine {
            address: told.relay.address,
            refused: told.outcome.err().map(Refused::from),
            abroad: None,
        });
        let abroad = abroad.into_iter().map(|told| RelayLine {
            address: told.address,
            refused: told.outcome.err().map(Refused::from),
            abroad: Some(told.country),
        });
        Ok(own.chain(abroad).collect())
    }
}
