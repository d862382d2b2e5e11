//! The API for programs over real TCP, on a real vault.

mod files;

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::PathBuf,
    time::Duration,
};

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{
    routes::{ROUTES, Who},
    serve,
};
use crate::{
    api::{
        cases::{ActAsked, FormAsked, KeepAsked, ListAsked, OpenAsked},
        documents::FetchAsked,
        found::SearchFor,
        posts::PostAsked,
        tokens::NewToken,
    },
    config::{Config, RawConfig},
    daemon::{Core, Handle, Node},
    programs::Scope,
};

/// A node with its API, and what belongs to it.
pub(super) struct Served {
    pub(super) port: u16,
    pub(super) handle: Handle,
    pub(super) runtime: tokio::runtime::Runtime,
}

/// Serves a new vault's verbs while `client` runs against them; then closes it, and does so again with the next one.
pub(super) fn served(clients: &[&dyn Fn(&Served)]) {
    let folder = tempfile::tempdir().unwrap();
    let data: PathBuf = folder.path().join("node");
    let passphrase = Zeroizing::new("correct horse battery staple".to_owned());
    let config = || Config::try_from(RawConfig::default()).unwrap();
    drop(Node::init(&data, &passphrase, None, config()).unwrap());
    for client in clients {
        let node = Node::open(&data, &passphrase).unwrap();
        let (core, thread) = Core::start(move || Ok(node)).unwrap();
        let (handle, reports) = Handle::new(core);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let stop = CancellationToken::new();
        let serving = runtime.spawn(serve(port, handle.clone(), stop.clone()));
        let served = Served { port, handle, runtime };

        client(&served);

        stop.cancel();
        let Served { runtime, handle, .. } = served;
        runtime.block_on(serving).unwrap();
        drop((runtime, reports, handle));
        thread.join().unwrap();
    }
}

impl Served {
    pub(super) fn token(&self, name: &str, scopes: &[&str]) -> String {
        self.token_by(name, scopes, None)
    }

    pub(super) fn token_by(&self, name: &str, scopes: &[&str], by: Option<&str>) -> String {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let asked = NewToken { name: name.to_owned(), scopes, by: by.map(str::to_owned) };
        let made = self.runtime.block_on(self.handle.core().call(move |node| node.new_token(&asked)));
        made.unwrap().token.0.as_str().to_owned()
    }

