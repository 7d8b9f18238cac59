// What is new, for those who look elsewhere or listen: the number of unread messages in the title and on the icon of an
// installed page; and [data-announce], which speaks each message of somebody else once, in a tab that is looked at.
const region = document.querySelector("[data-announce]");

document.addEventListener("live:push", ({ detail: { unread, announce, fresh } }) => {
  const title = document.title.replace(/^\(\d+\) /, "");
  document.title = unread > 0 ? `(${unread}) ${title}` : title;
  // Not every system has one.
  navigator.setAppBadge?.(unread).catch(() => {});

  if (!announce || !fresh || document.hidden) return;
  const line = document.createElement("span");
  line.textContent = `${announce}\n`;
  region.append(line);
  if (region.childElementCount > 5) region.firstElementChild.remove();
});
