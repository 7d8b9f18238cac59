//! Conversations without Ada and Grace: whoever logs in as somebody else finds something too.

use super::script::Talk;

pub(super) const TALKS: [Talk; 6] = [
    Talk {
        between: ["katherine", "dorothy"],
        unread: 0,
        script: r#"
-- 10d 8h
dorothy: Twelve people for the Tuesday class!
katherine: Eleven. Jean has put herself down twice.
dorothy: As teacher and as pupil. I thought that rather fair.
katherine: Then it is eleven and a half.
"#,
    },
    Talk {
        between: ["edsger", "alan"],
        unread: 1,
        script: r#"
-- 5d 2h
alan: Chess by letter, one move a day?
edsger: One move a day leaves twenty-three hours in which to think better of it. I accept.
alan: e4
-- 4d 2h
edsger: e5
-- 3d 2h
alan: Nf3
-- 2d 2h
edsger: Nc6
-- 1d 2h
alan: Bb5
-- 2h 10m
edsger: a6. I have also proved that you have not yet lost.
"#,
    },
    Talk {
        between: ["nefeli", "selam"],
        unread: 0,
        script: r#"
-- 2d 8h
nefeli: Could your roasting drum be turned by wind?
selam: It could be turned by anything that does not get bored.
nefeli: Then I have a small sail for you.
selam: እሺ! And I have a bag of Yirgacheffe for you.
nefeli: Αυτό λέγεται δίκαιη ανταλλαγή.
"#,
    },
    Talk {
        between: ["jose", "zoya"],
        unread: 0,
        script: r#"
-- 3d 6h
zoya: Can you carry a crane on your bicycle?
jose: How big?
zoya: One to fifty.
jose: ¡Entonces sí! In the basket, with a flag.
zoya: Спасибо! Only please not past the goose.
"#,
    },
    Talk {
        between: ["sakura", "haitang"],
        unread: 2,
        script: r#"
-- 30h
haitang: 织机到了吗？
sakura: 届きました！部品が四十八枚、全部そろっています。
haitang: 太好了！我们用同样的字，说不同的话，居然都看得懂。
sakura: 漢字のおかげですね。
-- 3h 15m
haitang: 周五见！
haitang: 🥟🥟🥟
"#,
    },
    Talk {
        between: ["claude", "hedy"],
        unread: 0,
        script: r#"
-- 7d 5h
claude: If you change the channel eighty-eight times a second, how much can you still say?
hedy: As much as before. It is only that nobody else knows where to listen.
claude: May I write that down?
hedy: You may even prove it.
"#,
    },
];
