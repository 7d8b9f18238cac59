// Shows every <time data-time> in the reader's own zone, exact on hover; tells the server the zone by a cookie.
const language = document.documentElement.lang || "en";
const locale = navigator.languages.find((tag) => tag.split("-")[0] === language) ?? language;
const as = (options) => new Intl.DateTimeFormat(locale, options);
export const clock = as({ hour: "numeric", minute: "2-digit" });
const weekday = as({ weekday: "short" });
const date = as({ day: "numeric", month: "short" });
const dated = as({ day: "numeric", month: "short", year: "numeric" });
const line = as({ weekday: "long", day: "numeric", month: "long" });
const lined = as({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
const exact = as({ dateStyle: "full", timeStyle: "medium" });

/** Whole local days from then to now: 0 is today, 1 yesterday. */
function daysSince(then) {
  const midnight = (moment) => new Date(moment).setHours(0, 0, 0, 0);
  return Math.round((midnight(Date.now()) - midnight(then)) / 86_400_000);
}

const written = {
  clock: (then) => clock.format(then),
  short(then) {
    const days = daysSince(then);
    if (days <= 0) return clock.format(then);
    if (days < 7) return weekday.format(then);
    return (days < 300 ? date : dated).format(then);
  },
  day(then) {
    const days = daysSince(then);
    if (days === 0) return "Today";
    if (days === 1) return "Yesterday";
    return (days < 300 ? line : lined).format(then);
  },
};

function tell() {
  for (const time of document.querySelectorAll("time[data-time]")) {
    const then = new Date(time.dateTime);
    const text = written[time.dataset.time]?.(then);
    if (text === undefined || Number.isNaN(then.getTime())) continue;
    if (time.textContent !== text) time.textContent = text;
    time.title = exact.format(then);
  }
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `tz=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}
tell();
document.addEventListener("htmx:after:swap", tell);
// "Today" may have ended while the tab was away.
document.addEventListener("visibilitychange", tell);
