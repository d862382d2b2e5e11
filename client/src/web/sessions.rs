//! Who has signed in. A session lives in memory alone and ends when it is not used; each has a path of its own, to which its cookie is
//! bound, since cookies know no ports and every program on 127.0.0.1 could otherwise ask a browser for it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::HeaderMap;
use safeconduct_certs::web::door::{self, FormKey, SECRET_BYTES, Turned};
use safeconduct_protocol::{
    entropy::{Entropy, NoEntropy},
    secret::Secret,
};
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::words::Words;
use crate::{documents::attach::Fresh, people::store::Footing};

const COOKIE_NAME: &str = "safeconduct";
/// Sessions at one time; the one that was not used for longest makes room.
const SESSIONS_MAX: usize = 64;
/// Wrong passphrases in a row after which none is tried for a while, and for how long. People have tries of their own, in the vault.
const TRIES_MAX: u32 = 5;
const HELD: Duration = Duration::from_secs(15 * 60);
/// Documents that are held in one session.
const HELD_MAX: usize = 64;
/// Notices that wait to be shown in one session.
const NOTICES_MAX: usize = 8;

/// Everybody who has signed in.
pub(super) struct Sessions {
    idle: Duration,
    all: Mutex<BTreeMap<String, Session>>,
    wrong: Mutex<Wrong>,
}

/// Wrong passphrases in a row, and when the last one was.
#[derive(Default)]
struct Wrong {
    count: u32,
    at: Option<Instant>,
}

struct Session {
    cookie: Secret<SECRET_BYTES>,
    forms: FormKey,
    language: Option<&'static Words>,
    who: Who,
    used: Instant,
    notices: Vec<Notice>,
    held: Vec<Held>,
}

/// A document of a draft, sealed for whom the draft goes to. Its key is here and nowhere else: with the session it is gone, and its file too.
struct Held {
    draft: String,
    fresh: Fresh,
}

/// A person who has signed in. No `Debug`: it has a name.
#[derive(Clone)]
pub(super) struct Who {
    /// The pseudonym by which the node knows who acts; none where nobody is recorded.
    pub(super) pseudonym: Option<String>,
    /// The name; empty where nobody is recorded.
    pub(super) name: Zeroizing<String>,
    /// Secret and roles with which the person signed in: with others the session counts no more.
    pub(super) footing: Footing,
}

/// What a page that comes next tells: a text of the catalogue, and what fills it in.
#[derive(Clone)]
pub(super) struct Notice {
    pub(super) key: &'static str,
    pub(super) count: u64,
}

/// What a request is known by.
#[derive(Clone)]
pub(super) struct Known {
    /// The first part of every path of the session.
    pub(super) base: String,
    pub(super) who: Who,
    pub(super) language: Option<&'static Words>,
}

impl Sessions {
    pub(super) fn new(idle: Duration) -> Self {
        Self { idle, all: Mutex::default(), wrong: Mutex::default() }
    }

    /// How long a session lasts without use.
    pub(super) const fn idle(&self) -> Duration {
        self.idle
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<String, Session>> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        all.retain(|_, session| now.saturating_duration_since(session.used) < self.idle);
        all
    }

    /// Opens a session; returns its path and the cookie to set.
    pub(super) fn open(
        &self,
        who: Who,
        language: &'static Words,
        entropy: &mut dyn Entropy,
    ) -> Result<(String, Zeroizing<String>), NoEntropy> {
        let mut path = [0_u8; 8];
        entropy.fill(&mut path)?;
        let base = hex::encode(path);
        let cookie = Secret::random(entropy)?;
        let set = door::cookie(COOKIE_NAME, &cookie, &format!("/{base}"));
        let forms = FormKey::new(entropy)?;
        let used = Instant::now();
        let mut all = self.all();
        if all.len() >= SESSIONS_MAX {
            let oldest = all.iter().min_by_key(|(_, session)| session.used).map(|(base, _)| base.clone());
            oldest.and_then(|base| all.remove(&base));
        }
        let (language, notices, held) = (Some(language), Vec::new(), Vec::new());
        all.insert(base.clone(), Session { cookie, forms, language, who, used, notices, held });
        Ok((base, set))
    }

    /// The session of this path, if the request brings its cookie. A page that only looks for news keeps no session open.
    pub(super) fn known(&self, base: &str, headers: &HeaderMap, live: bool) -> Option<Known> {
        let mut all = self.all();
        let session = all.get_mut(base)?;
        if !door::brings(headers, COOKIE_NAME, &session.cookie) {
            return None;
        }
        if !live {
            session.used = Instant::now();
        }
        Some(Known { base: base.to_owned(), who: session.who.clone(), language: session.language })
    }

    /// Keeps a language for a session.
    pub(super) fn choose(&self, base: &str, language: &'static Words) {
        if let Some(session) = self.all().get_mut(base) {
            session.language = Some(language);
        }
    }

    /// Leaves a notice for the session's next page.
    pub(super) fn leave(&self, base: &str, notice: Notice) {
        if let Some(session) = self.all().get_mut(base)
            && session.notices.len() < NOTICES_MAX
        {
            session.notices.push(notice);
        }
    }

