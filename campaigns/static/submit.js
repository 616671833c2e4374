// A form that was sent says so: its button is busy, and sending it once more waits for the first answer.
// An answer that is a file leaves the page as it was, so after a while the button can be pressed again.

const LONGEST = 15_000;
const sent = new Map();

function again(form) {
  sent.get(form)?.removeAttribute("aria-busy");
  sent.delete(form);
}

addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (sent.has(form)) {
    event.preventDefault();
    return;
  }
  const button = event.submitter ?? form.querySelector("[type=submit]");
  sent.set(form, button);
  button?.setAttribute("aria-busy", "true");
  setTimeout(() => again(form), LONGEST);
});
addEventListener("pageshow", () => [...sent.keys()].forEach(again));
