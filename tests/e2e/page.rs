//! The administrator's page, over HTTP as a browser speaks it, against the real program: who is turned away, every act
//! from its question to its result, and how the page ends.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set its scene should fail loudly")]

use safeconduct_tests::browser::{Browser, Reply, between};
use safeconduct_tests::cast::{AGENCIES, Agency};
use safeconduct_tests::wait::{self, Look};
use safeconduct_tests::world::{Node, Plan, World};

/// Harbour House.
const SHELTER: Agency = AGENCIES[1];
const POLICE: Agency = AGENCIES[6];

/// Invites an agency on the page; the code.
fn invite(browser: &mut Browser, agency: &Agency) -> (Reply, String) {
    let form = go(browser, "/invite");
    let fields =
        [("agency", agency.id), ("language", "eng"), ("name", agency.name), ("role", agency.role), ("days", "7")];
    let confirm = browser.submit(&form, "/invite/check", &fields).unwrap();
    assert_eq!(confirm.status, 200, "{}", confirm.text());
    assert!(confirm.text().contains(agency.id) && confirm.text().contains(agency.name), "{}", confirm.text());
    let result = browser.submit(&confirm, "/invite", &[]).unwrap();
    let code = between(&result.body, "<span class=\"code big\" dir=\"ltr\">", "</span>");
    let code = code.unwrap_or_else(|| panic!("{}", result.text()));
    (result, code)
}

/// Goes to a page by its path under the session's.
fn go(browser: &mut Browser, path: &str) -> Reply {
    let base = browser.visited[1].trim_end_matches('/').to_owned();
    browser.go(&format!("{base}{path}")).unwrap()
}

/// Everything that is in the page whoever asks: templates and English texts.
fn own_text() -> String {
    let certs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../certs");
    let templates = std::fs::read_dir(certs.join("templates/admin")).unwrap().map(|file| file.unwrap().path());
    let files = templates.chain([certs.join("locales/admin/en.ftl")]);
    files.map(|file| std::fs::read_to_string(file).unwrap().to_lowercase()).collect()
}

/// Fetches what waits at the relay, and gives the page of requests.
fn requests(browser: &mut Browser) -> Reply {
    let overview = go(browser, "/");
    let told = browser.submit(&overview, "/publish", &[]).unwrap();
    assert_eq!(told.status, 200, "{}", told.text());
    go(browser, "/requests")
}

#[test]
fn who_has_no_business_at_the_page_is_turned_away() {
    let world = World::found(Plan::default()).unwrap();
    let page = world.authority.page(&[]).unwrap();
    let (mut browser, first) = Browser::open(&page.address).unwrap();
    assert_eq!(first.status, 200);
    let path = first.path.clone();
    let own = browser.own_headers();
    let with = |name: &'static str, value: &str| {
        let mut headers: Vec<_> = own.iter().filter(|(header, _)| *header != name).cloned().collect();
        if !value.is_empty() {
            headers.push((name, value.to_owned()));
        }
        headers
    };
    let mut refused = Vec::new();
    let mut turned = |reply: Reply, status: u16| {
        assert_eq!(reply.status, status, "{}", reply.text());
        refused.push(reply);
    };

    for host in ["localhost", "evil.example", "127.0.0.1"] {
        turned(browser.send("GET", &path, &with("Host", host), "").unwrap(), 421);
    }
    let localhost = browser.host().replace("127.0.0.1", "localhost");
    turned(browser.send("GET", &path, &with("Host", &localhost), "").unwrap(), 421);
    turned(browser.send("GET", &format!("http://evil.example{path}"), &own, "").unwrap(), 421);
    for method in ["HEAD", "PUT", "DELETE", "OPTIONS"] {
        turned(browser.send(method, &path, &own, "").unwrap(), 405);
    }
    turned(browser.send("GET", &path, &with("Cookie", ""), "").unwrap(), 403);
    turned(browser.send("GET", &path, &with("Cookie", "safeconduct-admin=00"), "").unwrap(), 403);
    turned(browser.send("GET", "/", &with("Cookie", ""), "").unwrap(), 403);
    turned(browser.send("GET", "/open?token=00", &with("Cookie", ""), "").unwrap(), 403);
    turned(browser.send("GET", "/open", &with("Cookie", ""), "").unwrap(), 403);
    let (mut second, address) = Browser::new(&page.address);
    turned(second.go(&address).unwrap(), 403);
    assert!(go(&mut browser, "/").text().contains("opened a second time"));

    let (action, body) = first.form("/publish", &[]).unwrap();
    for origin in ["", "null", "http://evil.example", "http://127.0.0.1:1"] {
        let mut headers = with("Origin", origin);
        headers.push(("Content-Type", "application/x-www-form-urlencoded".to_owned()));
        turned(browser.send("POST", &action, &headers, &body).unwrap(), 403);
    }
    turned(browser.post(&action, "number=1&token=00").unwrap(), 403);
    turned(browser.post(&action, "").unwrap(), 403);
    let (close, _) = first.form("/close", &[]).unwrap();
    turned(browser.post(&close, &body).unwrap(), 403);
    let other = browser.post(&action, &"x".repeat(20_000)).unwrap();
    assert_eq!(other.status, 413);

    let root = world.authority.folder().join("root.scr");
    assert!(root.exists());
    for reply in refused.iter().chain([&first, &other]) {
        let csp = reply.header("content-security-policy").unwrap();
        for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'"] {
            assert!(csp.contains(part), "{csp}");
        }
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        assert_eq!(reply.header("referrer-policy"), Some("same-origin"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
    }
    for reply in refused.iter().filter(|reply| reply.status != 403 || !reply.path.contains("publish")) {
        assert!(!reply.body.contains("arvenia"), "{}", reply.body);
    }
    // The cookie is for the session's own path, strict, and out of scripts' reach.
    let cookie = browser.send("GET", &path, &own, "").unwrap();
    assert_eq!(cookie.header("set-cookie"), None);
}

