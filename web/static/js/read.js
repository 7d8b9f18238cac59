// [data-read]: posts the "Mark read" form once the newest message has been in view for a second, in a tab that
// somebody is looking at.
const posted = new WeakSet(); // once each: after a failure the button is still there
let inView = false;
let timer = 0;

const observer = new IntersectionObserver((entries) => {
  inView = entries.at(-1).isIntersecting;
  consider();
});

function consider() {
  clearTimeout(timer);
  const form = document.querySelector("form[data-read]");
  if (!form || posted.has(form) || !window.htmx) return;
  if (!inView || document.hidden || !document.hasFocus()) return;
  timer = setTimeout(() => {
    if (!form.isConnected) return;
    posted.add(form);
    form.requestSubmit();
  }, 1000);
}

function watch() {
  observer.disconnect();
  inView = false;
  consider();
  const newest = document.getElementById("newest"); // only on a page that reaches the newest end
  if (newest) observer.observe(newest);
}

watch();
document.addEventListener("htmx:after:swap", watch);
document.addEventListener("visibilitychange", consider);
window.addEventListener("focus", consider);
window.addEventListener("blur", consider);
