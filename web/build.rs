//! Registers the contract for the operations in `src/api`, and embeds what browsers load: our own styles and scripts
//! from `static/`, and htmx from npm. Nothing is written outside `OUT_DIR`.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

#[path = "build/npm.rs"]
mod npm;

/// The styles that the others build upon, in this order; the components follow by name, and layers do the rest.
const FIRST_STYLES: [&str; 3] = ["tokens.css", "base.css", "layout.css"];

/// What is taken from the npm package: the core, and the swap that keeps a list in order.
const HTMX: [(&str, &str); 2] =
    [("htmx.min.js", "htmx.org/dist/htmx.min.js"), ("hx-upsert.min.js", "htmx.org/dist/ext/hx-upsert.min.js")];

/// A file to embed: the end of its address, and its content.
type File = (String, Vec<u8>);

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
    let contract = root.join("../schema.graphql");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", contract.display());
    cynic_codegen::register_schema("jbl")
        .from_sdl_file(&contract)
        .and_then(cynic_codegen::registration::SchemaRegistration::as_default)
        .map_err(|error| format!("{} does not serve as a contract: {error}", contract.display()))?;

    let modules = npm::install(root)?;
    let folder = root.join("static");
    println!("cargo::rerun-if-changed={}", folder.display());
    let files = collect(&folder, &modules).map_err(|error| format!("The assets cannot be read: {error}."))?;
    write_table(&files, &npm::out_dir()?).map_err(|error| format!("The assets cannot be written: {error}."))
}

/// Every file that browsers may ask for: one stylesheet, our scripts and pictures, and htmx.
fn collect(folder: &Path, modules: &Path) -> io::Result<Vec<File>> {
    let mut files = vec![("chat.css".to_owned(), stylesheet(&folder.join("css"))?)];
    for kind in ["js", "img"] {
        for name in names(&folder.join(kind))? {
            let path = folder.join(kind).join(&name);
            let content = if kind == "js" { lean(&fs::read_to_string(path)?).into_bytes() } else { fs::read(path)? };
            files.push((format!("{kind}/{name}"), content));
        }
    }
    for (name, path) in HTMX {
        files.push((name.to_owned(), fs::read(modules.join(path))?));
    }
    Ok(files)
}

/// A script without what is there for its readers: indentation, and lines that are comments as a whole. So no script of ours
/// has a template literal of several lines, or begins a line of code with `*`.
fn lean(script: &str) -> String {
    let is_comment = |line: &&str| ["//", "/**", "* ", "*/"].iter().any(|mark| line.starts_with(mark));
    let lines = script.lines().map(str::trim).filter(|line| !line.is_empty() && !is_comment(line));
    lines.collect::<Vec<_>>().join("\n")
}

/// All styles as one file: one request, and better compressed together.
fn stylesheet(folder: &Path) -> io::Result<Vec<u8>> {
    let mut sorted = names(folder)?;
    sorted.sort_by_key(|name| FIRST_STYLES.iter().position(|first| first == name).unwrap_or(FIRST_STYLES.len()));
    let mut sheet = Vec::new();
    for name in sorted.iter().filter(|name| name.ends_with(".css")) {
        sheet.extend(fs::read(folder.join(name))?);
        sheet.push(b'\n');
    }
    Ok(sheet)
}

/// The names of the files in a folder, sorted; a folder that is not there has none.
fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    if folder.is_dir() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                names.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
    }
    names.sort();
    Ok(names)
}

/// Writes the table that `src/asset.rs` includes. One digest over all files is part of every address, so that a file
/// may name its neighbours by a relative address and all of them may be kept for ever.
fn write_table(files: &[File], out: &Path) -> io::Result<()> {
    let mut digest = Sha256::new();
    let mut table = String::from("pub(super) static FILES: &[File] = &[\n");
    for (number, (name, content)) in files.iter().enumerate() {
        digest.update(name);
        digest.update((content.len() as u64).to_le_bytes());
        digest.update(content);
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(content)?;
        let (plain, gzip) = (out.join(format!("asset-{number}")), out.join(format!("asset-{number}.gz")));
        fs::write(&plain, content)?;
        fs::write(&gzip, packed.finish()?)?;
        let _ = writeln!(
            table,
            "    File {{ name: {name:?}, plain: include_bytes!({plain:?}), gzip: include_bytes!({gzip:?}) }},"
        );
    }
    let digest = digest.finalize().iter().take(8).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    let _ = write!(table, "];\npub(super) const DIGEST: &str = {digest:?};\n");
    fs::write(out.join("assets.rs"), table)
}