#[test]
fn the_cookie_is_strict_and_bound_to_a_random_path() {
    let world = World::found(Plan::default()).unwrap();
    let page = world.authority.page(&[]).unwrap();
    let (mut browser, address) = Browser::new(&page.address);

    let opened = browser.go(&address).unwrap();

    let cookie = opened.header("set-cookie").unwrap();
    let path = between(cookie, "Path=", ";").unwrap();
    assert_eq!(path.len(), 17, "{cookie}");
    assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"), "{cookie}");
    let token = page.address.split_once("token=").unwrap().1;
    assert!(!cookie.contains(token) && !path.contains(&token[..16]), "{cookie}");
}

#[test]
fn every_act_of_the_page_is_done_from_its_question_to_its_result() {
    let world = World::found(Plan::default()).unwrap();
    let page = world.authority.page(&[]).unwrap();
    let (mut browser, overview) = Browser::open(&page.address).unwrap();
    assert!(overview.text().contains("root-1.key"), "{}", overview.text());

    // Invite: the code is shown once.
    let (result, code) = invite(&mut browser, &SHELTER);
    let again = browser.go(&result.path).unwrap();
    assert!(!again.body.contains(&code) && again.text().contains("shown already"), "{}", again.text());
    assert!(go(&mut browser, "/requests").text().contains("7 more days"));

    // Approve: one word is shown, eight are typed.
    let mut node = world.new_node(SHELTER).unwrap();
    let words = node.ask(&code).unwrap();
    let list = requests(&mut browser);
    let eight: Vec<&str> = words.split(' ').collect();
    let ask = browser.go(&list.link("/approve").unwrap()).unwrap();
    assert!(list.body.contains(&format!(">{} <", eight[0])), "{}", list.text());
    let own = own_text() + SHELTER.id + eight[0];
    let is_hex = |word: &str| word.bytes().all(|b| b.is_ascii_hexdigit());
    // A word that the page has of itself, or that a number in it may spell, says nothing.
    let hidden = eight[1..].iter().filter(|word| !own.contains(**word) && !is_hex(word));
    for word in hidden {
        assert!(!list.body.contains(word) && !ask.body.contains(word), "{word} is shown");
    }
    let mut turned = eight.clone();
    turned.rotate_left(1);
    for wrong in [turned.join(" "), eight[..7].join(" "), "no words at all".to_owned()] {
        let refused = browser.submit(&ask, "/words", &[("words", &wrong)]).unwrap();
        assert_eq!(refused.status, 422, "{}", refused.text());
        assert!(refused.text().contains("→"), "{}", refused.text());
        assert!(refused.form("/approve", &[]).is_err());
    }
    let short: Vec<String> = eight.iter().map(|word| word.chars().take(4).collect()).collect();
    let confirm = browser.submit(&ask, "/words", &[("words", &short.join(" "))]).unwrap();
    assert!(eight.iter().all(|word| confirm.text().contains(word)), "{}", confirm.text());
    let (path, body) = confirm.form("/approve", &[]).unwrap();
    let approved = browser.post(&path, &body).unwrap();
    assert_eq!(approved.status, 200, "{}", approved.text());
    assert!(approved.text().contains("is registered"), "{}", approved.text());
    // Sent twice, done once.
    let twice = browser.post(&path, &body).unwrap();
    assert_eq!((twice.path, twice.status), (approved.path.clone(), 200));
    node.start().unwrap();
    node.connected().unwrap();

    // Reject.
    let (_, other_code) = invite(&mut browser, &POLICE);
    let other = world.new_node(POLICE).unwrap();
    let other_words = other.ask(&other_code).unwrap();
    let list = requests(&mut browser);
    let ask = browser.go(&list.link("/reject").unwrap()).unwrap();
    let rejected = browser.submit(&ask, "/reject", &[("reason", "call us first")]).unwrap();
    assert!(rejected.text().contains("is rejected"), "{}", rejected.text());

    let audit = go(&mut browser, "/audit").text();
    for act in ["invite", "approve-refused", "approve", "reject"] {
        assert!(audit.contains(act), "{act}: {audit}");
    }
    let log = std::fs::read_to_string(page.log()).unwrap();
    let token = browser.visited[0].clone();
    let places: String = browser.visited[1..].join("\n") + &log.replace(&token, "");
    let cookie = browser.cookie().unwrap().split_once('=').unwrap().1.to_owned();
    for secret in [code.as_str(), &other_code, &words, &other_words, &cookie, &token[12..]] {
        assert!(!places.contains(secret), "{places}");
    }
    for name in [SHELTER.id, SHELTER.name, "harbour", POLICE.id, "call us first"] {
        assert!(!places.to_lowercase().contains(&name.to_lowercase()), "{name}: {places}");
    }
    let status = world.authority.folder().join("page-open.html");
    assert!(!status.exists());
}

