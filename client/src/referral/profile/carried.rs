//! Installed profiles in the vault, so that a backup carries them: the folder of profiles is what is judged by, and is filled from here where
//! a restored data folder has none.

use std::path::Path;

use rusqlite::{Connection, params};

use super::{
    Profiles,
    installed::{FOLDER, NotInstalled, file_name},
};
use crate::vault::{Sql as _, VaultError, files};

/// The folder in which they are put together.
const FILLING: &str = "profiles.new";

/// Notes what is installed for a country.
///
/// # Errors
/// What the disk says.
pub(crate) fn note(db: &Connection, country: &str, text: &str) -> Result<(), VaultError> {
    let put = "INSERT INTO profile_kept (country, text) VALUES (?1, ?2)
        ON CONFLICT (country) DO UPDATE SET text = excluded.text WHERE text <> excluded.text";
    db.run(put, params![country, text])?;
    Ok(())
}

/// Fills a data folder that has no folder of profiles, as one that was restored. Where there is one, it alone counts: what a person took out
/// of it stays out.
///
/// # Errors
/// What the disk says.
pub(crate) fn fill(db: &Connection, data: &Path) -> Result<(), NotInstalled> {
    if data.as_os_str().is_empty() || data.join(FOLDER).exists() {
        return Ok(());
    }
    let all = all(db)?;
    if all.is_empty() {
        return Ok(());
    }
    // All of them or none: half of the laws would look like all of them. What this program cannot read is told where the folder is read.
    let folder = data.join(FILLING);
    files::make_dir(&folder)?;
    for (country, text) in all {
        files::replace(&folder, &file_name(&country), text.as_bytes())?;
    }
    std::fs::rename(&folder, data.join(FOLDER)).map_err(|error| NotInstalled::Unreadable(error.kind()))?;
    files::sync_dir(data).map_err(VaultError::from)?;
    Ok(())
}

/// Notes what is installed and not noted: by a version before this one, or when a crash came between.
///
/// # Errors
/// What the disk says.
pub(crate) fn note_all(db: &Connection, profiles: &Profiles) -> Result<(), VaultError> {
    for (country, text) in profiles.texts.iter().filter(|(country, _)| profiles.is_installed(country)) {
        note(db, country, text)?;
    }
    Ok(())
}

fn all(db: &Connection) -> Result<Vec<(String, String)>, VaultError> {
    let mut rows = db.prepare_cached("SELECT country, text FROM profile_kept ORDER BY country")?;
    let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Profile, installed::keep},
        *,
    };
    use crate::testing::{Seeded, vault};

    #[test]
    fn an_installed_profile_comes_back_with_the_vault_where_its_folder_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let vault = vault(dir.path(), &mut Seeded::new(12));
        let text = super::super::SHIPPED[0].1.replace("version = 3", "version = 4");
        keep(dir.path(), &Profile::load(&text).ok().unwrap(), &text).unwrap();
        let profiles = Profiles::installed(dir.path()).unwrap();
        note_all(vault.db(), &profiles).unwrap();
        note_all(vault.db(), &profiles).unwrap();
        assert_eq!(all(vault.db()).unwrap().len(), 1, "those of the build are not installed");
        std::fs::remove_dir_all(dir.path().join(FOLDER)).unwrap();

        fill(vault.db(), dir.path()).unwrap();

        let again = Profiles::installed(dir.path()).unwrap();
        assert!(again.is_installed("XA") && again.texts == profiles.texts);
        // What a person takes out of the folder stays out of it.
        std::fs::remove_file(dir.path().join(FOLDER).join(file_name("XA"))).unwrap();
        fill(vault.db(), dir.path()).unwrap();
        assert!(!Profiles::installed(dir.path()).unwrap().is_installed("XA"));
    }
}
