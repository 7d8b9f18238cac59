// Draws #main and the list anew in their places, as after a reset: what was typed, the focus and the place stay.
import { offer } from "./draft.js";

const AGAIN = 5_000;
const headers = { "HX-Request": "true", "HX-Request-Type": "full", "X-Session": document.body.dataset.session };

/** Tries until it is done; gives the time at which what is shown now was asked for, or nothing where there is no page. */
export async function refresh(isOver) {
  while (!isOver()) {
    const asked = Date.now();
    const address = location.href;
    const answer = await fetch(address, { headers }).catch(() => null);
    if ([401, 404, 405].includes(answer?.status)) return;
    const text = answer?.ok && (await answer.text().catch(() => ""));
    if (text && address === location.href) {
      htmx.config.morphSkip = "[data-composer]";
      const places = { target: "#main", select: "#main", selectOOB: "#list:outerMorph", swap: "outerMorph" };
      await htmx.swap({ text, sourceElement: document.body, ...places, asked });
      return asked;
    }
    await new Promise((done) => setTimeout(done, text ? 0 : AGAIN));
  }
}

// The composer is left alone, but told what is stored.
document.addEventListener("htmx:before:swap", ({ detail }) => {
  for (const { fragment, swapSpec } of detail.tasks) {
    const form = swapSpec.style === "outerMorph" && fragment.querySelector("[data-composer]:not([data-unsaved])");
    if (!form) continue;
    const { conversation } = form.dataset;
    const draftRevision = form.querySelector("#composer-draft").value;
    offer({ conversation, draft: form.querySelector("textarea").value, draftRevision });
  }
});
