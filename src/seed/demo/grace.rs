//! Grace's conversations with everybody but Ada.

use super::script::Talk;

pub(super) const TALKS: [Talk; 11] = [
    Talk {
        between: ["grace", "alan"],
        unread: 1,
        script: r#"
-- 14d 2h
alan: Your program from Tuesday: have you found out whether it stops?
grace: It has not stopped yet.
alan: That is not quite the same thing.
grace: I have given it until Friday. In my experience most programs respect a deadline.
alan: I have a proof that you cannot know in general.
grace: And I have a switch.
alan: …that is a surprisingly strong counter-argument.
-- 52m
alan: It stopped!! At 10:14. I was not even in the room, so it cannot have been me.
"#,
    },
    Talk {
        between: ["grace", "katherine"],
        unread: 0,
        script: r#"
-- 22d 3h
katherine: The clock in the hall is four seconds fast.
grace: Against what?
katherine: Against me.
grace: Then I'll have it corrected.
-- 7h 30m
katherine: How long is your talk on Friday, to the second?
grace: Forty minutes.
katherine: You practised it at 41:12.
grace: You listened?
katherine: The wall is thin, and you are very good. Cut the second joke about the admiral.
grace: That is the best one!
katherine: Then cut the first.
"#,
    },
    Talk {
        between: ["grace", "jean"],
        unread: 0,
        script: r#"
-- 25d 1h
jean: I have found a way to break it.
grace: Tell me everything.
jean: I wrote to 21 people at once, by opening 21 windows.
grace: And?
jean: And my laptop broke. The messenger was fine. I am a little disappointed.
grace: I'll bring you something more fragile. How do you feel about the sprinkler?
jean: 😈
"#,
    },
    Talk {
        between: ["grace", "joe"],
        unread: 0,
        script: r#"
-- 18d 6h
joe: Your shell script has a bug.
grace: It has a comment that says why it does that.
joe: The comment has the bug.
grace: Read it again, slowly.
joe: Oh.
joe: The comment is right, and I am going for a walk.
-- 17h
joe: I went through the start-up once more. Here is all that has to go well:
| 1. the folder is there, or can be made
| 2. nobody else has the lock
| 3. the port is free
| When one of the three does not, it says which, and stops. I like a program that knows when to give up.
grace: I have worked with people who didn't.
"#,
    },
    Talk {
        between: ["grace", "dorothy"],
        unread: 2,
        script: r#"
-- 11d 6h
dorothy: I'm back from the lake. What did I miss?
grace: A moth, a flood in the archive, and soup.
dorothy: In that order?
grace: In increasing order of importance.
-- 2h 40m
dorothy: I am teaching the Tuesday class again and I want them to begin with something real. Could they have a messenger of their own, on the old laptop, to take apart?
dorothy: I promise to bring it back in as many pieces as before. Roughly.
"#,
    },
    Talk {
        between: ["grace", "dennis"],
        unread: 0,
        script: r#"
-- 10d 5h
dennis: Shortest program that prints its own length?
grace: In which language?
dennis: Any.
grace: Then I invent one in which the empty program prints 0.
dennis: #include <stdio.h>
|
| int main(void)
| {
|     return printf("0\n") - 2;
| }
| Mine also reports that it went well.
grace: Yours is longer, but it would run on a ship.
dennis: That is the nicest thing anybody has said about it.
"#,
    },
    Talk {
        between: ["grace", "hedy"],
        unread: 0,
        script: r#"
-- 16d 4h
hedy: The wireless microphone hums on channel 6.
grace: Change the channel?
hedy: I did. I change it eighty-eight times a second. Now nobody else can find it.
grace: Can we?
hedy: Only if we both start at the same bar of the same tune.
grace: I'll bring the piano roll.
"#,
    },
    Talk {
        between: ["grace", "nour"],
        unread: 0,
        script: r#"
-- 18d 2h
nour: صباح الخير! وصلت القطعة رقم BX-1047 (اثنتان منها)، وهي في المخزن.
grace: Good morning! It came out straight, part number and brackets and all. Both of them?
nour: Both. One for the engine, one for Jean.
grace: You know her well.
nour: شكراً 😄 She broke the first one with a spoon.
"#,
    },
    Talk {
        between: ["grace", "ananya"],
        unread: 0,
        script: r#"
-- 13d 7h
ananya: नमस्ते! The tea arrived: Assam, Nilgiri, and one without a label.
grace: What is the one without a label like?
ananya: Strong. It compiled on the first try.
grace: Keep it away from the interns.
-- 2d 2h
ananya: I drank a cup of the one without a label. I have now alphabetised the workshop.
grace: In which alphabet?
ananya: All of them. चाय बहुत तेज़ है।
"#,
    },
    Talk {
        between: ["grace", "zoya"],
        unread: 0,
        script: r#"
-- 28d 4h
zoya: Добрый вечер! I need a second pair of eyes for the crane drawings.
grace: Mine are free at six. What am I looking for?
zoya: Anything that is heavier at the top than at the bottom.
grace: That is also how I review code.
zoya: Тогда жду в шесть. С меня пироги.
grace: I understood “pies”. I will be early.
"#,
    },
    Talk {
        between: ["grace", "haitang"],
        unread: 1,
        script: r#"
-- 9d 3h
haitang: 饺子馆的新师傅是我表哥！
grace: Your cousin is the new cook at the dumpling place?!
haitang: 对！Tell him that I sent you and he folds them smaller. 小的更好吃。
grace: I told him. He folded them in half and gave us twice as many.
-- 1h 5m
haitang: 周五的点心我来准备：一百二十个饺子，两种馅，一种不辣，一种很辣。Is that enough for twenty-two people and a cat?
"#,
    },
];