#[test]
fn a_registration_is_found_suspended_resumed_and_revoked_on_the_page() {
    let world = World::found(Plan::default()).unwrap();
    let node = world.enrol(SHELTER).unwrap();
    let page = world.authority.page(&[]).unwrap();
    let (mut browser, _) = Browser::open(&page.address).unwrap();

    // Refused as the command line refuses it.
    let form = go(&mut browser, "/invite");
    let fields = [("agency", SHELTER.id), ("language", "eng"), ("name", "Again"), ("role", "NgoShelter")];
    let known = browser.submit(&form, "/invite/check", &fields).unwrap();
    assert_eq!(known.status, 422);
    assert!(known.text().contains("this agency is registered already"), "{}", known.text());

    let form = go(&mut browser, "/agencies");
    let found = browser.submit(&form, "/agencies", &[("search", "harbour shelter")]).unwrap();
    let agency = found.body.split("href=\"").find_map(|rest| {
        let link = rest.split('"').next()?;
        let (_, entry) = link.split_once("/agency/")?;
        entry.chars().all(|c| c.is_ascii_digit()).then(|| link.to_owned())
    });
    let agency = agency.unwrap();
    let nothing = browser.submit(&found, "/agencies", &[("search", "harbour police")]).unwrap();
    assert!(nothing.text().contains("Nothing was found"), "{}", nothing.text());
    let mut act = |act: &str, fields: &[(&str, &str)], said: &str, status: &str| {
        let ask = browser.go(&format!("{agency}/{act}")).unwrap();
        let done = browser.submit(&ask, act, fields).unwrap();
        assert!(done.text().contains(said), "{}", done.text());
        assert!(browser.go(&agency).unwrap().text().contains(status));
    };
    act("suspend", &[], "is suspended", "Suspended");
    act("suspend", &[], "is suspended", "Suspended");
    act("resume", &[], "is active again", "Active");
    act("revoke", &[("typed", "xa.harbour")], "not the id", "Active");
    act("revoke", &[("typed", SHELTER.id)], "is revoked", "Revoked");
    assert_eq!(browser.go(&format!("{agency}/expel")).unwrap().status, 404);

    drop(page);
    let status = world.authority.done(&["status"]).unwrap();
    assert_eq!(status["agencies"].as_array().unwrap().last().unwrap()["status"], "revoked", "{status}");
    drop(node);
}

