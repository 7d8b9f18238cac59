//! The long conversation of the demo: six weeks of two friends who set up a messenger, long enough to scroll back through.

use super::script::Talk;

pub(super) const TALK: Talk = Talk {
    between: ["ada", "grace"],
    unread: 3,
    script: r#"
-- 42d 6h
ada: Is this thing on?
grace: It is on! Hello from the other desk.
ada: I can hear you typing. This is absurd. And lovely.
grace: Two people, one messenger, four metres apart. We have arrived in the future.
ada: How long did it take you to install it?
grace: I made tea, started the build, and when the tea was ready so was the server. One program, one folder.
ada: One folder?
grace: One. I looked twice, because I did not believe it either.
ada: Then the backup plan is “copy the folder”.
grace: When it is stopped, yes. Let me read what it says about copying it while it runs before anybody gets ideas.
ada: Sensible. Who do we invite first?
grace: People who will complain precisely.
ada: So Edsger.
grace: So Edsger. And Jean, who breaks everything by looking at it.
ada: And Karen, because somebody should be nice to us afterwards.
-- 41d 2h
grace: Good morning. Edsger is in. His first message was a numbered list.
ada: How many numbers?
grace: Eleven. Number four is “the list of people is in order, which is as it should be”.
ada: That is the warmest thing he has ever written.
grace: I am having it framed.
ada: Jean is in too. She pasted an entire novel into one message.
grace: And?
ada: It said a message has at most 8,000 characters, told her how many hers had, and kept all of it in the box.
grace: That is what I want from software. Say no, say why, do not drop what I was carrying.
ada: She then split the novel into chapters and sent those.
grace: Of course she did.
ada: I am on chapter three. It is quite good.
-- 39d 5h
ada: The machine under the stairs: is it big enough?
grace: Two cores and a disk that is older than some of our members. It yawns.
ada: Did you measure, or did you look at it?
grace: I looked at it first. Then I measured. Eleven milliseconds for a page, most of it the disk making sure.
ada: Making sure of what?
grace: That what you wrote is really written, before it tells you so.
ada: I like a machine with manners.
grace: Eleven milliseconds is three thousand three hundred kilometres of light in a wire, by the way. I can bring you some of it.
ada: You carry wire around, don't you.
grace: A nanosecond is thirty centimetres. I always have a few on me. One never knows who will ask.
ada: I am asking. Bring me a microsecond.
grace: That is three hundred metres. I will need help with the door.
-- 38d 7h
grace: Kettle question: does the blue one whistle or is it broken?
ada: It whistles if you are in another room. It is shy.
grace: A kettle with a race condition.
ada: Lunch?
grace: Dumplings. The small place behind the canal has a new cook.
ada: How new?
grace: New enough to be generous, not yet tired.
ada: I'll get my coat.
-- 36d 4h
ada: I wrote the first page of the handbook. It says how to log in, how to write to someone, and that is all there is to say.
grace: A handbook of one page?
ada: Half a page. The other half is a drawing of the cat.
grace: Nobody will read the first half now.
ada: That was the idea. They will look at the cat and find that they already know the rest.
grace: Put in that one can just start typing somebody's name on the people page. Katherine was scrolling.
ada: Through eighteen people?
grace: She said she was checking them off against her list. Two were missing, and she was right.
ada: Who?
grace: Dorothy, who was on holiday, and you. You had not put yourself on the list.
ada: I can hardly write to myself.
grace: It told me so too, politely.
ada: You tried?
grace: Naturally I tried.
-- 35d 3h
grace: Somebody's accents vanish when they search. I typed “nunez” and found José Ángel Núñez.
ada: They do not vanish, they are forgiven. Small letters, large letters, hats and tails: all one when you look for them.
grace: And “ＡＤＡ”, in those wide letters?
ada: Also me.
grace: You are everywhere.
ada: I am at the window, waving. Look left.
grace: Very good. Please go back to work.
-- 33d 8h
ada: Can we talk about the power cut?
grace: Which one?
ada: The one this morning, in which you walked to the fuse box and switched off the whole house.
grace: Ah. That was not a cut, that was an experiment.
ada: There were people in the house!
grace: There were, and every one of them had sent something in the second before. I counted: forty-one messages acknowledged, forty-one there after the restart, in the same order for everybody.
ada: And the forty-second?
grace: Was still being sent. The page said that it had not gone, and kept it. I pressed Send again, and there it was, once.
ada: Once.
grace: Exactly once. Which, I will have you know, is a larger number than it looks.
ada: I have been trying to explain that for a hundred and eighty years.
grace: Next time I will warn you.
ada: Next time warn the dishwasher. It speaks only in riddles now.
-- 32d 2h
grace: Dishwasher fixed. It wanted its clock set, which it cannot see, by a button it does not have.
ada: And yet they let it near water.
grace: Our server, I notice, did not ask for the time. It counts.
ada: Counting is better than clocks. Two clocks have an opinion each; a count is a count.
grace: You should put that on the handbook's other half.
ada: The cat stays.
-- 30d 6h
ada: Proposal: on Thursdays nobody changes anything after three.
grace: Seconded. Why?
ada: Because on Thursdays at four I find out what was changed at three.
grace: Then nobody changes anything on Thursdays after three, and nobody tells Joe that it is a rule.
ada: If one tells Joe a thing may crash, he only asks how quickly it comes back.
grace: He has a point, to be fair.
ada: He has. I timed it: from nothing to the first page in under a second.
grace: That was before or after he pulled the plug?
ada: During.
-- 29d 5h
grace: Found it. The thing in the relay room.
ada: The hum?
grace: Not the hum. The thing that made the hum stop every night at two.
ada: Do not tell me it was
grace: A moth. I have taped it into the logbook.
ada: You have done that before.
grace: And I will do it again. First actual case of the same bug being found twice.
ada: Give it a number.
grace: I gave it a name. Gerald.
ada: Poor Gerald.
grace: He died doing what he loved, which was stopping the hum.
-- 27d 7h
ada: I have been reading the old ledger of the club. 1911: “It was resolved that messages be left in the biscuit tin.”
grace: Did it scale?
ada: “It was resolved that a second tin be procured.” So, yes, horizontally.
grace: And consistency?
ada: “Members are reminded that a message removed from one tin is not thereby removed from the other.”
grace: Each had their own copy! They knew!
ada: They also knew that biscuits attract mice, and resolved nothing about it.
grace: No system is perfect.
ada: I scanned the page. The tin itself is in the cupboard. It still smells of ginger.
grace: We should keep the spare keys in it.
ada: They are in it. They have been in it since 1911, it turns out.
grace: That explains the door.
-- 26d 3h
grace: Lunch?
ada: I have soup. Edsger made soup.
grace: Edsger cooks?
ada: He derived it.
grace: Is it any good?
ada: It is correct.
-- 24d 6h
ada: Numbers for you. I put ten thousand made-up people and a million made-up messages into a copy on my laptop.
grace: Made up by whom?
ada: By the program. It has a command for that. Same seed, same people, down to the last full stop.
grace: And then?
ada: And then I opened the longest conversation and went back and back and back. It never jumped and it never got slower.
grace: How long is the longest?
ada: Longer than ours.
grace: Impossible.
ada: A hundred thousand messages between two people who do not exist. They seem happy.
grace: What do they talk about?
ada: Mostly lunch.
grace: So it is realistic.
ada: Some of them write in Greek, some in Amharic, some only in vegetables. One has a bicycle in her name.
grace: I would like to meet her.
ada: She speaks very highly of a kettle.
-- 23d 4h
grace: Small victory: the nightly copy now goes to the other building.
ada: By wire or by bicycle?
grace: By wire. The bicycle is the fallback.
ada: Have you tried to bring it back?
grace: The bicycle?
ada: The copy! A backup is only a rumour until somebody has restored it.
grace: I restored it at lunch. Every message, every unread badge. I even found out what I had failed to read last year.
ada: What was it?
grace: You, asking whether I had fed the cat.
ada: And had you?
grace: The cat has no complaints on record.
-- 21d 8h
ada: Semicolon has complaints.
grace: He is sitting on the keyboard again?
ada: ;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;
grace: Hello, Semicolon.
ada: He is very pleased. That was his first message.
grace: He used more punctuation than Jean's whole novel.
ada: Note that it broke the line nicely and did not push the page out of shape. I call that a test.
grace: Write it down. “Tested with cat.”
ada: It is in the handbook. On his half.
-- 20d 2h
grace: Review, when you have a moment? I replaced the pile of shell scripts with one that I can read aloud.
ada: Send it over.
grace: #!/bin/sh
| # Copies last night's backup to the other building, and says so only when it did not work.
| set -eu
| newest=$(ls -t backups/*.db | head -n 1)
| if ! rsync --partial "$newest" annex:backups/; then
|     echo "the copy of $newest did not arrive" >&2
|     exit 1
| fi
ada: Read it aloud, then.
grace: “Set minus e u. Newest is the first of the list, by time.”
ada: And when there is no backup at all?
grace: Then `ls` fails, and… no, `head` is content with nothing. Hm.
ada: Silence is only golden if it was earned.
grace: One more line, then:
| [ -n "$newest" ] || { echo "there is no backup to copy" >&2; exit 1; }
ada: Now I believe it.
grace: You always find the one case.
ada: There is always one case.
-- 18d 5h
ada: I was asked today why we do not just use one of the big ones, like everybody.
grace: What did you say?
ada: That I like to know where my letters are kept.
grace: Under the stairs, in a box that hums.
ada: Exactly. And that when we leave this house one day, we carry the box out with us.
grace: Did they laugh?
ada: They asked for the handbook.
grace: With the cat?
ada: They asked for the cat first.
-- 17d 3h
grace: The new people arrive on Monday. I made them accounts this morning: one command each, password typed twice, done.
ada: Whom do we have?
grace: 森本さくら from the workshop in Kyōto, Νεφέλη who does the sails, נוגה from the observatory, Selam with the good coffee.
ada: So the list of people is now in how many scripts?
grace: Eight, if one counts Edsger's handwriting.
ada: And they can all be found by what is on one's own keyboard?
grace: By their usernames, always. By their names, if you can type those.
ada: I am learning to type those.
grace: So is everybody. Nour wrote me a whole line from right to left yesterday, with a part number in the middle, and it came out straight.
ada: That is harder than it looks.
grace: Most straight things are.
-- 15d 7h
ada: Somebody left the window in the archive open.
grace: I know. It was me. It was an experiment.
ada: What did we learn?
grace: That paper absorbs water.
ada: I feel that this was known.
grace: Not quantitatively.
-- 14d 4h
grace: I have prepared my talk for the open day. It is called “Ships, compilers, and why it is easier to apologise”.
ada: How long is it?
grace: Forty minutes, of which ten are wire.
ada: Will you hand out nanoseconds?
grace: To every child. The grown-ups may have a picosecond each, which is pepper.
ada: I will do the cards again. People like the cards.
grace: People like it when you explain what the machine could do if somebody finished it.
ada: It weaves algebra the way the loom weaves leaves. I have been saying it for years; it still gets applause.
grace: It gets applause because it is still true.
ada: Thank you. That is kind.
grace: It is merely accurate. I am told that is better.
-- 12d 6h
ada: Dark.
grace: The mood?
ada: The page. I came back to it in the evening and it had gone dark all by itself, because my machine had.
grace: Mine does that at seven.
ada: It is restful. The bubbles look like lit windows across a street.
grace: You should write poetry.
ada: My mother took precautions against that.
grace: They do not seem to have worked.
-- 11d 3h
grace: Open day report. Two hundred visitors, six hundred biscuits, one lost umbrella, no lost messages.
ada: And the children?
grace: One asked whether the nanosecond hurts.
ada: What did you say?
grace: Only if one wastes it.
ada: 👏👏👏
grace: Another wanted to know who was in charge of the internet. I said that nobody is, and that this is what it is for.
ada: Did her parents come to help with the chairs?
grace: Everybody helped with the chairs. We were done in a quarter of an hour.
ada: Then it was a good day.
grace: It was a very good day. I am having my feet up and a biscuit.
-- 9d 5h
ada: The disk under the stairs: I looked at the graph. It is at sixty per cent.
grace: With what? We are twenty-two people!
ada: With Jean's novel.
grace: Be serious.
ada: With logs. Not ours: the sprinkler's. It logs every drop.
grace: How many drops?
ada: All of them.
grace: I will have a word with the sprinkler.
ada: Ours, for comparison: all our messages together are smaller than one photograph of the cat.
grace: Which photograph?
ada: The one on the handbook.
grace: Then it is well spent.
-- 8d 2h
grace: Sprinkler silenced. It now logs when it does NOT rain. Down to nine per cent.
ada: In this country?
grace: It has written nothing since.
-- 6d 7h
ada: Do you have the second microscope?
grace: Claude has it. He is looking at his juggling balls.
ada: Why?
grace: He says that one of them carries less information than the others.
ada: And does it?
grace: It is the red one. He dropped it twice. Now everybody knows where it will be, which proves him right.
ada: I will ask him for the microscope after lunch.
grace: Ask quickly. He is building something to throw it.
-- 5d 4h
grace: Did you see that the tests take four minutes now?
ada: They took six last week.
grace: I found two that did nothing but wait.
ada: For what?
grace: For each other.
ada: Poor things. What did you do?
grace: Introduced them. They are very happy, and four minutes is enough time for tea but not for regret.
ada: Put that into the handbook.
grace: There is no room left. The cat has grown.
-- 4d 6h
ada: I tried it without scripts today. Everything off, like the browser on the library's terminal.
grace: And?
ada: It is a set of pages with forms on them. It works. One presses Send and there it is.
grace: That is all I ever wanted of a computer.
ada: I wrote to Mary from there. She answered before I had found my glasses.
grace: She has a terminal in the library. She IS the library.
-- 3d 3h
grace: Soup day. Edsger has derived a minestrone.
ada: Is it correct?
grace: It is, and this time it is also salted.
ada: Progress! Keep me a bowl?
grace: With a lid and your name on it. In pen, not in pencil, because Jean.
ada: You are a true friend.
-- 2d 5h
ada: Thought for the day: everybody keeps her own copy of what she was sent. I find that a very decent rule.
grace: In letters or in software?
ada: I no longer see the difference.
grace: It is how the post works. What comes through your door is yours.
ada: And the writer keeps her own copy.
grace: In a drawer, tied with string.
ada: How many drawers do you have?
grace: One a correspondent. Yours is full; I have begun a second.
ada: I did the same last year.
-- 1d 4h
grace: Who takes the key on Friday?
ada: I do. It is in the tin.
grace: The ginger tin?
ada: There is only one tin. The second was never procured: I found the minute. “Resolved: that the mice be asked.”
grace: History is a comfort.
ada: So is ginger.
-- 5h
ada: Friday, then: you bring the projector, I bring the cards, Alan brings himself.
grace: By bicycle, in a gas mask, because of the pollen.
ada: He is the only person I know who is improved by it.
grace: I'll tell him you said so.
ada: He knows. He has it printed on a card.
grace: Katherine wants to check the seating plan.
ada: Has she found something?
grace: Not yet. She says it is suspicious.
-- 34m
ada: Are you at your desk?
grace: I am. I can see your feet.
ada: The chart for Friday: does it go up because things are better or because the paper is upside down?
grace: Let me look.
grace: It is upside down. But they are also better. Turn it round and use a logarithm.
ada: You have just invented marketing.
grace: Take that back!
ada: I can't. It is in your drawer now.
grace: Touché. ☕?
ada: ☕!
-- 9m
grace: They have the good biscuits downstairs. The ones with the ginger.
grace: I have taken the liberty of securing six.
grace: Come quickly, Semicolon has seen them too.
"#,
};
