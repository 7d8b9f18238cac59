// After navigation inside the page: focus goes to the new page's [data-focus], or to its composer where no
// on-screen keyboard would jump up. A first load is left to the browser, so that the skip link stays first.
document.addEventListener("htmx:after:settle", ({ target }) => {
  if (target.id !== "main") return;
  document.querySelector(":popover-open")?.hidePopover();
  const composer = !matchMedia("(pointer: coarse)").matches && target.querySelector("[data-composer] textarea");
  (composer || target.querySelector("[data-focus]") || target).focus({ preventScroll: true });
});
