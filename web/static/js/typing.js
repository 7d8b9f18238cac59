// Says who is typing in the open conversation, and tells the others when it is us.
const TOLD_AGAIN = 3_000;
const HOLDS = 6_000;

// When we last said that we type: oftener is not passed on.
let told = 0;
let typing = false; // whether the others believe so
let address = null; // and where

function say(state) {
  typing = state === "started";
  if (typing) told = Date.now();
  const body = new URLSearchParams({ state });
  fetch(address, { method: "POST", headers: { "HX-Request": "true", "X-Session": document.body.dataset.session }, body, keepalive: true }).catch(() => {});
}

function stop() {
  if (typing) say("stopped");
}

document.addEventListener("input", ({ target }) => {
  const form = target.closest("[data-typing][data-composer]");
  if (!form) return;
  if (address !== form.dataset.typing) told = 0;
  address = form.dataset.typing;
  if (target.value.trim() === "") stop();
  else if (Date.now() - told > TOLD_AGAIN) say("started");
});
document.addEventListener("htmx:before:request", ({ target }) => {
  // Sent, or left.
  if (target.matches?.("[data-composer], a, form:not([data-read])")) stop();
});
window.addEventListener("pagehide", stop);

// Conversation and person → name and timer.
const writers = new Map();

function hush(key) {
  clearTimeout(writers.get(key)?.timer);
  writers.delete(key);
}

function draw() {
  const line = document.querySelector("p[data-typing]");
  if (!line) return;
  const here = line.id.replace("typing-", "");
  const names = [...writers.values()].filter(({ conversation }) => conversation === here).map(({ name }) => name);
  const who = names.length > 2 ? "Several people" : names.join(" and ");
  line.textContent = names.length && `${who} ${names.length > 1 ? "are" : "is"} typing`;
  line.hidden = !names.length;
}

document.addEventListener("live:typing", ({ detail: { conversation, user, name, typing } }) => {
  const key = `${conversation} ${user}`;
  hush(key);
  const gone = () => {
    hush(key);
    draw();
  };
  if (typing) writers.set(key, { conversation, name, timer: setTimeout(gone, HOLDS) });
  draw();
});
document.addEventListener("live:push", ({ detail: { conversation, author, fresh } }) => {
  if (author && fresh) hush(`${conversation} ${author}`);
  draw();
});
document.addEventListener("htmx:after:swap", draw);
