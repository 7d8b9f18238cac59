// After navigation inside the page: focus goes to the new page's [data-focus], or to its composer where no
// on-screen keyboard would jump up. A first load is left to the browser, so that the skip link stays first.
document.addEventListener("htmx:after:settle", ({ target, detail }) => {
  // The same page, only fresher.
  if (target.id !== "main" || detail.task.swapSpec.style === "outerMorph") return;
  document.querySelector(":popover-open")?.hidePopover();
  const composer = !matchMedia("(pointer: coarse)").matches && target.querySelector("[data-composer] textarea");
  // A draft goes on at its end.
  if (composer) composer.setSelectionRange(composer.value.length, composer.value.length);
  (composer || target.querySelector("[data-focus]") || target).focus({ preventScroll: true });
});

// The links whose ids (or whose row's id) #main names in data-current are marked, also those of rows that came in.
document.addEventListener("htmx:after:swap", () => {
  const here = document.getElementById("main").dataset.current?.split(" ").filter(Boolean) ?? [];
  for (const link of document.querySelectorAll(".nav a, .list__row > a")) {
    const named = here.includes(link.id) || here.includes(link.parentElement.id);
    if (named) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
});
