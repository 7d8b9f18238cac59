// [data-scroller]: what the style sheet cannot do in every browser, opening at the first unread or the wanted message;
// data-away, which shows the way down while the newest end is far; and how much has come in there meanwhile.
let known = null;
let away = false;

const scroller = () => document.querySelector("[data-scroller]");
const jump = () => document.querySelector(".conversation__jump span");

function open() {
  const here = scroller();
  here?.toggleAttribute("data-away", away && here === known);
  if (!here || here === known) return;
  known = here;
  away = false;

  const wanted = here.querySelector("[data-wanted]") ?? here.querySelector("#new");
  if (wanted && location.hash !== "#newest" && !CSS.supports("scroll-initial-target", "nearest")) {
    wanted.scrollIntoView({ block: wanted.id === "new" ? "start" : "center" });
  }

  // Not on a page that ends before.
  const newest = here.querySelector("#newest");
  if (!newest) return;
  const look = (entries) => {
    if (here !== known) return; // gone already
    away = !entries.at(-1).isIntersecting;
    here.toggleAttribute("data-away", away);
    if (!away) jump().textContent = "Newest";
  };
  new IntersectionObserver(look, { root: here, rootMargin: "0px 0px 100px" }).observe(newest);
}

open();
document.addEventListener("htmx:after:swap", open);
document.addEventListener("live:push", ({ detail: { conversation, announce, fresh } }) => {
  const list = document.getElementById(`messages-${conversation}`);
  if (!list || !announce || !fresh || ("end" in list.dataset && !away)) return;
  jump().textContent = `${(parseInt(jump().textContent) || 0) + 1} new`;
});
