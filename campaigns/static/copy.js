// Shows the copy buttons where the browser can copy, and copies the code beside the one pressed.

const reveal = () => document.querySelectorAll("[data-copy]").forEach((button) => { button.hidden = false; });

async function copy(button) {
  const label = button.textContent;
  await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent.trim());
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = label; }, 1500);
}

if (navigator.clipboard) {
  reveal();
  addEventListener("exchanged", reveal);
  addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (button && button.textContent !== button.dataset.copied) copy(button);
  });
}
