//! The golden bytes of registry, enrolment and evidence in `tests/vectors/own/` are what this version makes. A change of
//! any of them is a change of the protocol: `cargo run -p safeconduct-certs --example golden-registry -- --write` writes them anew.

#[cfg(test)]
#[path = "../examples/golden/enrolment.rs"]
mod enrolment;
#[cfg(test)]
#[path = "../examples/golden/evidence.rs"]
mod evidence;
#[cfg(test)]
#[path = "../examples/golden/interop.rs"]
mod interop;
#[cfg(test)]
#[path = "../examples/golden/keys.rs"]
mod keys;
#[cfg(test)]
#[path = "../examples/golden/registry.rs"]
mod registry;
#[cfg(test)]
#[path = "../../protocol/examples/golden/table.rs"]
mod table;

#[cfg(test)]
mod tests {
    use crate::{enrolment, evidence, interop, registry, table};

    #[test]
    fn golden_bytes_of_registry_enrolment_and_evidence_are_what_this_version_makes() {
        let mut files = registry::files().unwrap();
        files.extend(enrolment::files().unwrap());
        files.extend(evidence::files().unwrap());
        files.push(interop::file().unwrap());

        assert_eq!(files.len(), 13);
        for file in files {
            let kept = std::fs::read_to_string(format!("{}{}", table::FOLDER, file.name)).unwrap_or_default();
            assert!(kept == file.text, "{} differs: run the example `golden` with --check", file.name);
        }
    }
}
