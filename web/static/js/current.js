// After navigation inside the page: marks the links whose ids (or whose row's id) #main names in data-current.
document.addEventListener("htmx:after:settle", ({ target }) => {
  if (target.id !== "main") return;
  const here = target.dataset.current?.split(" ").filter(Boolean) ?? [];
  for (const link of document.querySelectorAll(".nav a, .list__row > a")) {
    const named = here.includes(link.id) || here.includes(link.parentElement.id);
    if (named) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
});
