// [data-live] says how the line is; it is a status, so losing the line is spoken. When the session has ended elsewhere,
// [data-signed-out] says so, and takes a text that was typed through the log-in.
import { isOver } from "./stream.js";
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
  dialog.show(); // what is behind it can still be read and copied
});

dialog.querySelector("[data-again]").addEventListener("click", async (event) => {
  event.preventDefault();
  const form = document.querySelector("[data-composer]");
  // Somebody has logged in already, perhaps somebody else.
  if (!(await isOver("/events"))) location.reload();
  else if (form?.querySelector("textarea").value.trim()) form.submit(); // the log-in page that answers carries it
  else location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
});