#[test]
fn what_a_node_asks_to_change_is_approved_and_rejected_on_the_page_by_the_words_of_its_new_key() {
    let world = World::found(Plan::default()).unwrap();
    let node = world.enrol(SHELTER).unwrap();
    let page = world.authority.page(&[]).unwrap();
    let (mut browser, _) = Browser::open(&page.address).unwrap();
    let words = |node: &Node| {
        let status = node.done(&["key", "status"]).unwrap();
        let words = status["change"]["words"].as_array().cloned().unwrap_or_default();
        words.iter().filter_map(|word| word.as_str()).collect::<Vec<_>>().join(" ")
    };
    let asked = |browser: &mut Browser, node: &Node| {
        node.done(&["key", "rotate"]).unwrap();
        wait::until("the request for a change", 60, || {
            let list = requests(browser);
            let came = list.text().contains("Asks to change: identity key");
            Ok(if came { Look::Seen(list) } else { Look::NotYet(list.text()) })
        })
        .unwrap()
    };

    let list = asked(&mut browser, &node);
    let ask = browser.go(&list.link("/approve").unwrap()).unwrap();
    let mut turned: Vec<String> = words(&node).split(' ').map(str::to_owned).collect();
    turned.rotate_left(1);
    let refused = browser.submit(&ask, "/words", &[("words", &turned.join(" "))]).unwrap();
    assert_eq!(refused.status, 422, "{}", refused.text());
    let confirm = browser.submit(&ask, "/words", &[("words", &words(&node))]).unwrap();
    assert!(confirm.text().contains("The words are those of the identity key that it has from then on"));
    let changed = browser.submit(&confirm, "/approve", &[]).unwrap();
    assert!(changed.text().contains("has what it asked for"), "{}", changed.text());
    wait::until("the change to be in force", 60, || {
        let words = words(&node);
        Ok(if words.is_empty() { Look::Seen(()) } else { Look::NotYet(words) })
    })
    .unwrap();

    let list = asked(&mut browser, &node);
    let ask = browser.go(&list.link("/reject").unwrap()).unwrap();
    let rejected = browser.submit(&ask, "/reject", &[]).unwrap();
    assert!(rejected.text().contains("is rejected"), "{}", rejected.text());

    let audit = go(&mut browser, "/audit").text();
    for act in ["change-request", "reject-change", "approve-refused", "approve-change"] {
        assert!(audit.contains(act), "{act}: {audit}");
    }
}

#[test]
fn what_is_typed_wrongly_is_named_and_nothing_is_lost_or_believed() {
    let world = World::found(Plan::default()).unwrap();
    let page = world.authority.page(&[]).unwrap();
    let (mut browser, _) = Browser::open(&page.address).unwrap();
    let form = go(&mut browser, "/invite");

    let empty = browser.submit(&form, "/invite/check", &[("agency", "Harbour"), ("days", "31")]).unwrap();
    let hostile = "<script>alert(1)</script>\"'";
    let fields = [("agency", "xa.odd"), ("language", "eng"), ("name", hostile), ("role", "NgoShelter")];
    let named = browser.submit(&form, "/invite/check", &fields).unwrap();
    let twice = [("agency", "xa.odd"), ("language", "eng"), ("name", "A"), ("language", "eng"), ("name", "B")];
    let twice = browser.submit(&form, "/invite/check", &twice).unwrap();

    assert_eq!((empty.status, named.status, twice.status), (422, 200, 422));
    for part in ["The id needs", "one name at least", "one role at least", "1 to 30 days"] {
        assert!(empty.text().contains(part), "{part}: {}", empty.text());
    }
    assert!(empty.body.contains("value=\"Harbour\""), "what was typed stays");
    assert!(!named.body.contains("<script>alert"), "{}", named.body);
    assert!(twice.text().contains("each language once"), "{}", twice.text());
    for path in ["/agency/99", "/agency/x", "/request/00/approve", "/result/00", "/no-such-page", "/audit?page=x"] {
        let status = go(&mut browser, path).status;
        assert!(matches!((path, status), (_, 400 | 404) | ("/audit?page=x", 200)), "{path}: {status}");
    }
}

