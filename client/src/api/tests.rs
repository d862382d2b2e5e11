//! Both ends of the local API over a real socket, on a real vault.

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use hyper::Method;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{
    BODY_BYTES_MAX, SOCKET_FILE,
    client::{Api, Call},
    people::People,
    server::Socket,
    shapes::{Doctor, FindingState, Inbox, Sent, Status},
};
use crate::{
    config::{Config, RawConfig},
    daemon::{Core, Handle, Node},
    error::Told,
    exit::Exit,
};

/// Serves a new vault's verbs while `client` runs against them.
fn with_daemon(client: impl FnOnce(&Path, &Api) + Send) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("node");
    let passphrase = Zeroizing::new("correct horse battery staple".to_owned());
    let config = Config::try_from(RawConfig::default()).unwrap();
    let (node, _made) = Node::init(&data, &passphrase, None, config).unwrap();
    let (core, thread) = Core::start(move || Ok(node)).unwrap();
    let (handle, reports) = Handle::new(core);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let stop = CancellationToken::new();
    let socket = runtime.block_on(async { Socket::bind(&data).unwrap() });
    let serving = runtime.handle().spawn(socket.serve(handle, stop.clone()));

    std::thread::scope(|scope| {
        scope.spawn(|| client(&data, &Api::reach(&data).unwrap().unwrap()));
    });

    stop.cancel();
    runtime.block_on(serving).unwrap().unwrap();
    assert!(!data.join(SOCKET_FILE).exists(), "the socket's file goes with the daemon");
    drop((runtime, reports));
    thread.join().unwrap();
    Node::open(&data, &passphrase).unwrap();
}

fn told<T>(answered: Result<T, Told>) -> Told {
    answered.err().unwrap()
}

#[test]
fn the_verbs_answer_over_the_socket_and_errors_keep_their_code_and_exit() {
    with_daemon(|data, api| {
        let mode = std::fs::metadata(data.join(SOCKET_FILE)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "for this user alone");

        let inbox: Inbox = api.call(Call::get("/v1/inbox")).unwrap();
        assert!(inbox.messages.is_empty());
        let status: Status = api.call(Call::get("/v1/status")).unwrap();
        assert!(status.daemon && status.agency.is_none());
        let doctor: Doctor = api.call(Call::get("/v1/doctor")).unwrap();
        assert!(!doctor.healthy, "a node that is not enrolled is not healthy");
        assert!(doctor.findings.iter().any(|f| f.name == "vault" && f.state == FindingState::Ok));

        let unknown = told(api.call::<Status>(Call::get("/v1/receipts/00000000000000000000000000000000")));
        assert_eq!((unknown.code.as_str(), unknown.exit()), ("unknown-message", Exit::Refused));
        let early = told(api.call::<Status>(Call::post("/v1/send?to=xa.harbour-house", b"{}".to_vec())));
        assert_eq!((early.code.as_str(), early.exit()), ("not-enrolled", Exit::NotReady));
        let again =
            told(api.call::<Sent>(Call::post("/v1/messages/00000000000000000000000000000000/again", Vec::new())));
        assert_eq!((again.code.as_str(), again.exit()), ("unknown-message", Exit::Refused));
        let nobody = told(api.call::<Status>(Call::post("/v1/send?to=Nobody", Vec::new())));
        assert_eq!(nobody.exit(), Exit::Usage);
        let nothing = told(api.call::<Status>(Call::get("/v2/anything")));
        assert_eq!(nothing.code, "unknown-path");
        assert!(!nothing.remedy.is_empty());
    });
}

#[test]
fn people_are_recorded_over_the_socket_and_their_secrets_come_back_in_no_answer() {
    with_daemon(|_data, api| {
        let asked = |name: &str, by: Option<&str>| {
            let by = by.map(|by| serde_json::json!({"name": by, "secret": "correct horse"}));
            let body = serde_json::json!({"name": name, "roles": ["caseworker", "admin"], "secret": "correct horse", "by": by});
            Call::post("/v1/people", body.to_string().into_bytes())
        };
        let added: serde_json::Value = api.call(asked("Anna", None)).unwrap();
        assert_eq!(told(api.call::<People>(asked("Boris", None))).code, "person-missing");
        let boris: serde_json::Value = api.call(asked("Boris", Some("Anna"))).unwrap();
        assert!(!format!("{added}{boris}").contains("horse"));
        let all: People = api.call(Call::get("/v1/people")).unwrap();
        assert_eq!(all.people.iter().map(|person| person.name.as_str()).collect::<Vec<_>>(), ["Anna", "Boris"]);

        let roles = r#"{"name": "Boris", "roles": ["auditor"], "by": {"name": "Anna", "secret": "correct horse"}}"#;
        let all: People = api.call(Call::post("/v1/people/roles", roles.as_bytes().to_vec())).unwrap();
        assert_eq!((all.people[1].roles.join("+").as_str(), all.people[1].changes.len()), ("auditor", 1));
        assert_eq!(all.people[1].changes[0].by, all.people[0].pseudonym);
        let ended = r#"{"name": "Boris", "by": {"name": "Anna", "secret": "correct horse"}}"#;
        let all: People = api.call(Call::post("/v1/people/end", ended.as_bytes().to_vec())).unwrap();
        assert!(all.people[1].until_at.is_some());
        let bad = told(api.call::<People>(Call::post("/v1/people/secret", b"{\"name\": \"Canary\"}".to_vec())));
        assert!(bad.exit() == Exit::Usage && !bad.message.contains("Canary"));
        let confirm = r#"{"about": "send", "subject": "00", "second": {"name": "Anna", "secret": "correct horse"}}"#;
        assert_eq!(
            told(api.call::<People>(Call::post("/v1/people/confirm", confirm.as_bytes().to_vec()))).exit(),
            Exit::Usage
        );

        let _locked: serde_json::Value = api.call(Call::post("/v1/lock", Vec::new())).unwrap();
        assert_eq!(told(api.call::<People>(Call::get("/v1/people"))).code, "locked");
    });
}

#[test]
fn a_body_over_the_bound_is_refused_and_the_daemon_goes_on() {
    with_daemon(|_data, api| {
        let send = |bytes: usize| api.call::<Status>(Call::post("/v1/send?to=xa.harbour-house", vec![b' '; bytes]));

        assert_eq!(told(send(BODY_BYTES_MAX)).code, "not-enrolled");
        assert_eq!(told(send(BODY_BYTES_MAX + 1)).code, "too-long");

        let wrong = Call { method: Method::DELETE, ..Call::get("/v1/inbox") };
        assert_eq!(told(api.call::<Status>(wrong)).code, "unknown-path");
        let _inbox: Inbox = api.call(Call::get("/v1/inbox")).unwrap();
    });
}

#[test]
fn without_a_daemon_nothing_is_reached_even_past_a_dead_ones_socket() {
    let folder = tempfile::tempdir().unwrap();
    assert!(Api::reach(folder.path()).unwrap().is_none());

    drop(std::os::unix::net::UnixListener::bind(folder.path().join(SOCKET_FILE)).unwrap());

    assert!(Api::reach(folder.path()).unwrap().is_none());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async { drop(Socket::bind(folder.path()).unwrap()) });
}