    /// The notices that wait, once.
    pub(super) fn notices(&self, base: &str) -> Vec<Notice> {
        self.all().get_mut(base).map(|session| std::mem::take(&mut session.notices)).unwrap_or_default()
    }

    /// Holds a sealed document of a draft in the place of one of the same attachment; false when no more fit.
    pub(super) fn hold(&self, base: &str, draft: &str, fresh: Fresh) -> bool {
        let mut all = self.all();
        let Some(session) = all.get_mut(base) else { return false };
        let attachment = fresh.plan.recipient.attachment;
        session.held.retain(|held| held.draft != draft || held.fresh.plan.recipient.attachment != attachment);
        let fits = session.held.len() < HELD_MAX;
        if fits {
            session.held.push(Held { draft: draft.to_owned(), fresh });
        }
        fits
    }

    /// The attachments of a draft whose documents are held.
    pub(super) fn held(&self, base: &str, draft: &str) -> Vec<[u8; 16]> {
        let all = self.all();
        let held = all.get(base).into_iter().flat_map(|session| &session.held);
        held.filter(|held| held.draft == draft).map(|held| held.fresh.plan.recipient.attachment).collect()
    }

    /// Gives documents of a draft away, or just the one of this attachment; with what is dropped of it its file goes.
    pub(super) fn take_held(&self, base: &str, draft: &str, only: Option<[u8; 16]>) -> Vec<Fresh> {
        let mut all = self.all();
        let Some(session) = all.get_mut(base) else { return Vec::new() };
        let is_one =
            |held: &mut Held| held.draft == draft && only.is_none_or(|one| one == held.fresh.plan.recipient.attachment);
        session.held.extract_if(.., is_one).map(|held| held.fresh).collect()
    }

    /// The token of a form: for this purpose, in this session, of this number.
    pub(super) fn token(&self, base: &str, purpose: &str, number: &str) -> String {
        self.all().get(base).map(|session| session.forms.token(purpose, number)).unwrap_or_default()
    }

    /// Whether a form that comes back was shown in this session for this purpose.
    pub(super) fn check(&self, base: &str, purpose: &str, number: &str, token: &str) -> Result<(), Turned> {
        self.all().get(base).ok_or(Turned::Cookie)?.forms.check(purpose, number, token)
    }

    /// Counts a passphrase before it is tried; false while none is. A right one is told by [`Self::was_right`].
    pub(super) fn may_try(&self) -> bool {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        if wrong.at.is_some_and(|at| now.saturating_duration_since(at) >= HELD) {
            *wrong = Wrong::default();
        }
        if wrong.count >= TRIES_MAX {
            return false;
        }
        *wrong = Wrong { count: wrong.count.saturating_add(1), at: Some(now) };
        true
    }

    /// The passphrase was right.
    pub(super) fn was_right(&self) {
        *self.wrong.lock().unwrap_or_else(PoisonError::into_inner) = Wrong::default();
    }

    /// Ends a session.
    pub(super) fn end(&self, base: &str) {
        self.all().remove(base);
    }

    /// Ends every session of a person, but for the one of this path.
    pub(super) fn end_of(&self, pseudonym: &str, but: &str) {
        self.all().retain(|base, session| base == but || session.who.pseudonym.as_deref() != Some(pseudonym));
    }

