// Runs once for each panel (gr.HTML gives it `element`, `trigger` and `watch`): the transcript, the sources, and so on.
// Markup names what a click means; this turns it into Gradio events, and scrolls to what then appears.

function reveal(target, block) {
  const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  const side = target.closest("#side");
  if (!side || getComputedStyle(side).overflowY === "visible") {
    target.scrollIntoView({ block, behavior });
    return;
  }
  // Beside the transcript the sources scroll by themselves: scrollIntoView would take the page along.
  const [place, frame] = [target.getBoundingClientRect(), side.getBoundingClientRect()];
  const above = block === "center" ? Math.max((side.clientHeight - place.height) / 2, 0) : 16;
  side.scrollBy({ top: place.top - frame.top - above, behavior });
}

function showCard(id) {
  const card = document.getElementById(id);
  if (!card) return false;
  card.focus({ preventScroll: true });
  reveal(card, "start");
  return true;
}

let left = null; // the card from which an article was opened
element.addEventListener("click", (event) => {
  const target = event.target.closest("[data-ask], [data-open], [data-back], a.marker");
  if (!target) return;
  event.preventDefault();
  const { turn, number, open } = target.dataset;
  if ("ask" in target.dataset) {
    trigger("ask", { question: target.textContent });
  } else if (open) {
    left = `card-${turn}-${number}`;
    trigger("open", { turn: +turn, number: +number });
  } else if ("back" in target.dataset) {
    window.pullquoteCard = left;
    trigger("back", { turn: +turn });
  } else {
    const id = target.getAttribute("href").slice(1);
    if (showCard(id)) return;
    // The sources of another answer, or an article, stand in its place: the card is shown when it has come.
    window.pullquoteCard = id;
    trigger("back", { turn: +id.split("-")[1] });
  }
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  trigger("correct", { searched: event.target.elements.searched.value });
});

// The newest question is brought to the top, and kept there while its answer grows, until the reader scrolls away.
let turns = 0;
let following = false;
for (const kind of ["wheel", "touchmove"]) {
  addEventListener(kind, () => (following = false), { passive: true });
}

watch("value", () => {
  const opened = element.querySelector("#opened");
  if (opened) {
    element.querySelector(".headline").focus({ preventScroll: true });
    reveal(opened, "center");
  }
  if (window.pullquoteCard && showCard(window.pullquoteCard)) window.pullquoteCard = null;
  const asked = element.querySelectorAll(".turn");
  if (asked.length > turns) following = true;
  if (following && asked.length) reveal(asked[asked.length - 1], "start");
  turns = asked.length;
});
