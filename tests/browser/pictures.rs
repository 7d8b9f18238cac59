//! Pictures of the key screens, for people to look at: written to `tests/pictures/`, which git leaves out.

use std::path::Path;

use crate::support::browser::{Browser, Screen, Scripts};
use crate::support::chat::{Chat, minutes};

#[tokio::test]
async fn the_key_screens_can_be_looked_at() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    std::fs::create_dir_all(&folder).expect("a folder");
    let (chat, id) = a_lively_place().await;
    let Some([stranger, browser]) = Browser::open_two(&chat.web_url, Scripts::On).await else { return };
    browser.goes_to("/login").await;
    browser.logs_in("ada").await;
    let conversation = format!("/c/{id}");
    for (size, screen) in [("wide", Screen::DESK), ("phone", Screen::PHONE)] {
        for scheme in ["light", "dark"] {
            for browser in [&stranger, &browser] {
                browser.turns_into(screen).await;
                browser.prefers("prefers-color-scheme", scheme).await;
            }
            for (name, browser, path) in [
                ("login", &stranger, "/login"),
                ("people", &browser, "/people"),
                ("nobody", &browser, "/people?q=zzz"),
                ("chats", &browser, "/c"),
                ("conversation", &browser, conversation.as_str()),
                ("start", &browser, "/u/hedy"),
                ("settings", &browser, "/settings"),
                ("absent", &browser, "/nowhere"),
            ] {
                browser.goes_to(path).await;
                browser.sees("h1").await;
                let file = folder.join(format!("{name}-{size}-{scheme}.png"));
                browser.driver.screenshot(&file).await.expect("a picture");
                assert!(std::fs::metadata(&file).is_ok_and(|file| file.len() > 5_000), "{name} is empty");
            }
        }
    }
}

async fn a_lively_place() -> (Chat, String) {
    let chat = Chat::with_pages().await;
    let ada = chat.person("ada", "Ada Lovelace").await;
    let grace = chat.person("grace", "Grace Hopper").await;
    for (username, name, text) in [
        ("alan", "Alan Turing", "Can a machine think? Let us ask one after lunch."),
        ("karen", "Karen Spärck Jones", "The rare words matter most."),
        ("jose", "José Ñandú", "¡Hasta mañana!"),
        ("noor", "نور الهدى", "مساء الخير، هل انتهيت من التقرير؟"),
        ("sei", "清少納言", "春はあけぼの。"),
    ] {
        let person = chat.person(username, name).await;
        person.says(&ada, text).await;
        chat.later(minutes(3));
    }
    for (username, name) in [("hedy", "Hedy Lamarr"), ("linus", "Linus Pauling"), ("mary", "Mary Somerville")] {
        chat.add(username, name).await;
    }
    let mut id = String::new();
    for (from_grace, text) in [
        (true, "The build is green again."),
        (true, "Shall we ship?"),
        (
            false,
            "Yes, after lunch. I want to read the change about severed links once more: it says “for ever” there, \
             and I am not sure that everybody reads that as we do.",
        ),
        (
            true,
            "Fair. Here is what I would write instead:\n\n\
             \x20 - a message stays linked for a day\n  - after that nobody can change it\n\nShort enough?",
        ),
        (false, "Perfect 🎉"),
        (true, "ok, 10:30?"),
        (true, "I bring the moths."),
    ] {
        let sent = if from_grace { grace.says(&ada, text).await } else { ada.says(&grace, text).await };
        id = sent.conversation;
        chat.later(minutes(2));
    }
    ada.marks_read(&grace, 5).await.expect("a marker");
    (chat, id)
}
