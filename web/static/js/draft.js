// [data-draft]: keeps what is typed and not yet sent, so that every device goes on with it. One save at a time; an older
// text never overwrites a newer one, and what was typed here is never replaced without asking.
const PAUSE = 500;
const AGAIN = 5_000;
const LATE = 2_000; // nobody waits longer
// Browsers carry no more than 64 kB beyond the end of a page.
const KEEPALIVE = 5_000;

// The composer on the page: its parts; what is known to be stored, and what another device has stored instead (theirs);
// whether a save is under way (saving, and the promise of its end: saved), and whether the text itself is being sent.
let box = null;
// Those that are gone, too, by their forms.
const boxes = new WeakMap();
const headers = { "HX-Request": "true", "X-Session": document.body.dataset.session };

function open() {
  const form = document.querySelector("form[data-draft]");
  if (form === (box?.form ?? null)) return;
  if (box) leave();
  box = form && { form, text: form.querySelector("textarea") };
  if (!box) return;
  boxes.set(form, box);
  box.stored = "unsaved" in form.dataset ? null : box.text.value;
  if (box.stored === null) later(box, PAUSE);
}

const revision = ({ form }) => form.querySelector("#composer-draft");
const isTouched = ({ text, stored }) => text.value !== stored;

function later(box, pause) {
  clearTimeout(box.timer);
  box.timer = setTimeout(save, pause, box);
}

function save(box) {
  clearTimeout(box.timer);
  if (box.saving || box.sending || box.theirs || !isTouched(box)) return;
  box.saving = true;
  box.saved = put(box).finally(() => (box.saved = null));
}

async function put(box) {
  const message = box.text.value;
  const body = new URLSearchParams({ message, revision: revision(box).value });
  const keepalive = message.length < KEEPALIVE;
  let pause = AGAIN;
  try {
    const answer = await fetch(box.form.dataset.draft, { method: "POST", headers, body, keepalive });
    if (answer.status === 401) return document.dispatchEvent(new CustomEvent("live:signed-out"));
    if (answer.ok || answer.status === 409) {
      learn(box, await answer.json(), answer.ok ? message : null);
      pause = PAUSE;
    }
  } catch {
    // tried again below
  }
  box.saving = false;
  if (!isTouched(box)) return;
  if (box.form.isConnected) later(box, pause);
  else if (pause === PAUSE) save(box); // typed at the last moment
}

/** What the server answered to a save: it is stored, or something else is. */
function learn(box, { draft, revision: number }, saved) {
  if (saved !== null || draft === "" || draft === box.text.value) {
    box.stored = saved ?? draft;
    revision(box).value = number;
    return;
  }
  box.theirs = { draft, number };
  if (box.form.isConnected) conflict().hidden = false;
  else choose(box, "both");
}

// Of the box on the page.
const conflict = () => document.querySelector("[data-conflict]");

/** Where nobody is left to ask, both texts are kept. */
function choose(box, which) {
  const { draft, number } = box.theirs;
  box.theirs = null;
  box.stored = draft;
  revision(box).value = number;
  if (which === "theirs") box.text.value = draft;
  if (which === "both") box.text.value = `${draft}\n\n${box.text.value}`;
  if (box.form.isConnected) conflict().hidden = true;
  save(box);
}

/** Another device, another tab or a fresh page knows of a draft: a box that nobody has touched takes it. */
export function offer({ conversation, draft, draftRevision }) {
  if (box?.form.dataset.conversation !== conversation || Number(draftRevision) <= Number(revision(box).value)) return;
  // The next save will tell.
  if (draft !== box.text.value && (isTouched(box) || box.saving || box.sending)) return;
  box.text.value = box.stored = draft;
  revision(box).value = draftRevision;
}

/** Nothing waits any longer: the page may go. */
function leave() {
  if (box?.theirs) choose(box, "both");
  else if (box) save(box);
}

open();
document.addEventListener("htmx:after:swap", () => {
  open();
  if (box?.theirs) conflict().hidden = false;
});
document.addEventListener("input", ({ target }) => {
  if (target === box?.text) later(box, PAUSE);
});
document.addEventListener("click", ({ target }) => {
  if (!target.matches?.("[data-choose]") || !box?.theirs) return;
  choose(box, target.dataset.choose);
  box.text.focus();
});

// What is being saved is saved first, or it could come back after it was sent.
const first = (event) => {
  const form = event.target;
  const it = boxes.get(form);
  if (!it) return;
  it.sending = !it.saved;
  if (it.sending) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.wanted ??= it.text.value;
  Promise.race([it.saved, new Promise((late) => setTimeout(late, LATE))]).then(() => {
    it.saved = null;
    if (form.isConnected) form.requestSubmit();
  });
};
document.addEventListener("submit", first, { capture: true });
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const it = boxes.get(ctx.sourceElement);
  if (!it) return;
  it.sending = false;
  const isSent = ctx.response?.status === 200;
  // Sending has cleared it.
  if (isSent && !it.saving) it.stored = "";
  if (isSent && it.theirs && it.text.value === "") choose(it, "theirs");
  if (it.form.isConnected) later(it, PAUSE);
  else if (!isSent) save(it);
});
document.addEventListener("live:push", ({ detail }) => offer(detail));
document.addEventListener("live:signed-out", () => {
  // For ever: whoever logs in next may be somebody else.
  if (box) box.saving = true;
});
document.addEventListener("visibilitychange", () => document.hidden && box && save(box));
window.addEventListener("pagehide", () => {
  // What is being sent may not arrive any more. If it did, this comes too late to bring it back.
  if (box) box.sending = false;
  leave();
});
