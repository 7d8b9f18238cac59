// [data-scroller]: what the style sheet cannot do in every browser, opening at the first unread or the wanted message,
// and data-away, which shows the way down while the newest end is far.
let known = null;

function open() {
  const scroller = document.querySelector("[data-scroller]");
  if (!scroller || scroller === known) return;
  known = scroller;

  const wanted = scroller.querySelector("[data-wanted]") ?? scroller.querySelector("#new");
  if (wanted && location.hash !== "#newest" && !CSS.supports("scroll-initial-target", "nearest")) {
    wanted.scrollIntoView({ block: wanted.id === "new" ? "start" : "center" });
  }

  const newest = scroller.querySelector("#newest"); // not on a page that ends before
  if (!newest) return;
  const away = (entries) => scroller.toggleAttribute("data-away", !entries.at(-1).isIntersecting);
  new IntersectionObserver(away, { root: scroller, rootMargin: "0px 0px 100px" }).observe(newest);
}

open();
document.addEventListener("htmx:after:swap", open);
