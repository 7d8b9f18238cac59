//! What must hold for the repository itself: sizes, names, who may name what, and that its documents tell the truth.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold nothing of ours.
const NOT_OURS: [&str; 6] = [".git", "target", "node_modules", "data", "pictures", "tmp"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of the repository, by its path from the root.
fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let name = entry.file_name().and_then(|name| name.to_str()).expect("a name in UTF-8");
            if entry.is_dir() && !NOT_OURS.contains(&name) {
                folders.push(entry);
            } else if entry.is_file() {
                files.push(entry.strip_prefix(root()).expect("below the root").to_owned());
            }
        }
    }
    files.sort();
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

fn files_ending_in(ends: &[&str]) -> Vec<(PathBuf, String)> {
    let wanted = |path: &PathBuf| ends.iter().any(|end| path.to_string_lossy().ends_with(end));
    files().into_iter().filter(wanted).map(|path| (path.clone(), read(&path))).collect()
}

/// The paths of Rust files, tests and the load driver left out, in which some line of code holds one of the words.
fn product_files_with(words: &[&str]) -> BTreeSet<String> {
    let product = |text: &str| text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned();
    let code = |text: &str| {
        product(text)
            .lines()
            .any(|line| !line.trim_start().starts_with("//") && words.iter().any(|word| line.contains(word)))
    };
    let ours = |path: &Path| !path.starts_with("tests") && !path.starts_with("bench");
    let found = files_ending_in(&[".rs"]).into_iter().filter(|(path, text)| ours(path) && code(text));
    found.map(|(path, _)| path.to_string_lossy().into_owned()).collect()
}

fn set(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

#[test]
fn no_file_is_longer_than_four_hundred_lines() {
    let long: Vec<String> = files_ending_in(&[".rs", ".css", ".js", ".html", ".md", ".yml", ".mjs", "run"])
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > 400)
        .map(|(path, lines)| format!("{} has {lines} lines", path.display()))
        .collect();
    assert_eq!(long, [""; 0]);
}

#[test]
fn every_module_says_what_lives_in_it() {
    let silent = files_ending_in(&[".rs"]).into_iter().filter(|(_, text)| !text.starts_with("//!"));
    let silent: Vec<String> = silent.map(|(path, _)| path.display().to_string()).collect();
    assert_eq!(silent, [""; 0]);
}

#[test]
fn names_say_something() {
    let empty_words = [
        "util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "handler", "data", "info", "dto",
        "impl", "base", "process",
    ];
    let says_nothing = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        name.split(|char: char| !char.is_ascii_alphanumeric()).any(|word| empty_words.contains(&word))
    };
    // CSS calls its lowest layer so.
    let empty = files().into_iter().filter(says_nothing).filter(|path| !path.ends_with("css/base.css"));
    assert_eq!(empty.collect::<Vec<_>>(), Vec::<PathBuf>::new());
}

#[test]
fn nothing_is_left_for_later() {
    let later = [
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
        concat!("unimplemented", "!("),
        concat!("todo", "!("),
    ];
    let left: Vec<String> = files()
        .into_iter()
        .filter(|path| path.extension().is_none_or(|kind| kind != "lock"))
        .filter(|path| later.iter().any(|word| read(path).contains(word)))
        .map(|path| path.display().to_string())
        .collect();
    assert_eq!(left, [""; 0]);
}

/// The first guard of "your copy is yours": only the copy rule can write these rows.
#[test]
fn only_the_copy_rule_writes_messages_and_roots() {
    let named = |text: &str| {
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        ["insert", "update_many", "update(", "delete", "save(", "into_active_model", "ActiveModel"]
            .iter()
            .any(|word| code.contains(word))
    };
    let writers: BTreeSet<String> = files_ending_in(&[".rs"])
        .into_iter()
        .filter(|(path, text)| path.starts_with("api/src/message") && named(text))
        .map(|(path, _)| path.to_string_lossy().into_owned())
        .collect();
    let declared = ["api/src/message/entity.rs", "api/src/message/root.rs"];
    assert_eq!(writers, set(&["api/src/message/delivery.rs", declared[0], declared[1]]));
    let module = read(Path::new("api/src/message/mod.rs"));
    for private in ["mod entity;", "mod root;"] {
        assert!(module.lines().any(|line| line == private), "{private} is not private");
    }
    assert!(
        !module.contains("entity::ActiveModel") && !module.contains("pub use root"),
        "a row can be written from outside"
    );
    // The way round by the trait, and raw SQL.
    let reached = product_files_with(&[
        "EntityTrait>::ActiveModel",
        "INTO messages",
        "UPDATE messages",
        "DELETE FROM messages",
        "INTO roots",
        "UPDATE roots",
        "DELETE FROM roots",
    ]);
    assert_eq!(reached, set(&[]));
}

#[test]
fn a_row_is_written_by_its_own_noun_only() {
    let outside = product_files_with(&["ActiveModel"])
        .into_iter()
        .filter(|path| !path.starts_with("api/src/"))
        .collect::<BTreeSet<_>>();
    assert_eq!(outside.difference(&set(&["web/src/session/store.rs"])).collect::<Vec<_>>(), [&""; 0]);
    for path in product_files_with(&["ActiveModel"]).into_iter().filter(|path| path.starts_with("api/src/")) {
        let text = read(Path::new(&path));
        let foreign = text.lines().find(|line| {
            let Some(at) = line.find("::ActiveModel") else { return false };
            let before = &line[..at];
            !["entity", "sea_orm"].iter().any(|own| before.ends_with(own))
        });
        assert_eq!(foreign, None, "{path}");
    }
}

