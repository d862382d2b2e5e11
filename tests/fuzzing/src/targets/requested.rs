//! What comes in JSON: posts, details, reports, and the bodies of requests to the daemon.

pub(super) mod posts {
    use std::sync::OnceLock;

    use safeconduct_client::casework::{details::Details, life::code::Step, post::said::Said};

    use crate::{
        bound::Bound,
        json,
        targets::{Seeds, as_it_is, each_sample},
    };

    /// Room for a whole post or for details is made at once, so that no copies stay behind.
    const BOUND: Bound = Bound::new(160 * 1024, 48);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let id = "0a1b2c3d-0000-4000-8000-000000000001";
        let all: [&str; 3] = [
            r#""kind":"note","at":"2026-06-01T10:00:00Z","section":"summary","told":["xa.a"],"text":"come at six"}"#,
            r#""kind":"status","at":"2026-06-01T10:00:00Z","section":"summary","told":["xa.a"],"code":"will-call"}"#,
            r#""kind":"question","at":"2026-06-01T10:00:00Z","section":"summary","told":["xa.a","xa.b"],"text":"who?"}"#,
        ];
        let post = |rest: &str| {
            format!(r#"{{"post":"safeconduct.post/1","post_id":"{id}","referral_id":"{id}",{rest}"#).into_bytes()
        };
        let mut samples: Vec<Vec<u8>> = all.iter().map(|rest| post(rest)).collect();
        samples.push(br#"{"text":"no bed","suggest":["xa.b"],"earliest_capacity":"2026-06-03"}"#.to_vec());
        samples.push(br#"{"service_on":"2026-06-03"}"#.to_vec());
        samples.push(br#"{"reflection":{"status":"Granted","start":"2026-06-01","end":"2026-07-01"}}"#.to_vec());
        samples
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = json::bytes(data, samples());
        if let Some(said) = BOUND.hold(bytes.len(), || Said::read(&bytes)) {
            assert_eq!(*said.bytes(), bytes, "a post is written in one way");
            assert!(said.is_sound() && said.section().is_some());
        }
        for step in Step::ALL {
            if let Some(details) = BOUND.hold(bytes.len(), || Details::read(*step, &bytes)) {
                assert!(details.check().is_ok() && details.not_of(*step).is_none());
            }
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[255]);
        seeds.push(as_it_is("nothing", b"{}"));
        seeds
    }
}

pub(super) mod reports {
    use std::sync::OnceLock;

    use safeconduct_client::monitoring::wire::{read, write};

    use crate::{
        bound::Bound,
        input::assert_is_line,
        json,
        targets::{Seeds, as_it_is, each_sample},
    };

    /// The menu of tables is made for each reading, beside the tree of the file.
    const BOUND: Bound = Bound::new(512 * 1024, 160);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let report = |rest: &str| {
            let head = r#"{"schema":"safeconduct.report/1","agency":"xa.a","country":"XA","period":"2026-Q1","profile":"XA@3""#;
            format!(r#"{head},"k":10,"base":5,{rest}}}"#).into_bytes()
        };
        vec![
            report(r#""tables":[],"medians":[],"not_counted":[]"#),
            report(r#""tables":[{"id":"M01","split":"all","rows":[],"total":0}],"medians":[],"not_counted":["M08"]"#),
        ]
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = json::bytes(data, samples());
        match BOUND.hold(bytes.len(), || read(&bytes)) {
            Ok(report) => assert_eq!(write(&report), bytes, "a report is written in one way"),
            Err(refused) => assert_is_line(&format!("{refused} → {}", refused.remedy())),
        }
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[255]);
        seeds.push(as_it_is("nothing", b"{}"));
        seeds
    }
}

pub(super) mod bodies {
    use std::sync::OnceLock;

    use safeconduct_client::api::{
        audit::AuditAsked,
        cases::{ActAsked, FormAsked, KeepAsked, ListAsked, OpenAsked},
        documents::{AttachAsked, FetchAsked, SaveAsked},
        found::SearchFor,
        people::{AddPerson, Confirm, EndPerson, SetSecret, Word},
        posts::PostAsked,
        profiles::InstallProfile,
        tokens::{EndToken, NewToken},
        travelling::{AgreeAsked, EndAsked, SetAsideAsked},
    };
    use serde::{Serialize, de::DeserializeOwned};

    use crate::{
        bound::Bound,
        json,
        targets::{Seeds, as_it_is, each_sample, wire::comes_back},
    };

    /// Short texts and lists of them.
    const BOUND: Bound = Bound::new(32 * 1024, 64);

    fn samples() -> &'static [Vec<u8>] {
        static MADE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        MADE.get_or_init(make_samples)
    }

    fn make_samples() -> Vec<Vec<u8>> {
        let all: [&str; 14] = [
            r#"{"state":"waiting","turn":"ours","limit":50,"after":"x","search":"Ana","by":"ruth"}"#,
            r#"{"by":"ruth"}"#,
            r#"{"keep":"release-hold","reason":"over","by":"ruth"}"#,
            r#"{"step":"declined","reason":"NoCapacity","text":"no bed","suggest":["xa.b"],"by":"ruth"}"#,
            r#"{"to":["xa.a"],"form":{"services":[]},"key":"k"}"#,
            r#"{"path":"/d/a.pdf","index":0,"by":"ruth"}"#,
            r#"{"into":"/d","by":"ruth"}"#,
            r#"{"country":"XA","services":["ShelterAccommodation"],"languages":["ron"],"open_now":true}"#,
            r#"{"name":"ruth","roles":["caseworker"],"secret":"x","by":{"name":"ana","secret":"y"}}"#,
            r#"{"name":"ruth","secret":"x"}"#,
            r#"{"kind":"note","text":"come at six","section":"summary","by":"ruth"}"#,
            r#"{"text":"country = \"XA\""}"#,
            r#"{"name":"cms","scopes":["read"],"by":"ruth"}"#,
            r#"{"to":"xa.a","from":"2026-Q1","by":"ruth"}"#,
        ];
        all.iter().map(|text| text.as_bytes().to_vec()).collect()
    }

    fn body<T: Serialize + DeserializeOwned>(bytes: &[u8]) {
        if let Ok(read) = BOUND.hold(bytes.len(), || serde_json::from_slice::<T>(bytes)) {
            comes_back(&read);
        }
    }

    pub(crate) fn run(data: &[u8]) {
        let bytes = json::bytes(data, samples());
        macro_rules! each {
            ($($kind:ty),* $(,)?) => { $(body::<$kind>(&bytes);)* };
        }
        each!(
            ActAsked,
            AddPerson,
            AgreeAsked,
            AttachAsked,
            AuditAsked,
            Confirm,
            EndAsked,
            EndPerson,
            EndToken,
            FetchAsked,
            FormAsked,
            InstallProfile,
            KeepAsked,
            ListAsked,
            NewToken,
            OpenAsked,
            PostAsked,
            SaveAsked,
            SearchFor,
            SetAsideAsked,
            SetSecret,
            Word,
        );
    }

    pub(crate) fn seeds() -> Seeds {
        let mut seeds = each_sample(samples().len(), &[0]);
        seeds.push(as_it_is("nothing", b"{}"));
        seeds
    }
}
