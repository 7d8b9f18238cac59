// [data-live] says how the line is; it is a status, so losing the line is spoken. When the session has ended elsewhere,
// [data-signed-out] says so, and takes a text that was typed through the log-in.
import { status } from "./stream.js";
import { clock } from "./time.js";

const line = document.querySelector("[data-live]");
const dialog = document.querySelector("[data-signed-out]");

document.addEventListener("live:state", ({ detail }) => {
  if (!detail) return;
  const words = { live: "Live", reconnecting: "Reconnecting", offline: `Offline since ${clock.format(detail.since)}` };
  if (line.textContent !== words[detail.is]) line.textContent = words[detail.is];
  line.dataset.live = detail.is;
});

document.addEventListener("live:signed-out", () => {
  line.textContent = "";
  // What is behind it can still be read and copied.
  dialog.show();
  // But nothing is done by itself any more, and by hand it is a page of its own that answers.
  document.addEventListener("htmx:before:request", (event) => {
    event.preventDefault();
    if (event.target.matches("[data-composer]")) event.target.submit();
    else if (event.target.matches("a")) location.assign(event.target.href);
  });
});

dialog.querySelector("[data-again]").addEventListener("click", async (event) => {
  event.preventDefault();
  const form = document.querySelector("[data-composer]");
  const answer = await status("/events");
  if (!answer || answer >= 500) return;
  // The log-in page that answers carries the text, also when somebody else has logged in here.
  if (form?.querySelector("textarea").value.trim()) form.submit();
  else if (answer === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
  else location.reload();
});
