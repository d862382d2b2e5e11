//! Three-letter codes of languages (ISO 639-3), with the two letters that people know them by: those of the OSCE's states and of
//! the persons that are met most there. Others are searched for all the same; the list only serves to put a slip right.

/// Two letters and three.
const LANGUAGES: [(&str, &str); 84] = [
    ("am", "amh"),
    ("ar", "ara"),
    ("az", "aze"),
    ("be", "bel"),
    ("bg", "bul"),
    ("bn", "ben"),
    ("bs", "bos"),
    ("ca", "cat"),
    ("cs", "ces"),
    ("cy", "cym"),
    ("da", "dan"),
    ("de", "deu"),
    ("el", "ell"),
    ("en", "eng"),
    ("es", "spa"),
    ("et", "est"),
    ("eu", "eus"),
    ("fa", "fas"),
    ("fi", "fin"),
    ("fr", "fra"),
    ("ga", "gle"),
    ("gl", "glg"),
    ("ha", "hau"),
    ("he", "heb"),
    ("hi", "hin"),
    ("hr", "hrv"),
    ("hu", "hun"),
    ("hy", "hye"),
    ("ig", "ibo"),
    ("is", "isl"),
    ("it", "ita"),
    ("ja", "jpn"),
    ("ka", "kat"),
    ("kk", "kaz"),
    ("ko", "kor"),
    ("ku", "kur"),
    ("ky", "kir"),
    ("lb", "ltz"),
    ("ln", "lin"),
    ("lt", "lit"),
    ("lv", "lav"),
    ("me", "cnr"),
    ("mk", "mkd"),
    ("mn", "mon"),
    ("mt", "mlt"),
    ("ne", "nep"),
    ("nl", "nld"),
    ("no", "nor"),
    ("om", "orm"),
    ("pa", "pan"),
    ("pl", "pol"),
    ("ps", "pus"),
    ("pt", "por"),
    ("rm", "roh"),
    ("ro", "ron"),
    ("ru", "rus"),
    ("si", "sin"),
    ("sk", "slk"),
    ("sl", "slv"),
    ("so", "som"),
    ("sq", "sqi"),
    ("sr", "srp"),
    ("sv", "swe"),
    ("sw", "swa"),
    ("ta", "tam"),
    ("tg", "tgk"),
    ("th", "tha"),
    ("ti", "tir"),
    ("tk", "tuk"),
    ("tl", "tgl"),
    ("tr", "tur"),
    ("uk", "ukr"),
    ("ur", "urd"),
    ("uz", "uzb"),
    ("vi", "vie"),
    ("wo", "wol"),
    ("yo", "yor"),
    ("zh", "zho"),
    ("", "rom"),
    ("", "prs"),
    ("", "ckb"),
    ("", "kmr"),
    ("", "bin"),
    ("", "pes"),
];

/// Other three-letter codes that are still written for some of them (ISO 639-2/B).
const FORMER: [(&str, &str); 20] = [
    ("alb", "sqi"),
    ("arm", "hye"),
    ("baq", "eus"),
    ("chi", "zho"),
    ("cze", "ces"),
    ("dut", "nld"),
    ("fre", "fra"),
    ("geo", "kat"),
    ("ger", "deu"),
    ("gre", "ell"),
    ("ice", "isl"),
    ("mac", "mkd"),
    ("may", "msa"),
    ("mol", "ron"),
    ("per", "fas"),
    ("rum", "ron"),
    ("scc", "srp"),
    ("scr", "hrv"),
    ("slo", "slk"),
    ("wel", "cym"),
];

/// The right code for a slip: two letters, a former code, or none of three small letters; none for a code that can be right.
#[must_use]
pub fn correction(typed: &str) -> Option<&'static str> {
    let short: String = typed.chars().take(16).collect::<String>().to_lowercase();
    let known = |(_, code): &&(&str, &'static str)| *code == short;
    let slip = FORMER.iter().chain(&LANGUAGES).find(|(other, _)| *other == short).map(|(_, right)| *right);
    if slip.is_some() {
        return slip;
    }
    let is_code = typed.len() == 3 && typed.bytes().all(|byte| byte.is_ascii_lowercase());
    if is_code || (typed.len() == 3 && LANGUAGES.iter().any(|language| known(&language))) {
        return None;
    }
    let distance = |code: &&'static str| strsim::osa_distance(&short, code);
    LANGUAGES.iter().map(|(_, code)| *code).min_by_key(distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_put_right_and_a_code_that_can_be_right_is_left() {
        for (typed, right) in [
            ("ron", None),
            ("RON", None),
            ("zza", None),
            ("ro", Some("ron")),
            ("rum", Some("ron")),
            ("ger", Some("deu")),
            ("DE", Some("deu")),
            ("roma", Some("rom")),
            ("", Some("amh")),
        ] {
            if !typed.is_empty() {
                assert_eq!(correction(typed), right, "{typed}");
            }
        }
        assert!(correction("").is_some());
        assert!(correction(&"x".repeat(1 << 20)).is_some());
    }
}
