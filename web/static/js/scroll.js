// What the style sheet cannot say in every browser about [data-scroller]: opening at the first unread or the
// wanted message, and whether there is something below (data-away shows the way down).
let known = null;

function open() {
  const scroller = document.querySelector("[data-scroller]");
  if (!scroller || scroller === known) return;
  known = scroller;

  const wanted = scroller.querySelector("[data-wanted]") ?? scroller.querySelector("#new");
  if (wanted && location.hash !== "#newest" && !CSS.supports("scroll-initial-target", "nearest")) {
    wanted.scrollIntoView({ block: wanted.id === "new" ? "start" : "center" });
  }

  const newest = scroller.querySelector("#newest");
  if (newest && !CSS.supports("container-type", "scroll-state")) {
    new IntersectionObserver(([end]) => scroller.toggleAttribute("data-away", !end.isIntersecting), {
      root: scroller,
      rootMargin: "0px 0px 100px",
    }).observe(newest);
  }
}

open();
document.addEventListener("htmx:after:swap", open);