    /// The session goes on under the secret that its person has now.
    pub(super) fn go_on(&self, base: &str, footing: Footing) {
        if let Some(session) = self.all().get_mut(base) {
            session.who.footing = footing;
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::COOKIE;
    use safeconduct_certs::system::SystemEntropy;

    use safeconduct_protocol::{
        crypto::hash::sha256,
        id::{NodeId, RelayId},
    };

    use super::{super::words::languages, *};
    use crate::{
        documents::{
            Kind, Metadata, Recipient,
            attach::{Plan, receive},
        },
        registry::RelayRef,
    };

    fn who(name: &str) -> Who {
        let name = Zeroizing::new(name.to_owned());
        Who { pseudonym: Some(name.to_string()), name, footing: Footing::ALONE }
    }

    fn opened(sessions: &Sessions, name: &str) -> (String, HeaderMap) {
        let (base, set) = sessions.open(who(name), languages().english(), &mut SystemEntropy).unwrap();
        let pair = set.split(';').next().unwrap().to_owned();
        assert!(set.contains(&format!("Path=/{base};")) && set.contains("HttpOnly") && set.contains("SameSite=Strict"));
        (base, HeaderMap::from_iter([(COOKIE, pair.parse().unwrap())]))
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_is_known_by_its_path_and_cookie_until_it_is_not_used() {
        let sessions = Sessions::new(Duration::from_secs(300));
        let (base, headers) = opened(&sessions, "one");
        let (other, _) = opened(&sessions, "two");
        assert!(sessions.known(&base, &headers, false).is_some_and(|known| *known.who.name == "one"));
        assert!(sessions.known(&other, &headers, false).is_none(), "another session's cookie");
        assert!(
            sessions.known("", &headers, false).is_none() && sessions.known(&base, &HeaderMap::new(), false).is_none()
        );

        tokio::time::advance(Duration::from_secs(200)).await;
        assert!(sessions.known(&base, &headers, true).is_some());
        tokio::time::advance(Duration::from_secs(99)).await;
        assert!(
            sessions.known(&base, &headers, false).is_some(),
            "what looks for news has not put it off, nor ended it"
        );
        tokio::time::advance(Duration::from_secs(299)).await;
        assert!(sessions.known(&base, &headers, true).is_some());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(sessions.known(&base, &headers, false).is_none());
        assert!(sessions.check(&base, "x", "1", &sessions.token(&base, "x", "1")).is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn sessions_are_bounded_end_by_themselves_and_with_their_person() {
        let sessions = Sessions::new(Duration::from_secs(300));
        let (first, headers) = opened(&sessions, "first");
        for _ in 1..SESSIONS_MAX {
            tokio::time::advance(Duration::from_millis(1)).await;
            opened(&sessions, "more");
        }
        assert!(sessions.known(&first, &headers, true).is_some());
        let (last, of_last) = opened(&sessions, "last");
        assert!(sessions.known(&first, &headers, true).is_none(), "the one not used for longest has made room");
        assert!(sessions.known(&last, &of_last, true).is_some());
        assert_eq!(sessions.all().len(), SESSIONS_MAX);
        let token = sessions.token(&last, "x", "1");
        assert!(sessions.check(&last, "x", "1", &token).is_ok() && sessions.check(&last, "y", "1", &token).is_err());
        for count in 0..NOTICES_MAX as u64 + 3 {
            sessions.leave(&last, Notice { key: "x", count });
        }
        assert_eq!((sessions.notices(&last).len(), sessions.notices(&last).len()), (NOTICES_MAX, 0));
        sessions.end(&last);
        assert!(sessions.known(&last, &of_last, true).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn a_sealed_document_is_held_for_its_draft_and_goes_with_the_session() {
        let folder = tempfile::tempdir().unwrap();
        let content = b"%PDF-1.7\nx\n";
        let sealed = |attachment: u8| {
            let node = NodeId::from_bytes([7; 32]);
            let relay = RelayId(1);
            let plan = Plan {
                data: folder.path().to_owned(),
                recipient: Recipient { node, relay, post: [1; 16], index: 0, attachment: [attachment; 16] },
                relay: RelayRef::own(relay),
                referral: [0; 16],
                kind: Kind::Pdf,
                length: content.len() as u64,
                sha256: sha256(&[content]),
                title: String::new(),
                section: "Identity",
            };
            receive(plan, &mut &content[..], Metadata::Removed).unwrap()
        };
        let files = || std::fs::read_dir(folder.path().join("blobs")).unwrap().count();
        let sessions = Sessions::new(Duration::from_secs(300));
        let (base, _headers) = opened(&sessions, "one");
        for (draft, attachment) in [("a", 1), ("a", 2), ("b", 1), ("a", 2)] {
            assert!(sessions.hold(&base, draft, sealed(attachment)));
        }
        assert!(!sessions.hold("none", "a", sealed(3)));
        assert_eq!((sessions.held(&base, "a"), files()), (vec![[1; 16], [2; 16]], 3), "one for each attachment");
        drop(sessions.take_held(&base, "a", Some([1; 16])));
        assert_eq!((sessions.held(&base, "a"), sessions.held(&base, "b"), files()), (vec![[2; 16]], vec![[1; 16]], 2));
        let taken = sessions.take_held(&base, "b", None).len();
        assert_eq!((taken, files()), (1, 1));

        tokio::time::advance(Duration::from_secs(301)).await;
        assert!(sessions.held(&base, "a").is_empty() && files() == 0, "what nobody can use any more is gone");
    }

    #[tokio::test(start_paused = true)]
    async fn what_changes_of_a_person_ends_all_their_sessions_but_the_one_that_did_it() {
        let sessions = Sessions::new(Duration::from_secs(300));
        let [(here, of_here), (there, of_there)] = [(); 2].map(|()| opened(&sessions, "anna"));
        let (colleague, of_colleague) = opened(&sessions, "boris");

        sessions.end_of("anna", &here);

        assert!(sessions.known(&here, &of_here, false).is_some() && sessions.known(&there, &of_there, false).is_none());
        assert!(sessions.known(&colleague, &of_colleague, false).is_some());
        sessions.end_of("anna", "");
        assert!(sessions.known(&here, &of_here, false).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn wrong_passphrases_hold_the_page() {
        let sessions = Sessions::new(Duration::from_secs(300));
        for _ in 0..3 {
            assert!((1..TRIES_MAX).all(|_try| sessions.may_try()));
            sessions.was_right();
        }
        assert!((0..TRIES_MAX).all(|_try| sessions.may_try()) && !sessions.may_try());
        tokio::time::advance(HELD - Duration::from_secs(1)).await;
        assert!(!sessions.may_try());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(sessions.may_try());
    }
}
