// [data-notice]: says that a request failed where nothing else would (the composer says so itself).
const notice = document.querySelector("[data-notice]");
const elsewhere = ({ target }) => !target.closest?.("[data-composer], [data-read]");

document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx && elsewhere(event)) notice.hidden = false;
});
document.addEventListener("htmx:response:error", (event) => {
  const { response, select } = event.detail.ctx;
  if (response.status >= 500 && !select && elsewhere(event)) notice.hidden = false; // a page would show its own error
});
document.addEventListener("htmx:before:request", () => { notice.hidden = true });
