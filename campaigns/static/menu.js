// Menus close with Escape, which gives focus back, and when something else is pressed; the place one is at is in sight.

const open = () => [...document.querySelectorAll("details.menu[open]")];

addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});
addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});
for (const here of document.querySelectorAll(":is(.site-nav, .tabs) [aria-current]")) {
  const row = here.parentElement;
  const [place, frame] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += (place.left + place.right - frame.left - frame.right) / 2;
}
