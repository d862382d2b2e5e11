//! The golden bytes in `tests/vectors/own/` are what this version makes. A change of any of them is a change of the
//! protocol: `cargo run -p safeconduct-protocol --example golden -- --write` writes them anew.

#[cfg(test)]
#[path = "../examples/golden/case.rs"]
mod case;
#[cfg(test)]
#[path = "../examples/golden/frames.rs"]
mod frames;
#[cfg(test)]
#[path = "../examples/golden/message.rs"]
mod message;
#[cfg(test)]
#[path = "../examples/golden/objects.rs"]
mod objects;
#[cfg(test)]
#[path = "../examples/golden/table.rs"]
mod table;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::{case, frames, message, objects, table};

    #[test]
    fn golden_bytes_are_what_this_version_makes() {
        let mut files = objects::files().unwrap();
        files.extend(message::files().unwrap());
        files.extend(case::files().unwrap());
        files.push(frames::file().unwrap());

        let mut expected = BTreeSet::new();
        for file in files {
            let kept = std::fs::read_to_string(format!("{}{}", table::FOLDER, file.name)).unwrap_or_default();
            assert!(kept == file.text, "{} differs: run the example `golden` with --check", file.name);
            expected.insert(file.name.to_owned());
        }
        let there: BTreeSet<String> = std::fs::read_dir(table::FOLDER)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| expected.contains(name))
            .collect();
        assert_eq!(there, expected);
    }

    #[test]
    fn every_frame_has_golden_bytes_and_its_number_is_its_place() {
        let all = frames::all();

        for (number, (frame, _)) in all.iter().enumerate() {
            let wire = frame.to_wire().unwrap();
            assert_eq!(usize::from(wire[4]), number, "{}", frame.name());
        }
        let names: BTreeSet<&str> = all.iter().map(|(frame, _)| frame.name()).collect();
        assert_eq!(names.len(), all.len());
        // The number after the last is no frame: nothing was appended without its golden bytes.
        let next = u8::try_from(all.len()).unwrap();
        for padding in 0..64 {
            let body = [vec![next], vec![1; padding]].concat();
            assert!(safeconduct_protocol::frame::Frame::from_body(&body).is_err());
        }
    }
}