#[test]
fn web_knows_only_the_contract_and_asks_in_one_place() {
    assert_eq!(product_files_with(&["reqwest::"]), set(&["src/command/health.rs", "web/src/api.rs"]));
    let manifest = read(Path::new("web/Cargo.toml"));
    let dependencies =
        manifest.split("[dependencies]").nth(1).and_then(|rest| rest.split("\n[").next()).unwrap_or_default();
    for ours in ["api", "migration"] {
        assert!(!dependencies.lines().any(|line| line.starts_with(&format!("{ours} "))), "web depends on {ours}");
    }
    for table in ["users", "participants", "roots", "mailboxes"] {
        let sql = [format!("FROM {table}"), format!("INTO {table}"), format!("UPDATE {table}")];
        let words: Vec<&str> = sql.iter().map(String::as_str).collect();
        let found: Vec<String> =
            product_files_with(&words).into_iter().filter(|path| path.starts_with("web/")).collect();
        assert_eq!(found, [""; 0], "{table}");
    }
}

/// Everything else is handed a bus, and cannot tell which.
#[test]
fn which_bus_there_is_is_known_where_the_product_is_put_together() {
    let knows = product_files_with(&["bus::local", "Local::default", "bus::Local"]);
    assert_eq!(knows, set(&["api/src/app.rs", "src/seed.rs"]));
}

/// Who moves mailboxes on hands the commit to those who wake whoever listens: `App::commit` and the delivery writer.
#[test]
fn who_moves_a_mailbox_on_does_not_commit_it_alone() {
    let movers = product_files_with(&["mailbox::lock("]);
    assert!(movers.contains("api/src/message/delivery.rs"), "{movers:?}");
    let commits = product_files_with(&[".commit()"]);
    assert_eq!(movers.intersection(&commits).collect::<Vec<_>>(), [&""; 0]);
}

#[test]
fn the_environment_is_read_by_clap_and_by_build_scripts() {
    let readers = product_files_with(&["env::var", "env::vars", "option_env!"]);
    let allowed = |path: &&String| !path.ends_with("build.rs") && !path.starts_with("web/build/");
    assert_eq!(readers.iter().filter(allowed).collect::<Vec<_>>(), [&""; 0]);
}

#[test]
fn the_example_of_an_environment_names_every_variable_and_its_default() {
    let mut expected = BTreeSet::new();
    let mut commands = vec![jbl_chat::command::tree()];
    while let Some(command) = commands.pop() {
        for argument in command.get_arguments() {
            let Some(variable) = argument.get_env().and_then(|name| name.to_str()) else { continue };
            let default = argument.get_default_values().first().and_then(|value| value.to_str());
            let flag = !argument.get_action().takes_values();
            expected.insert((variable.to_owned(), if flag { "false" } else { default.unwrap_or_default() }.to_owned()));
        }
        commands.extend(command.get_subcommands().cloned());
    }
    let text = read(Path::new(".env.example"));
    let pair = |line: &str| {
        line.trim_start_matches('#').split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    let written: BTreeSet<(String, String)> =
        text.lines().filter(|line| line.trim_start_matches('#').starts_with("JBL_")).filter_map(pair).collect();
    assert_eq!(written, expected);
    let lines: Vec<&str> = text.lines().collect();
    for (above, line) in lines.iter().zip(&lines[1..]) {
        assert!(!line.starts_with("#JBL_") || above.starts_with("# "), "{line} is not explained");
    }
}

#[test]
fn every_template_is_used() {
    let templates = files_ending_in(&[".html"]);
    let code: String = files_ending_in(&[".rs"])
        .into_iter()
        .filter(|(path, _)| path.starts_with("web/src"))
        .map(|(_, text)| text)
        .collect();
    let markup: String = templates.iter().map(|(_, text)| text.as_str()).collect();
    for (path, _) in templates.iter().filter(|(path, _)| path.starts_with("web/templates")) {
        let name = path.strip_prefix("web/templates").expect("a template").to_string_lossy();
        let quoted = format!("\"{name}\"");
        assert!(code.contains(&quoted) || markup.contains(&quoted), "{name} is not used");
    }
}

#[test]
fn every_link_of_a_document_leads_somewhere() {
    let mut broken = Vec::new();
    for (path, text) in files_ending_in(&[".md"]) {
        let folder = path.parent().unwrap_or(Path::new(""));
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split(['#', ' ']).next().unwrap_or_default();
            let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
            if !elsewhere && !root().join(folder).join(target).exists() {
                broken.push(format!("{}: {link}", path.display()));
            }
        }
    }
    assert_eq!(broken, [""; 0]);
}

#[test]
fn a_path_that_a_document_names_is_there() {
    let mut missing = Vec::new();
    for document in ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "STYLE.md"] {
        let text = read(Path::new(document));
        let quoted = text.split('`').skip(1).step_by(2);
        let begins_well = |path: &&str| {
            ["api/", "web/", "src/", "migration/", "tests/", "docs/"].iter().any(|folder| path.starts_with(folder))
        };
        let real = |path: &&str| {
            !path.contains("YYYY") && path.chars().all(|char| char.is_ascii_alphanumeric() || "/._-".contains(char))
        };
        for path in quoted.filter(begins_well).filter(real) {
            if !root().join(path).exists() {
                missing.push(format!("{document}: {path}"));
            }
        }
    }
    assert_eq!(missing, [""; 0]);
}
