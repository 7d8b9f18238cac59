// One event stream that stays: whatever has failed or fallen silent is closed, and a new one opened from the last id.
const KINDS = ["push", "typing", "reset", "signed-out", "beat"];
const SILENCE = 7_000; // a beat comes every 4 s
// Then "reconnecting" has become "offline".
const PATIENCE = 5_000;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

const address = (after) => `/events?${new URLSearchParams({ after, session: document.body.dataset.session })}`;

/** How the server answers to a stream at this address; nothing when it cannot be reached. */
export async function status(address) {
  const enough = new AbortController();
  try {
    return (await fetch(address, { signal: enough.signal })).status;
  } catch {
    return 0;
  } finally {
    enough.abort();
  }
}

/**
 * Follows the events after the cursor that `after` gives: `hear` takes each of them, `show` how the line is.
 * What is returned ends it.
 */
export function follow(after, hear, show) {
  let source = null;
  let pause = FIRST_PAUSE;
  let since = 0; // when the line was lost
  let ended = false;
  let silence = 0;
  let patience = 0;
  let retry = 0;

  function open() {
    shut();
    source = new EventSource(address(after()));
    for (const kind of KINDS) source.addEventListener(kind, take);
    source.addEventListener("error", fail);
    silence = setTimeout(lose, SILENCE, true);
  }

  function shut() {
    source?.close();
    for (const timer of [silence, retry]) clearTimeout(timer);
  }

  function take({ type, data, lastEventId }) {
    clearTimeout(silence);
    silence = setTimeout(lose, SILENCE, true);
    clearTimeout(patience);
    pause = FIRST_PAUSE;
    since = 0;
    show({ is: "live" });
    hear(type, JSON.parse(data), lastEventId);
  }

  async function fail({ target }) {
    const refused = target.readyState === EventSource.CLOSED;
    lose(false);
    if (refused && (await status(address(""))) === 401 && !ended) hear("signed-out", {});
  }

  /** Tries again after a while; the line is known to be gone, or may be back at once. */
  function lose(gone) {
    shut();
    const first = !since;
    since ||= Date.now();
    const offline = () => show({ is: "offline", since });
    if (gone || !navigator.onLine) offline();
    else if (first) {
      show({ is: "reconnecting" });
      clearTimeout(patience);
      patience = setTimeout(offline, PATIENCE);
    }
    retry = setTimeout(open, pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  function hurry({ type }) {
    if (since && (type === "online" || !document.hidden)) open();
  }

  const offline = () => lose(true);
  window.addEventListener("offline", offline);
  window.addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  open();

  return () => {
    ended = true;
    shut();
    clearTimeout(patience);
    window.removeEventListener("offline", offline);
    window.removeEventListener("online", hurry);
    document.removeEventListener("visibilitychange", hurry);
  };
}
