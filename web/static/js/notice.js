// [data-notice]: says that a request failed where nothing else would (the composer has a line of its own). The server
// puts its sentence there when it has one; when nobody answered, it is the sentence that the page came with.
const notice = document.querySelector("[data-notice]");
const unanswered = notice.textContent;
const elsewhere = ({ target }) => !target.closest?.("[data-composer], [data-read]");

document.addEventListener("htmx:error", (event) => {
  if (!event.detail.ctx || !elsewhere(event)) return;
  notice.textContent = unanswered;
  notice.hidden = false;
});

document.addEventListener("htmx:response:error", (event) => {
  const { hx, select } = event.detail.ctx;
  // A page would show its own error.
  if (!select && !hx.redirect && elsewhere(event)) notice.hidden = false;
});

document.addEventListener("htmx:before:request", () => {
  notice.hidden = true;
});
