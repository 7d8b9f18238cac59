//! Ada's conversations with everybody but Grace.

use super::script::Talk;

pub(super) const TALKS: [Talk; 13] = [
    Talk {
        between: ["ada", "alan"],
        unread: 0,
        script: r#"
-- 8d 4h
alan: Can I borrow the difference engine on Saturday?
ada: It does not leave the house. You may visit it.
alan: I only want to ask it something.
ada: It does not answer questions, Alan. It does sums.
alan: How would you know which of the two I had got?
ada: …
ada: Saturday at three. Bring cake.
-- 2d 6h
alan: I have been reading our first messages, to see whether I could tell which of them were written by people.
ada: And?
alan: All but Edsger's.
ada: He will take that as a compliment.
alan: It was meant as one.
-- 3h
alan: Bicycle chain came off again, after exactly the usual number of turns.
ada: You still count instead of having it mended?
alan: It is perfectly predictable. Why would I mend something that is perfectly predictable?
ada: Because it rains.
alan: That, I grant you, is not.
"#,
    },
    Talk {
        between: ["ada", "katherine"],
        unread: 0,
        script: r#"
-- 6d 3h
katherine: Your table of Friday's costs: the last column does not add up.
ada: It was done by the machine!
katherine: Then the machine was told the wrong thing. Row 7 has the biscuits twice.
ada: You went through it by hand?
katherine: I went through it by eye. By hand I only do the ones that have to come down in the right ocean.
ada: Corrected. Thank you.
katherine: Now I sign it. Go ahead.
-- 6h
katherine: Seating plan: 22 people, 20 chairs.
ada: Semicolon needs one as well.
katherine: Then you are three short, and I want it in writing that the cat gets the last one.
ada: You have it in writing. It is right here.
"#,
    },
    Talk {
        between: ["ada", "edsger"],
        unread: 0,
        script: r#"
-- 41d 4h
edsger: Observations after one hour.
| 1. One may log in.
| 2. One may log out.
| 3. The second is as easy as the first, which is rare.
| 4. The list of people is in order, which is as it should be.
| 5. A text keeps its shape:
|        do a < b -> a := a + 1 od
|    This pleases me.
| 6. The days begin at nought o'clock.
| 7. It does not congratulate me on anything.
| 8. It does not ask me to rate it.
| 9. It has not once said “oops”.
| 10. I could find no place in which to put an animated hat.
| 11. I shall stay.
ada: Edsger, that is lovely. Thank you.
edsger: It is merely a list.
-- 4d 5h
ada: The soup was very good. May I have the recipe?
edsger: You may have the invariant: at all times there is at least as much leek as potato.
ada: And how do I know when it is done?
edsger: When you can prove that no further stirring changes it.
ada: That took you four hours last time.
edsger: It is a strong result.
"#,
    },
    Talk {
        between: ["ada", "jean"],
        unread: 1,
        script: r#"
-- 10d 2h
jean: What happens if I paste in an entire telephone directory?
ada: It will tell you that it is too long, and by how much.
jean: And if I paste it in pieces?
ada: Then I will have a telephone directory.
jean: Splendid.
ada: That was not an invitation.
-- 9d 23h
jean: A
jean: AA Locksmiths
jean: Aardvark & Sons
ada: JEAN.
jean: 😇
-- 47m
jean: Serious question at last. I sent something from the train, in the tunnel, twice, because I thought that it had not gone. You only have it once, don't you?
"#,
    },
    Talk {
        between: ["ada", "karen"],
        unread: 2,
        script: r#"
-- 13d 5h
karen: I looked for “grace” and found Grace. I looked for “hopp” and found Grace. I looked for “opper” and found nobody.
ada: It matches how a word begins.
karen: Good. So do people. Nobody remembers the middle of a word.
ada: Is there anything you would change?
karen: Not yet. The trouble with finding things begins when there are enough of them to lose.
-- 1d 3h
ada: How is the index of the old ledgers coming along?
karen: I am at 1923. The word “biscuit” is so common by now that it no longer means anything.
ada: You could weigh it by how rare it is.
karen: What a good idea. I wonder who had it 😌
-- 1h 20m
karen: 1931! They bought a lawnmower!
karen: I have to tell somebody and everybody else is at lunch. It has its own page, with a drawing, and a biscuit for scale.
"#,
    },
    Talk {
        between: ["ada", "joe"],
        unread: 0,
        script: r#"
-- 7d 1h
joe: I switched it off and on again.
ada: Why? Was it broken?
joe: No, that is why it was a good moment.
ada: Nobody noticed, if that is what you wanted to know.
joe: That is exactly what I wanted to know.
-- 11h
joe: Suppose two of us write at the very same moment. Which of the two comes first?
ada: One of them. And it is the same one for both of us.
joe: That is all I ask of the universe.
"#,
    },
    Talk {
        between: ["ada", "claude"],
        unread: 0,
        script: r#"
-- 6d 6h
ada: May I have the microscope back?
claude: Yes.
ada: When?
claude: You asked for one bit.
ada: Claude.
claude: It is on your desk. I put it there while you were typing the second question, so that you would have the pleasure.
ada: Thank you. It smells of rubber balls.
claude: That is redundancy. One can take out quite a lot of it before anything is lost.
"#,
    },
    Talk {
        between: ["ada", "mary"],
        unread: 0,
        script: r#"
-- 4d 7h
ada: I am writing from your library terminal. It has no scripts, no mouse and a key that sticks.
mary: The E. You get used to it. Th  trick is to l an on it.
ada: It works, though. One types, one presses Send.
mary: A thing should work for whoever comes through the door with whatever they have got.
ada: May I put that in the handbook?
mary: You may, if the cat permits it.
"#,
    },
    Talk {
        between: ["ada", "sakura"],
        unread: 0,
        script: r#"
-- 16d 8h
ada: Welcome! Is everything readable from where you are?
sakura: ありがとうございます。とても読みやすいです！
sakura: And the lines break where they should, even without spaces. ここは長い文をわざと続けて書いて、折り返しがきちんとしているかどうかを確かめているところです。
ada: That came through beautifully. I could only read the exclamation mark, but with feeling.
sakura: それで十分です。😊
-- 20h
sakura: The new loom arrived. Forty-eight punched cards and not one of them upside down.
ada: I would give a great deal to see it run.
sakura: Come in spring. I will have it weave something for you. What would you like?
ada: Leaves, please.
"#,
    },
    Talk {
        between: ["ada", "nefeli"],
        unread: 1,
        script: r#"
-- 12d 4h
nefeli: Καλημέρα! The sail for the open day is cut: six metres by four.
ada: Will it go through the door?
nefeli: Rolled up, yes. Unrolled, it will go through anything.
ada: Ευχαριστώ! Did I spell that well?
nefeli: Τέλεια.
-- 2h
nefeli: There is wind on Friday. A lot of it. Shall we take the sail outside, or is that a bad idea?
"#,
    },
    Talk {
        between: ["ada", "selam"],
        unread: 0,
        script: r#"
-- 5d 6h
selam: ቡና ተፈልቷል! The coffee is ready.
ada: I am on my way. Which building?
selam: Follow the smell.
ada: ☕️☕️☕️
selam: That is the right number. The first is for taste, the second for talk, the third for luck.
ada: And the fourth?
selam: The fourth is for people with deadlines.
"#,
    },
    Talk {
        between: ["ada", "jose"],
        unread: 0,
        script: r#"
-- 19d 3h
jose: ¡Hola! The bicycle route for the backup is 11.4 km, mostly downhill.
ada: And on the way back?
jose: On the way back there is nothing to carry, so I sing.
ada: What is the bandwidth?
jose: A full disk in the basket, forty minutes: about three gigabits a second. The latency is terrible.
ada: And the packet loss?
jose: Once, a sandwich.
-- 1d 7h
jose: New record: 37 minutes. There was a goose behind me.
ada: 🪿🚲💨
"#,
    },
    Talk {
        between: ["ada", "noga"],
        unread: 0,
        script: r#"
-- 3d 9h
noga: ערב טוב! The telescope is free on Thursday, from 21:00.
ada: Thursday after three nobody changes anything. So looking is allowed?
noga: Looking is always allowed. אפשר גם להביא תה.
ada: I'll bring tea, then. If that is what it said.
noga: That is what it said 🙂
"#,
    },
];
