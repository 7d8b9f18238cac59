// One live stream per browser. The tab that holds the lock follows /events and tells the others; each of them applies
// what it hears, and takes over from the last id when that tab goes. Without locks every tab that is looked at has its own.
// Nothing is lost between a page and its stream: a page shows all that had come before it was asked for, and what came
// since is applied to it again.
import { follow } from "./stream.js";
import { refresh } from "./refresh.js";

const { session } = document.body.dataset;
const name = `jbl-live-${session}`;
const locks = navigator.locks;
const channel = locks && new BroadcastChannel(name);

const KEPT = 200; // pushes
// A page may have been asked for by a clock that was set since.
const MARGIN = 2_000;
const LEADERLESS = 10_000 + 2_000 * Math.random();

// When the list and #main were asked for.
let asked = performance.timeOrigin;
// All up to here was heard, or is on the page.
let cursor = document.getElementById("main").dataset.cursor;
let pushes = []; // the newest that came to this browser,
let since = Infinity; // and from when on none of them is missing
let heard = Date.now(); // the last sign of a leader
let state = null;
let end = null; // of the lead
let waiting = null; // for the lead
let over = false;
let wanted = 0; // fresh pages

const joined = () => since !== Infinity;
const tell = (type, detail) => document.dispatchEvent(new CustomEvent(`live:${type}`, { detail }));

function apply({ data }, fresh) {
  htmx.swap({ text: data.html, sourceElement: document.body, swap: "none" });
  tell("push", { ...data, fresh });
}

function replay(from) {
  for (const push of pushes.filter((push) => push.at >= from)) apply(push, false);
}

/** What happens in every tab. */
function take(event) {
  const { type, data, id, at } = event;
  if (id && joined()) cursor = id;
  if (type === "push") {
    const fresh = !pushes.some((push) => push.id === id);
    if (fresh) pushes.push(event);
    if (pushes.length > KEPT) since = pushes.shift().at + 1;
    apply(event, fresh);
  } else if (type === "reset") {
    pushes = [];
    if (joined()) since = at;
    renew();
  } else {
    if (type === "signed-out") quit();
    if (type === "state") state = data;
    tell(type, data);
  }
}

/** Happens here and in the other tabs. */
function share(type, data, id) {
  const event = { type, data, id, at: Date.now() };
  channel?.postMessage(event);
  take(event);
}

/** One at a time; what is asked for meanwhile may need what came after the last page was. */
async function renew() {
  wanted += 1;
  if (wanted > 1) return;
  for (let done = 0; done < wanted && !over; ) {
    done = wanted;
    asked = (await refresh(() => over)) ?? asked;
  }
  wanted = 0;
}

/** Whether something between then and what is kept is missing; a clock that was set back says nothing. */
const missed = (from) => since > from && since <= Date.now();

function show(next) {
  if (state?.is !== next.is) share("state", next);
}

function lead() {
  if (!joined()) {
    pushes = [];
    since = Date.now();
  }
  const stop = follow(() => cursor, (type, data, id) => (type === "beat" ? remind() : share(type, data, id)), show);
  // Also while nothing comes.
  const reminder = setInterval(remind, 4_000);
  return new Promise((release) => {
    end = () => {
      end = null;
      clearInterval(reminder);
      stop();
      release();
    };
  });
}

function remind() {
  channel?.postMessage({ type: "state", data: state, since });
}

function join(steal = false) {
  if (over) return;
  heard = Date.now();
  if (!locks) {
    // A browser has six lines to one place.
    if (!document.hidden && !end) lead();
    return;
  }
  waiting?.abort();
  const { signal } = (waiting = new AbortController());
  const robbed = () => {
    if (signal.aborted) return;
    end?.();
    since = Infinity; // it slept, and may have missed something
    join();
  };
  locks.request(name, steal ? { steal } : { signal }, lead).catch(robbed);
  ask();
}

function leave() {
  waiting?.abort();
  end?.();
}

function quit() {
  over = true;
  leave();
}

function ask() {
  channel.postMessage({ type: "ask", from: asked - MARGIN });
}

function answer({ from }) {
  channel.postMessage({ type: "answer", from, since, pushes: pushes.filter((push) => push.at >= from), state });
}

function enter(told) {
  pushes = told.pushes;
  since = told.since;
  take({ type: "state", data: told.state });
  if (missed(asked)) renew();
  else replay(0);
  since = Math.max(since, told.from);
  cursor = pushes.at(-1)?.id ?? cursor;
}

channel?.addEventListener("message", ({ data: message }) => {
  if (over) return;
  if (message.type === "ask") return end && answer(message);
  // This leader does not know the last one.
  if (message.type === "state" && message.since > heard) since = Infinity;
  heard = Date.now();
  if (message.type !== "answer") take(message);
  else if (message.from <= asked - MARGIN && !joined() && !end) enter(message);
  if (message.type === "state" && !joined()) ask();
});

// What an answer shows may be older than what was applied while it was on its way.
document.addEventListener("htmx:before:request", ({ detail }) => {
  detail.ctx.asked = Date.now();
});
document.addEventListener("htmx:finally:swap", ({ detail }) => {
  const from = detail.ctx.asked;
  if (!from) return;
  // More came than is kept.
  if (joined() && missed(from)) renew();
  else replay(from);
});

setInterval(() => {
  if (locks && !end && !document.hidden && Date.now() - heard > LEADERLESS) join(true);
}, 2_000);

window.addEventListener("pagehide", leave);
window.addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  over = false;
  asked = Date.now();
  since = Infinity;
  renew();
  join();
});
document.addEventListener("visibilitychange", () => {
  if (locks) return;
  if (document.hidden) leave();
  else join();
});
document.addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") === "/logout") quit();
});

join();
