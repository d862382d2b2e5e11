//! What a form brings back.

/// Fields in the order of the form; a name may come several times.
pub type Fields = Vec<(String, String)>;

/// The first field of this name without the space around it, or nothing.
#[must_use]
pub fn field<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
}

/// Every field of this name.
pub fn all<'f>(fields: &'f Fields, name: &'f str) -> impl Iterator<Item = &'f str> {
    fields.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_the_first_of_its_name_without_the_space_around_it() {
        let fields: Fields = [("name", "  Harbour House\n"), ("role", "a"), ("role", " b "), ("name", "other")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec();
        assert_eq!((field(&fields, "name"), field(&fields, "role"), field(&fields, "nam")), ("Harbour House", "a", ""));
        assert_eq!(all(&fields, "role").collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(all(&fields, "nothing").count(), 0);
    }
}
