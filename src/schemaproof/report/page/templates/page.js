"use strict";
const packed = document.getElementById("document").textContent;
const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
const text = new Response(stream).text();
const results = text.then(JSON.parse);
const told = document.getElementById("told");

function tell(words) {
  told.textContent = words;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { told.textContent = ""; }, 2500);
}

async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    const area = document.createElement("textarea");
    area.value = words;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) return tell("The browser does not allow copying.");
  }
  tell("Copied.");
}

/* What viewers of plans read: EXPLAIN (FORMAT JSON)'s own form. */
async function planOf(button) {
  const found = (await results).measurements[button.dataset.place];
  const inner = button.dataset.inner;
  const plan = { Plan: inner === undefined ? found.plan : found.nested[inner].plan };
  if (inner === undefined && found.milliseconds !== null) plan["Execution Time"] = found.milliseconds;
  return JSON.stringify([plan], null, 2);
}

function save(words) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([words], { type: "application/json" }));
  link.download = "results.json";
  link.click();
  URL.revokeObjectURL(link.href);
}

function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
  if (target) target.scrollIntoView();
}

function filter(field) {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const each of document.querySelectorAll(field.dataset.filter)) {
    const said = each.textContent.toLowerCase();
    each.hidden = !words.every((word) => said.includes(word));
  }
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.classList.contains("copy")) copy(await planOf(button));
  else if (button.id === "copy-all") copy(await text);
  else if (button.id === "save") save(await text);
  else if (button.dataset.fold)
    for (const each of document.querySelectorAll(button.dataset.fold)) each.open = Boolean(button.dataset.open);
});
document.addEventListener("input", (event) => { if (event.target.dataset.filter) filter(event.target); });
window.addEventListener("hashchange", reveal);
for (const each of document.querySelectorAll(".tools, .copy")) each.hidden = false;
if (location.hash) reveal();