    pub(super) fn connect(&self) -> TcpStream {
        for _look in 0..500 {
            if let Ok(stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)) {
                stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
                return stream;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("nothing listens");
    }

    /// Sends these lines and this body, and gives the status with the body of the answer.
    pub(super) fn raw(&self, lines: &[&str], body: &str) -> (u16, String) {
        let mut stream = self.connect();
        let head = format!("{}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", lines.join("\r\n"), body.len());
        stream.write_all(head.as_bytes()).unwrap();
        // A request that is refused may be answered before it is read.
        stream.write_all(body.as_bytes()).ok();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }

    /// The same with the right host.
    pub(super) fn ask(&self, line: &str, token: &str, more: &[&str], body: &str) -> (u16, String) {
        let (line, host) = (format!("{line} HTTP/1.1"), format!("host: 127.0.0.1:{}", self.port));
        let token = format!("authorization: Bearer {token}");
        self.raw(&[&[line.as_str(), host.as_str(), token.as_str()], more].concat(), body)
    }
}

pub(super) fn code(answer: &str) -> String {
    let answer: Value = serde_json::from_str(answer).unwrap();
    answer["error"]["code"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn no_web_page_and_no_name_that_points_here_is_let_in() {
    served(&[&|served| {
        let token = format!("authorization: Bearer {}", served.token("desk", &["read"]));
        let get = "GET /v1/inbox HTTP/1.1";
        let host = |name: &str| format!("host: {name}:{}", served.port);
        for good in ["127.0.0.1", "localhost"] {
            assert_eq!(served.raw(&[get, &host(good), &token], "").0, 200, "{good}");
        }
        let here = host("127.0.0.1");
        for (what, lines) in [
            ("a name that points here", vec![get, "host: rebound.example", &token]),
            ("another port", vec![get, "host: 127.0.0.1:1", &token]),
            ("no port", vec![get, "host: localhost", &token]),
            ("two hosts", vec![get, &here, &here, &token]),
            ("a page", vec![get, &here, &token, "origin: https://page.example"]),
            ("a page of a file", vec![get, &here, &token, "origin: null"]),
            ("a page that hides it", vec![get, &here, &token, "sec-fetch-site: cross-site"]),
            ("the whole address", vec!["GET http://rebound.example/v1/inbox HTTP/1.1", &here, &token]),
        ] {
            let (status, body) = served.raw(&lines, "");
            assert!(status == 403 && code(&body) == "foreign-origin", "{what}: {status} {body}");
        }
        let asked = served.raw(&["OPTIONS /v1/inbox HTTP/1.1", &here, "origin: https://page.example"], "");
        assert_eq!(asked.0, 403, "no page is told that it may ask");
    }]);
}

#[test]
fn a_token_that_is_missing_wrong_or_ended_is_answered_alike_and_its_scope_is_kept() {
    served(&[&|served| {
        let (read, act) = (served.token("reader", &["read"]), served.token("desk", &["act"]));
        let host = format!("host: 127.0.0.1:{}", served.port);
        let (status, missing) = served.raw(&["GET /v1/inbox HTTP/1.1", &host], "");
        assert_eq!((status, code(&missing).as_str()), (401, "not-admitted"));
        let other = format!("{}{}", &read[..68], if read.ends_with('0') { '1' } else { '0' });
        for wrong in ["", "sct1-", &other, &read[..68], &format!("{read}0")] {
            assert_eq!(served.ask("GET /v1/inbox", wrong, &[], ""), (401, missing.clone()), "{wrong}");
        }
        // What is not there is not told to who has no token.
        assert_eq!(served.ask("GET /v1/nothing", &other, &[], ""), (401, missing.clone()));

        assert_eq!(served.ask("GET /v1/inbox", &read, &[], "").0, 200);
        for (line, token) in [("POST /v1/drafts", &read), ("GET /v1/inbox", &act), ("GET /v1/reports", &read)] {
            let (status, body) = served.ask(line, token, &[], "{}");
            assert_eq!((status, code(&body).as_str()), (403, "scope-missing"), "{line}");
        }
        for line in
            ["POST /v1/unlock", "POST /v1/lock", "GET /v1/keys", "GET /v1/people", "POST /v1/tokens", "POST /v1/backup"]
        {
            let (status, body) = served.ask(line, &act, &[], "{}");
            assert_eq!((status, code(&body).as_str()), (404, "unknown-path"), "{line}");
        }
        let (status, body) = served.ask("POST /v1/drafts", &act, &[], &" ".repeat(crate::api::BODY_BYTES_MAX + 1));
        assert_eq!((status, code(&body).as_str()), (413, "too-long"));

        served.handle.lock().lock();
        let (status, body) = served.ask("GET /v1/inbox", &read, &[], "");
        assert_eq!((status, code(&body).as_str()), (503, "locked"));
        assert_eq!(served.ask("GET /v1/status", &read, &[], "").0, 200);
        served.handle.lock().unlock();

        let ended = served.runtime.block_on(served.handle.core().call(|node| node.end_token("reader")));
        assert_eq!(ended.unwrap().tokens.len(), 1);
        assert_eq!(served.ask("GET /v1/inbox", &read, &[], ""), (401, missing));
    }]);
}

#[test]
fn the_tokens_person_acts_whatever_the_program_writes_and_the_token_ends_with_the_person() {
    served(&[&|served| {
        let alone = served.token("alone", &["read"]);
        assert_eq!(served.ask("GET /v1/drafts", &alone, &[], "").0, 200);
        let add = |name: &str, by: Option<&str>| {
            let by = by.map(|by| json!({"name": by, "secret": "correct horse"}));
            let asked = json!({"name": name, "roles": ["caseworker", "admin"], "secret": "correct horse", "by": by});
            let asked = serde_json::from_value(asked).unwrap();
            served.runtime.block_on(served.handle.core().call(move |node| node.add_person(&asked))).unwrap();
        };
        add("Anna", None);
        assert_eq!(served.ask("GET /v1/drafts", &alone, &[], "").0, 401, "who was alone is somebody now");
        add("Boris", Some("Anna"));
        let token = served.token_by("desk", &["read", "act"], Some("Boris"));
        // Two work here: without a word about who asks, this is refused.
        assert_eq!(served.ask("GET /v1/drafts", &token, &[], "").0, 200);
        let anna = json!({"what": "seen", "by": "Anna"}).to_string();
        for (line, body) in [("GET /v1/drafts?by=Anna", ""), ("POST /v1/referrals/0a1b2c3d/keep", anna.as_str())] {
            let (status, body) = served.ask(line, &token, &[], body);
            assert_eq!((status, code(&body).as_str()), (403, "by-another"), "{line}");
        }
        let own = json!({"what": "seen"}).to_string();
        let (_status, body) = served.ask("POST /v1/referrals/0a1b2c3d/keep", &token, &[], &own);
        assert_eq!(code(&body), "unknown-referral");

        let end = json!({"name": "Boris", "by": {"name": "Anna", "secret": "correct horse"}});
        let end = serde_json::from_value(end).unwrap();
        served.runtime.block_on(served.handle.core().call(move |node| node.end_person(&end))).unwrap();
        assert_eq!(served.ask("GET /v1/drafts", &token, &[], "").0, 401);
        let listed = served.runtime.block_on(served.handle.core().call(|node| node.tokens())).unwrap();
        assert!(listed.tokens.iter().all(|line| !line.serves));
    }]);
}

#[test]
fn the_same_key_gets_the_same_answer_over_a_restart_and_another_request_none() {
    let kept = std::cell::RefCell::new((String::new(), String::new()));
    let post = |served: &Served, token: &str, key: &str, body: &str| {
        served.ask("POST /v1/referrals/list", token, &[&format!("idempotency-key: {key}")], body)
    };
    served(&[
        &|served| {
            let token = served.token("desk", &["read"]);
            let (status, answer) = post(served, &token, "one", "{}");
            assert_eq!((status, post(served, &token, "one", "{}").1), (200, answer.clone()));
            let (status, refused) = post(served, &token, "one", "{\"late\": true}");
            assert_eq!((status, code(&refused).as_str()), (422, "key-reused"));
            let other = served.token("other", &["read"]);
            assert_eq!(post(served, &other, "one", "{\"late\": true}").0, 200, "keys are a program's own");
            // Nothing was done: the key serves again.
            served.handle.lock().lock();
            assert_eq!(post(served, &token, "two", "{}").0, 503);
            served.handle.lock().unlock();
            assert_eq!(post(served, &token, "two", "{}").0, 200);
            assert_eq!(post(served, &token, &"k".repeat(129), "{}").0, 400);
            kept.replace((token, answer));
        },
        &|served| {
            let (token, answer) = kept.take();
            assert_eq!(post(served, &token, "one", "{}"), (200, answer));
            assert_eq!(post(served, &token, "one", "{\"late\": true}").0, 422);
        },
    ]);
}

#[test]
fn the_document_says_what_the_routes_are_and_is_served() {
    served(&[&|served| {
        let (status, text) = served.ask("GET /v1/openapi.json", &served.token("reader", &["reports"]), &[], "");
        assert_eq!(status, 200);
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(document["openapi"], "3.1.0");
        let paths = document["paths"].as_object().unwrap();
        let written: usize = paths.values().map(|methods| methods.as_object().unwrap().len()).sum();
        assert_eq!(written, ROUTES.len());
        let mut names = std::collections::BTreeSet::new();
        for route in ROUTES {
            let (path, said) = (route.path, &paths[route.path][route.method.to_lowercase()]);
            assert_eq!(said["x-scope"].as_str(), route.scope.map(Scope::as_str), "{path}");
            assert!(names.insert(said["operationId"].as_str().unwrap().to_owned()), "{path}");
            let none = Vec::new();
            let parameters = said["parameters"].as_array().unwrap_or(&none);
            let is_keyed = parameters.iter().any(|one| one["$ref"] == "#/components/parameters/IdempotencyKey");
            assert_eq!(is_keyed, route.method == "POST", "{path}");
            for part in path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')) {
                assert!(parameters.iter().any(|one| one["in"] == "path" && one["name"] == part), "{path}");
            }
            assert!(said["requestBody"].is_object() || route.who != Who::Body, "{path}");
        }
        every_reference_leads_somewhere(&document, &document);
    }]);
}

fn every_reference_leads_somewhere(document: &Value, part: &Value) {
    match part {
        Value::Object(members) => {
            if let Some(to) = members.get("$ref").and_then(Value::as_str) {
                assert!(document.pointer(to.strip_prefix('#').unwrap()).is_some(), "{to}");
            }
            members.values().for_each(|member| every_reference_leads_somewhere(document, member));
        }
        Value::Array(members) => members.iter().for_each(|member| every_reference_leads_somewhere(document, member)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn taken<T: serde::de::DeserializeOwned>(document: &Value, name: &str) {
    let schema = &document["components"]["schemas"][name];
    serde_json::from_value::<T>(schema["example"].clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    for member in schema["properties"].as_object().unwrap().keys() {
        let mut more = schema["example"].clone();
        more[member] = json!([[]]);
        let said = serde_json::from_value::<T>(more).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(!said.contains("unknown field"), "{name}: {said}");
    }
    let mut more = schema["example"].clone();
    more["canary"] = json!(1);
    assert!(serde_json::from_value::<T>(more).is_err(), "{name} takes anything");
}

/// The members of a body in the document are those that the path takes, and its example is taken.
#[test]
fn the_bodies_in_the_document_are_those_that_are_taken() {
    let document: Value = serde_json::from_str(include_str!("../../../../docs/openapi.json")).unwrap();
    taken::<ListAsked>(&document, "ListAsked");
    taken::<OpenAsked>(&document, "OpenAsked");
    taken::<ActAsked>(&document, "ActAsked");
    taken::<KeepAsked>(&document, "KeepAsked");
    taken::<FormAsked>(&document, "FormAsked");
    taken::<PostAsked>(&document, "PostAsked");
    taken::<FetchAsked>(&document, "FetchAsked");
    taken::<SearchFor>(&document, "SearchFor");
}
