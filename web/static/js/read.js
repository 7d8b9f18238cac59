// [data-read]: posts the "Mark read" form once the newest message has been in view for a second, in a tab that
// somebody is looking at.
// Once for each position: after a failure the button is still there.
let posted = "";
let watched = null;
let inView = false;
let timer = 0;

const observer = new IntersectionObserver((entries) => {
  inView = entries.at(-1).isIntersecting;
  consider();
});

const wanted = (form) => `${form.action} ${form.elements.position.value}`;

function consider() {
  clearTimeout(timer);
  const form = document.querySelector("form[data-read]");
  if (!form || posted === wanted(form) || !window.htmx) return;
  if (!inView || document.hidden || !document.hasFocus()) return;
  timer = setTimeout(() => {
    if (!form.isConnected) return;
    posted = wanted(form);
    form.requestSubmit();
  }, 1000);
}

function watch() {
  // Only on a page that reaches the newest end.
  const newest = document.getElementById("newest");
  if (newest !== watched) {
    observer.disconnect();
    inView = false;
    watched = newest;
    if (newest) observer.observe(newest);
  }
  consider();
}

watch();
document.addEventListener("htmx:after:swap", watch);
document.addEventListener("visibilitychange", consider);
window.addEventListener("focus", consider);
window.addEventListener("blur", consider);
