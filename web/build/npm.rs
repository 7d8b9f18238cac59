//! Brings a crate's pinned npm packages in while it is built, with the ordinary npm client.
//! Shared by the build scripts of `web` and `api` (`#[path = "…/build/npm.rs"] mod npm;`), so it uses nothing but std.
//! Everything is written below `OUT_DIR`: the source tree stays as it was checked out, and cargo's own lock on its
//! target folder keeps two builds apart.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What decides the outcome of an installation.
const MANIFESTS: [&str; 3] = ["package.json", "package-lock.json", ".npmrc"];

/// Installs what `package_dir`'s lock file pins, unless that was done already, and returns the `node_modules` folder.
/// The error is one sentence for the person who builds.
pub(crate) fn install(package_dir: &Path) -> Result<PathBuf, String> {
    let place = out_dir()?.join("npm");
    let modules = place.join("node_modules");
    let done = place.join("installed");

    let mut wanted = Vec::new();
    for manifest in MANIFESTS {
        let path = package_dir.join(manifest);
        println!("cargo::rerun-if-changed={}", path.display());
        wanted.extend(fs::read(&path).map_err(|error| format!("{} cannot be read: {error}.", path.display()))?);
    }
    // The mark is written last, so an interrupted installation is not taken for a whole one.
    if modules.is_dir() && fs::read(&done).is_ok_and(|had| had == wanted) {
        return Ok(modules);
    }

    let trouble = |error: std::io::Error| format!("{} cannot be written: {error}.", place.display());
    if place.exists() {
        fs::remove_dir_all(&place).map_err(trouble)?;
    }
    fs::create_dir_all(&place).map_err(trouble)?;
    for manifest in MANIFESTS {
        fs::write(place.join(manifest), fs::read(package_dir.join(manifest)).map_err(trouble)?).map_err(trouble)?;
    }
    clean_install(&place)?;
    fs::write(&done, wanted).map_err(trouble)?;
    Ok(modules)
}

/// Where cargo wants a build script to write.
#[expect(clippy::disallowed_methods, reason = "this is how cargo tells a build script")]
pub(crate) fn out_dir() -> Result<PathBuf, String> {
    env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| "OUT_DIR is not set: this is for build scripts.".to_owned())
}

/// `npm ci` checks every package against the integrity hash in the lock file; no package's own scripts are run.
fn clean_install(place: &Path) -> Result<(), String> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let run = Command::new(npm)
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"])
        .current_dir(place)
        .output()
        .map_err(|_| {
            "npm was not found: install Node.js with npm (Debian: `apt-get install npm`) and build again; \
             it fetches the scripts that the pages use."
                .to_owned()
        })?;
    if run.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&run.stderr);
    Err(format!("`npm ci` failed in {}: {}", place.display(), said.trim()))
}
