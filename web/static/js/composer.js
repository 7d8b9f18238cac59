// [data-composer]: Enter sends, a counter near the limit, one request at a time, and no text is ever lost:
// what was sent leaves the box only when the server has accepted it, what was typed meanwhile stays.
// Form → the text that is on its way.
const flying = new WeakMap();
// Forms whose "send" was asked for while another was on its way.
const again = new WeakSet();
const touch = matchMedia("(pointer: coarse)");

const composerOf = (event) => event.target.closest?.("[data-composer]");
const textOf = (form) => form.querySelector("textarea");

function count(form) {
  const text = textOf(form);
  const limit = Number(text.dataset.limit);
  const used = text.value.length < limit * 0.9 ? 0 : [...text.value.trim()].length;
  const shown = form.querySelector("[data-count]");
  shown.textContent = used < limit * 0.9 ? "" : `${used.toLocaleString()} of ${limit.toLocaleString()}`;
  shown.toggleAttribute("data-over", used > limit);
}

function say(form, sentence) {
  document.getElementById("composer-error").textContent = sentence;
  textOf(form).removeAttribute("aria-invalid");
}

document.addEventListener("keydown", (event) => {
  const form = composerOf(event);
  if (!form || event.key !== "Enter" || event.shiftKey || touch.matches) return;
  // Enter ends a composition first.
  if (event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  if (textOf(form).value !== "" && !event.repeat) form.requestSubmit();
});

document.addEventListener("input", (event) => {
  const form = composerOf(event);
  if (form) count(form);
});

// A tap on "Send" must not take the focus, and with it the on-screen keyboard, away.
document.addEventListener("mousedown", (event) => {
  const form = composerOf(event);
  if (form && event.target.closest("[type=submit]") && document.activeElement === textOf(form)) event.preventDefault();
});

document.addEventListener("submit", (event) => {
  const form = composerOf(event);
  // A page that was drawn anew elsewhere than at its end has no place for the answer: the next page shows it.
  if (form?.hasAttribute("hx-post") && !document.querySelector("[data-end]")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    form.submit();
  }
  // Htmx drops it (hx-sync); asked for again when the line is free.
  if (form && flying.has(form)) again.add(form);
}, { capture: true });

document.addEventListener("htmx:before:request", (event) => {
  const form = composerOf(event);
  if (!form) return;
  const { body } = event.detail.ctx.request;
  // What was typed since "Send" was asked for is not a part of it: draft.js let it wait for a moment.
  if (form.wanted !== undefined) body.set("message", form.wanted);
  delete form.wanted;
  flying.set(form, body.get("message"));
});

document.addEventListener("htmx:finally:request", (event) => {
  const form = composerOf(event);
  if (!form?.isConnected || !flying.has(form)) return;
  const sent = flying.get(form);
  const status = event.detail.ctx.response?.status;
  const more = again.delete(form);
  flying.delete(form);

  if (status === 200) accepted(form, sent, more);
  else if (status === 422) textOf(form).setAttribute("aria-invalid", "true"); // htmx has put the sentence in its place
  else if (status === undefined) say(form, form.dataset.failed);
});

// The session has ended: the browser posts the form itself, and the log-in page that answers carries the text.
document.addEventListener("htmx:after:request", (event) => {
  const form = composerOf(event);
  if (form && event.detail.ctx.response?.status === 401) {
    event.preventDefault();
    form.submit();
  }
});

function accepted(form, sent, more) {
  const text = textOf(form);
  text.removeAttribute("aria-invalid");
  if (text.value.startsWith(sent)) text.value = text.value.slice(sent.length).trimStart();
  count(form);
  if (form.contains(document.activeElement) || document.activeElement === document.body) text.focus({ preventScroll: true });
  document.getElementById("newest")?.scrollIntoView({ block: "end" });
  // Once htmx has let go of this one.
  if (more && text.value.trim() !== "") queueMicrotask(() => form.requestSubmit());
}