#[test]
fn an_act_stands_when_the_relay_is_not_reached_and_the_page_says_so() {
    let mut world = World::found(Plan::default()).unwrap();
    world.relay.stop().unwrap();
    let page = world.authority.page(&[]).unwrap();
    let (mut browser, _) = Browser::open(&page.address).unwrap();

    let (result, code) = invite(&mut browser, &SHELTER);

    let text = result.text();
    assert!(text.contains("not told") && text.contains("What was done stands"), "{text}");
    assert!(text.contains("safeconduct-admin publish"), "the command line's remedy: {text}");
    world.relay.start().unwrap();
    let told = browser.submit(&result, "/publish", &[]).unwrap();
    assert!(told.text().contains(": told"), "{}", told.text());
    world.new_node(SHELTER).unwrap().ask(&code).unwrap();
}

#[test]
fn other_commands_find_the_directory_busy_until_the_page_has_closed() {
    let world = World::found(Plan::default()).unwrap();
    let mut page = world.authority.page(&[]).unwrap();
    let (mut browser, first) = Browser::open(&page.address).unwrap();
    assert!(first.text().contains("other commands"), "{}", first.text());

    let busy = world.authority.run(&["status"]).unwrap();
    assert_eq!(busy.code, Some(3));
    let error = busy.error().unwrap();
    assert_eq!(error["code"], "busy");
    assert!(error["remedy"].as_str().unwrap().contains("administrator's page"), "{error}");
    let second = world.authority.run(&["page"]).unwrap();
    assert_eq!((second.code, second.error().unwrap()["code"].as_str()), (Some(3), Some("busy")));

    let closed = browser.submit(&first, "/close", &[]).unwrap();
    assert!(closed.text().contains("not in memory any more"), "{}", closed.text());
    assert!(page.ends().unwrap().success());
    world.authority.done(&["status"]).unwrap();

    let mut page = world.authority.page(&[]).unwrap();
    assert!(page.stop().unwrap().success());
    world.authority.done(&["status"]).unwrap();
}

#[test]
fn a_page_that_nobody_uses_closes_by_itself() {
    let world = World::found(Plan::default()).unwrap();
    let mut page = world.authority.page(&["--lock-after", "6s"]).unwrap();
    let (browser, _) = Browser::open(&page.address).unwrap();

    assert!(page.ends().unwrap().success());

    let log = std::fs::read_to_string(page.log()).unwrap();
    assert!(log.contains("not used for a while"), "{log}");
    assert!(browser.send("GET", "/", &browser.own_headers(), "").is_err());
    for wrong in ["0", "0s", "721", "x", "18446744073709551615"] {
        assert_eq!(world.authority.run(&["page", "--lock-after", wrong]).unwrap().code, Some(2), "{wrong}");
    }
    assert_eq!(world.authority.run(&["page", "--port", "80"]).unwrap().code, Some(2));
    world.authority.done(&["status"]).unwrap();
}

#[test]
fn the_page_speaks_the_browsers_language_and_can_be_switched() {
    let world = World::found(Plan::default()).unwrap();
    let page = world.authority.page(&[]).unwrap();
    let (mut browser, first) = Browser::open(&page.address).unwrap();
    assert!(first.body.contains("<html lang=\"en\" dir=\"ltr\">"));

    browser.language = "fr-CH, fr;q=0.9, en;q=0.5".to_owned();
    let french = go(&mut browser, "/requests");
    assert!(french.body.contains("<html lang=\"fr\" dir=\"ltr\">"), "{}", french.body);
    assert!(french.text().contains("Aucune demande"), "{}", french.text());
    let russian = go(&mut browser, "/?lang=ru");
    assert!(russian.text().contains("Обзор"), "{}", russian.text());
    let kept = go(&mut browser, "/audit");
    assert!(kept.body.contains("<html lang=\"ru\" dir=\"ltr\">"), "{}", kept.body);
    assert!(go(&mut browser, "/?lang=tlh").body.contains("<html lang=\"ru\""));
}
