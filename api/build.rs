//! Embeds the playground: GraphiQL and React from npm, our page and start script, and the worked operations from `assets/`.
//! Nothing is written outside `OUT_DIR`.

use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

#[path = "../web/build/npm.rs"]
mod npm;

/// What is taken from npm, and the name it is served by.
const PACKAGES: [(&str, &str); 4] = [
    ("react.js", "react/umd/react.production.min.js"),
    ("react-dom.js", "react-dom/umd/react-dom.production.min.js"),
    ("graphiql.js", "graphiql/graphiql.min.js"),
    ("graphiql.css", "graphiql/graphiql.min.css"),
];

/// What is ours.
const OWN: [&str; 2] = ["playground.css", "playground.js"];

/// A file to embed: its name and its content.
type File = (&'static str, Vec<u8>);

fn main() -> ExitCode {
    match embed() {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            println!("cargo::error={}", reason.replace('\n', " "));
            ExitCode::FAILURE
        }
    }
}

fn embed() -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let assets = root.join("assets");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", assets.display());
    let modules = npm::install(root)?;
    let out = npm::out_dir()?;
    let files = collect(&assets, &modules).map_err(|error| format!("The playground cannot be read: {error}."))?;
    write(&out, &assets, &files).map_err(|error| format!("The playground cannot be written: {error}."))
}

fn collect(assets: &Path, modules: &Path) -> io::Result<Vec<File>> {
    let mut files = vec![("operations.js", operations(&assets.join("operations"))?.into_bytes())];
    for name in OWN {
        files.push((name, fs::read(assets.join(name))?));
    }
    for (name, path) in PACKAGES {
        files.push((name, fs::read(modules.join(path))?));
    }
    Ok(files)
}

/// The worked operations as a script, in the order of their names: a tab each.
fn operations(folder: &Path) -> io::Result<String> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<PathBuf>>>()?;
    paths.sort();
    let mut script = "const workedOperations = [\n".to_owned();
    for path in paths {
        // What Rust escapes in a string, JavaScript reads the same way.
        let _ = writeln!(script, "  {:?},", fs::read_to_string(path)?.trim_end());
    }
    Ok(script + "];\n")
}

/// Writes the files compressed, the table of them that `playground.rs` includes, and the page. A digest over all files is
/// part of every address, so that they may be kept for ever.
fn write(out: &Path, assets: &Path, files: &[File]) -> io::Result<()> {
    let mut digest = Sha256::new();
    let mut table = "&[\n".to_owned();
    for (name, content) in files {
        digest.update(content);
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(content)?;
        let path = out.join(format!("{name}.gz"));
        fs::write(&path, packed.finish()?)?;
        let _ = writeln!(table, "    ({name:?}, include_bytes!({path:?})),");
    }
    fs::write(out.join("playground-files.rs"), table + "]")?;

    let digest = digest.finalize().iter().take(8).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let page = fs::read_to_string(assets.join("playground.html"))?;
    fs::write(out.join("playground.html"), page.replace("{assets}", &format!("/graphql/assets/{digest}")))?;
    println!("cargo::rustc-env=PLAYGROUND_DIGEST={digest}");
    Ok(())
}
