//! The project's own golden bytes (`tests/vectors/own`), as samples: nobody has to trust a blob.

/// One object or value of a golden file.
pub(crate) struct Golden {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// All objects and values of a golden file, in its order.
pub(crate) fn read(text: &str) -> Vec<Golden> {
    let mut all: Vec<Golden> = Vec::new();
    let mut size = 0_usize;
    for line in text.lines() {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let Some(hex) = line.strip_prefix("            ") else {
            let mut words = line.split_whitespace();
            let field = words.next().zip(words.next()).map(|(at, size)| (at.parse::<usize>(), size.parse::<usize>()));
            if let Some((Ok(_), Ok(bytes))) = field {
                size = bytes;
            } else {
                let name = line.trim_start_matches("== ");
                let (name, bytes) = name.rsplit_once(" (").unwrap_or((name, ""));
                size = bytes.split(' ').next().and_then(|size| size.parse().ok()).unwrap_or(0);
                all.push(Golden { name: name.to_owned(), bytes: Vec::new() });
            }
            continue;
        };
        let bytes = if hex == "(all zero)" { vec![0; size] } else { hex::decode(hex).unwrap_or_default() };
        if let Some(last) = all.last_mut() {
            last.bytes.extend(bytes);
        }
    }
    all
}

/// The bytes of every object and value whose name begins so.
pub(crate) fn named(text: &str, name: &str) -> Vec<Vec<u8>> {
    read(text).into_iter().filter(|golden| golden.name.starts_with(name)).map(|golden| golden.bytes).collect()
}

/// The bytes of the first one.
pub(crate) fn one(text: &str, name: &str) -> Vec<u8> {
    let found = named(text, name).into_iter().next();
    assert!(found.is_some(), "no golden bytes are called {name}");
    found.unwrap_or_default()
}

macro_rules! golden_text {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/own/", $file))
    };
}
pub(crate) use golden_text;
