// Figures that refresh themselves: <section id="sales" data-live="20"> is asked for anew every 20 seconds at the
// page's own address, and exchanged where the server writes it differently. The shortest of a page's times counts for
// all. A section that comes back without data-live is finished; without this script the page is simply a page.

const LONGEST_WAIT = 300; // seconds, however often it failed
const MOST_FAILURES = 8;
const PATIENCE = 20_000; // milliseconds for one answer

const state = document.getElementById("live-state");
const words = document.getElementById("live-words");
const sections = () => [...document.querySelectorAll("[data-live][id]")];
const written = new Map(sections().map((section) => [section.id, section.outerHTML]));

let timer = 0;
let failures = 0;
let ended = false;
let asking = null;

function say(when, href = "") {
  const sentence = words?.content.querySelector(`[data-when="${when}"]`);
  state?.replaceChildren(...(sentence ? [sentence.cloneNode(true)] : []));
  const link = state?.querySelector("a");
  if (link && href) link.href = href;
}

function plan() {
  clearTimeout(timer);
  const seconds = Math.min(...sections().map((section) => Number(section.dataset.live) || Infinity));
  if (ended || document.hidden || seconds === Infinity) return;
  timer = setTimeout(look, 1000 * Math.min(seconds * 2 ** failures, Math.max(seconds, LONGEST_WAIT)));
}

function end(when, href = "") {
  ended = true;
  say(when, href);
}

function failed() {
  failures += 1;
  if (failures >= MOST_FAILURES) end("stopped", location.href);
  else if (failures > 1 || !navigator.onLine) say("away");
}

function arrived(text) {
  if (failures) say("nothing");
  failures = 0;
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const section of sections()) {
    const fresh = page.getElementById(section.id);
    if (!fresh) end("moved", location.href);
    else if (fresh.outerHTML !== written.get(section.id) && !inUse(section)) exchange(section, fresh);
  }
}

async function look() {
  if (asking || ended) return;
  asking = new AbortController();
  const late = setTimeout(() => asking?.abort(), PATIENCE);
  try {
    const answer = await fetch(location.href, { headers: { "X-Live": "1" }, cache: "no-store", signal: asking.signal });
    if (answer.redirected) end("moved", answer.url);
    else if (answer.ok) arrived(await answer.text());
    else if (answer.status === 401) end("signed-out");
    else if (answer.status < 500 && answer.status !== 429) end("moved", location.href);
    else failed();
  } catch (reason) {
    if (reason !== "sent") failed();
  } finally {
    clearTimeout(late);
    asking = null;
    plan();
  }
}

// Somebody types there, or has marked words to copy: what they hold is not taken from under their hands.
function inUse(section) {
  const marked = getSelection();
  const typed = section.querySelector("input:focus, select:focus, textarea:focus");
  return Boolean(typed) || (!marked.isCollapsed && marked.containsNode(section, true));
}

// The same thing in two writings of a section: by its id, its address or its words, and the how-manieth such it is.
function named(section, selector) {
  const counts = new Map();
  return new Map([...section.querySelectorAll(selector)].map((element) => {
    const own = element.id || element.getAttribute("href") || element.querySelector("summary")?.textContent.trim() ||
      element.closest("details")?.id || element.textContent.trim();
    const name = `${element.localName} ${own}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return [`${name} ${counts.get(name)}`, element];
  }));
}

const HELD = "a[href], button, summary, [tabindex]";

function exchange(section, fresh) {
  const writing = fresh.outerHTML;
  const open = [...named(section, "details")].map(([name, one]) => [name, one.open]);
  const held = [...named(section, HELD)].find(([, one]) => one === document.activeElement)?.[0];
  const scrolled = [...named(section, "[tabindex]")].map(([name, one]) => [name, one.scrollLeft]);
  for (const name of section.getAttributeNames()) {
    if (name !== "open" && !fresh.hasAttribute(name)) section.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) section.setAttribute(name, value);
  section.replaceChildren(...fresh.childNodes);
  written.set(section.id, writing);
  const details = named(section, "details");
  const regions = named(section, "[tabindex]");
  for (const [name, was] of open) if (details.has(name)) details.get(name).open = was;
  for (const [name, was] of scrolled) if (regions.has(name)) regions.get(name).scrollLeft = was;
  if (held) (named(section, HELD).get(held) ?? section.closest("main"))?.focus({ preventScroll: true });
  section.dispatchEvent(new CustomEvent("exchanged", { bubbles: true }));
}

function lookNow() {
  if (!document.hidden && sections().length) look();
  else plan();
}

document.addEventListener("visibilitychange", lookNow);
addEventListener("online", lookNow);
// A form goes out: nothing of ours may come between its answer and the page that follows.
addEventListener("submit", () => { asking?.abort("sent"); plan(); });
plan();
