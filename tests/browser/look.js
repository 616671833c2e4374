// What a page looks like to somebody who checks it: everything that could be wrong, as plain values.
async () => {
  const shown = (element) => element.checkVisibility() && element.getClientRects().length > 0;
  const name = (element) => element.outerHTML.slice(0, 120).replace(/\s+/g, " ");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);

  await document.fonts.ready;
  const fields = all("input:not([type=hidden]), select, textarea").filter((field) => !field.matches("[aria-hidden]"));
  const unlabelled = fields.filter(
    (field) => !(field.labels.length || field.ariaLabel || field.getAttribute("aria-labelledby")),
  );

  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);

  // A link within a sentence may be as low as its line (WCAG 2.5.8); a box is pressed by its whole label, and a card
  // by its whole face.
  const within = (element) =>
    element.matches("a") && getComputedStyle(element).display === "inline" &&
    [...element.parentElement.childNodes].some((node) => node !== element && node.textContent.trim());
  const target = (one) =>
    (one.matches("[type=checkbox], [type=radio]") && one.closest("label")) ||
    (one.matches(":is(h2, h3) a") && one.closest(".card.link")) || one;
  const low = (element, least) => {
    const box = target(element).getBoundingClientRect();
    return box.height < least - 0.5 || box.width < 23.5;
  };
  const hidden = ".skip-link, .visually-hidden";
  const buttons = all("button, .button, [type=submit]");
  const others = all("a[href], summary, input:not([type=hidden]), select, textarea").filter(
    (element) => !element.matches(hidden) && !element.matches(".button") && !within(element),
  );
  const small = buttons.filter((one) => low(one, 44)).concat(others.filter((one) => low(one, 24)));

  // Words, each run with what it stands in; people's own words and codes are isolated, and so left out.
  const words = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (text && !parent.closest("bdi, code, pre, option, script, textarea, [lang]:not(html), [dir]:not(html)")) words.push(text);
  }
  const attributes = [...document.querySelectorAll("[aria-label], [data-label]")];
  words.push(...attributes.flatMap((element) => [element.ariaLabel, element.dataset.label]).filter(Boolean));

  return {
    lang: document.documentElement.lang,
    dir: document.documentElement.dir,
    over: document.documentElement.scrollWidth - window.innerWidth,
    headings: document.querySelectorAll("h1").length,
    doubled: ids.filter((id, place) => ids.indexOf(id) !== place),
    unlabelled: unlabelled.map(name),
    small: small.map(name),
    broken: [...document.images].filter((image) => !image.complete || !image.naturalWidth).map(name),
    unstyled: [...document.styleSheets].filter((sheet) => !sheet.cssRules.length).length || !document.styleSheets.length,
    font: [...document.fonts].some((font) => font.family.includes("Rubik") && font.status === "loaded"),
    words,
  };
}
