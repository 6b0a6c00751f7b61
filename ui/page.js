// Runs once for each panel (gr.HTML gives it `element`, `trigger` and `watch`): transcript, sources, and so on. Markup
// names what a click means; this turns it into Gradio events. What concerns the whole page is begun once, in `begin`.

const page = (window.pullquote ??= begin());
page.adopt(element);

element.addEventListener("click", (event) => {
  const target = event.target.closest("button[type=button], a.marker");
  if (!target || !element.contains(target)) return;
  const { turn, number, open, source, free, step, act, view, judge } = target.dataset;
  if ("ask" in target.dataset) {
    trigger("ask", { question: target.textContent });
  } else if (open) {
    page.left = `card-${turn}-${number}`;
    page.aside(target);
    trigger("open", { turn: +turn, number: +number });
  } else if ("pictures" in target.dataset) {
    page.aside(target);
    trigger("pictures", { turn: +turn });
  } else if (source) {
    trigger("source", { way: source, turn: +turn, number: +number });
  } else if (free) {
    trigger("free", { source: free });
  } else if (step) {
    page.step(+step);
  } else if ("choose" in target.dataset) {
    page.choose(target);
  } else if ("help" in target.dataset) {
    page.help();
  } else if ("close" in target.dataset) {
    target.closest("dialog").close();
  } else if ("away" in target.dataset) {
    page.away();
  } else if (act) {
    const { id = "", text = "", sure } = target.dataset;
    if (sure && !confirm(sure)) return;
    if (act === "open") page.reopen(text);
    page.focus(target);
    trigger("act", { action: act, id, text });
  } else if (view) {
    page.view(view);
    trigger("view", { name: view });
  } else if (judge) {
    page.focus(target);
    trigger("judge", { turn: +turn, way: judge, reason: target.dataset.reason ?? "" });
  } else if ("copy" in target.dataset) {
    page.copy(target);
  } else if ("clip" in target.dataset) {
    trigger("clip", { turn: +turn, number: +number });
  } else if ("export" in target.dataset) {
    page.aside(target);
    trigger("export", { turn: +turn });
  } else if ("back" in target.dataset) {
    page.aside(target);
    page.wanted = element.closest("#sources") ? page.left : "";
    trigger("back", { turn: +turn });
  } else if (target.matches("a.marker")) {
    event.preventDefault();
    page.aside(target);
    const id = target.getAttribute("href").slice(1);
    if (page.show(id)) return;
    // The sources of another answer, or an article, stand in its place: the card is shown when it has come.
    page.wanted = id;
    trigger("back", { turn: +id.split("-")[1] });
  }
});

element.addEventListener("submit", (event) => {
  event.preventDefault();
  const { searched, question, text } = event.target.elements;
  const { act, id } = event.target.dataset;
  if (act) {
    page.focus(event.target);
    trigger("act", { action: act, id, text: text.value });
  } else if (searched) trigger("correct", { searched: searched.value });
  else trigger("again", { turn: +event.target.dataset.turn, question: question.value });
});

// Days are chosen by drawing across the bars, or by clicking on one; by keyboard, in the two fields below them.
let begun = null;
const barsBetween = (here, there) => {
  const bars = [...element.querySelectorAll("[data-brush] [data-first]")];
  const [first, last] = [here, there].map((bar) => bars.indexOf(bar)).sort((a, b) => a - b);
  bars.forEach((bar, place) => bar.classList.toggle("out", place < first || place > last));
  return [bars[first], bars[last]];
};
const barAt = (event) => {
  const svg = element.querySelector("[data-brush] svg");
  const { left, width } = svg.getBoundingClientRect();
  const bars = svg.querySelectorAll("[data-first]");
  const at = Math.floor(((event.clientX - left) / width) * bars.length);
  return bars[Math.max(0, Math.min(bars.length - 1, at))];
};
element.addEventListener("pointerdown", (event) => {
  if (event.target.closest("[data-brush] svg")) begun = barAt(event);
});
element.addEventListener("pointermove", (event) => begun && barsBetween(begun, barAt(event)));
addEventListener("pointerup", (event) => {
  if (!begun) return;
  const [first, last] = barsBetween(begun, barAt(event));
  begun = null;
  trigger("brush", { since: first.dataset.first, until: last.dataset.last });
});

// The newest question is brought to the top, and kept there while its answer grows, until the reader scrolls away.
let turns = 0;
let following = false;
for (const kind of ["wheel", "touchmove"]) {
  addEventListener(kind, () => (following = false), { passive: true });
}

watch("value", () => {
  page.adopt(element);
  const opened = element.querySelector("#opened");
  if (opened) {
    element.querySelector(".headline").focus({ preventScroll: true });
    page.reveal(opened, "center");
  } else if (element.querySelector(".pictures, .export")) {
    element.querySelector("h2")?.focus();
  } else if (element.querySelector(".library, .kept, .judge, .end")) {
    page.refocus(element);
  } else if (page.wanted !== null && element.querySelector(".sources")) {
    if (!page.show(page.wanted)) element.querySelector(".sources h2").focus();
  }
  const linked = page.answer && element.querySelector(`.turn[data-answer="${CSS.escape(page.answer)}"]`);
  if (linked) {
    page.answer = null;
    following = false;
    turns = element.querySelectorAll(".turn").length;
    page.reveal(linked, "start");
  }
  const asked = element.querySelectorAll(".turn");
  if (asked.length > turns) following = true;
  if (following && asked.length) page.reveal(asked[asked.length - 1], "start");
  turns = asked.length;
});

function begin() {
  const narrow = matchMedia("(max-width: 56rem)");
  const find = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const kept = { left: null, wanted: null, opener: null, answer: new URLSearchParams(location.search).get("answer") };
  document.body.dataset.view = "ask";

  // Whoever has been signed out meanwhile is asked to sign in.
  const { fetch } = window;
  window.fetch = async (...asked) => {
    const answer = await fetch(...asked);
    if (answer.status === 401) location.reload();
    return answer;
  };

  function reveal(target, block) {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    const side = target.closest("#side");
    if (!side) return target.scrollIntoView({ block, behavior });
    // The sources scroll by themselves: scrollIntoView would take the page along.
    const [place, frame] = [target.getBoundingClientRect(), side.getBoundingClientRect()];
    const above = block === "center" ? Math.max((side.clientHeight - place.height) / 2, 0) : 64;
    side.scrollBy({ top: place.top - frame.top - above, behavior });
  }

  function show(id) {
    const card = id && document.getElementById(id);
    if (!card) return false;
    kept.wanted = null;
    card.focus({ preventScroll: true });
    reveal(card, "start");
    return true;
  }

  // On a narrow window the column of sources lies over the page, like a drawer; the rest then cannot be reached.
  function aside(opener) {
    if (!opener.closest("#side")) kept.opener = opener;
    if (narrow.matches) drawer(true);
  }
  function drawer(open) {
    document.body.classList.toggle("drawer", open);
    for (const part of all("#talk, #masthead")) part.inert = open;
  }
  function away() {
    drawer(false);
    if (kept.opener?.isConnected) kept.opener.focus();
    else find("#question textarea").focus();
  }
  narrow.addEventListener("change", () => drawer(false));

  // Questions, what is kept, and the archive: one of them is shown.
  function view(name) {
    drawer(false);
    document.body.dataset.view = name;
    mark();
    scrollTo(0, 0);
  }
  function mark() {
    const { view } = document.body.dataset;
    for (const each of all("[data-view]:not(body)")) {
      if (each.dataset.view === view) each.setAttribute("aria-current", "page");
      else each.removeAttribute("aria-current");
    }
  }
  function reopen(answer) {
    kept.answer = answer || null;
    view("ask");
  }

  // What is clicked is made anew, perhaps elsewhere: its successor gets the focus, else the heading.
  let focused = null;
  const same = ({ act, id, judge, turn, reason }) => JSON.stringify([act, id, judge, turn, reason]);
  function focus(target) {
    focused = { key: same(target.dataset), panel: target.closest(".html-container") };
  }
  function refocus(panel) {
    if (!focused || focused.panel !== panel.closest(".html-container")) return;
    const { key } = focused;
    const again = [...panel.querySelectorAll("[data-act], [data-judge]")].find((each) => same(each.dataset) === key);
    const target = again?.matches("form") ? again.querySelector("input, textarea") : again;
    const shown = target?.checkVisibility() ? target : panel.querySelector("h2");
    if (!shown) return; // it is still being made
    focused = null;
    shown.focus({ preventScroll: target === shown });
  }

  // Where the page comes unencrypted from another machine, browsers have the old way only.
  async function copy(button) {
    const { copy: text, done, failed } = button.dataset;
    let copied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      button.after(field);
      field.select();
      copied = document.execCommand("copy");
      field.remove();
      button.focus();
    }
    button.textContent = copied ? done : failed;
  }

  // From quote to quote within an article.
  function step(by) {
    const steps = find(".steps");
    if (!steps) return;
    const marks = steps.dataset.steps.split(" ");
    const at = (+steps.dataset.at - 1 + by + marks.length) % marks.length;
    steps.dataset.at = at + 1;
    steps.querySelector(".at").textContent = at + 1;
    all(".reader mark").forEach((mark) => mark.classList.remove("opened"));
    const pieces = all(`.reader mark[data-mark~="${marks[at]}"]`);
    pieces.forEach((mark) => mark.classList.add("opened"));
    reveal(pieces[0], "center");
  }

  // The panel with which articles are chosen; Gradio names neither its state nor its groups of boxes.
  function choose(button) {
    const open = document.body.classList.toggle("choosing");
    button.setAttribute("aria-expanded", open);
    if (open) find("#since input").focus();
  }

  function help() {
    const dialog = find("dialog.help");
    dialog.querySelector("[data-single]").checked = single();
    dialog.showModal();
  }
  const single = () => localStorage.getItem("pullquote-keys") !== "off";
  addEventListener("change", (event) => {
    if (event.target.matches("[data-single]")) localStorage.setItem("pullquote-keys", event.target.checked ? "on" : "off");
  });

  function neighbour(by) {
    const cards = all(".card");
    const at = cards.indexOf(document.activeElement.closest(".card"));
    const card = cards[at < 0 ? (by > 0 ? 0 : cards.length - 1) : at + by];
    if (card) show(card.id);
  }
  const last = (selector) => all(selector).at(-1);
  const press = {
    "/": () => {
      view("ask");
      find("#question textarea").focus();
    },
    "?": help,
    f: () => find("[data-choose]")?.click(),
    j: () => neighbour(1),
    k: () => neighbour(-1),
    o: () => (document.activeElement.closest(".card") ?? find(".card"))?.querySelector("[data-open]").click(),
    n: () => step(1),
    p: () => step(-1),
    g: () => last("[data-pictures]")?.click(),
    e: () => {
      const edit = last(".edit");
      if (!edit) return;
      edit.open = true;
      edit.querySelector("input").select();
    },
  };
  function escape() {
    const back = find("#side [data-back]");
    if (document.body.dataset.view !== "ask") find("[data-view=ask]").click();
    else if (document.body.classList.contains("choosing")) find("[data-choose]").click();
    else if (back) back.click();
    else if (document.body.classList.contains("drawer")) away();
    else find("#question textarea").focus();
  }
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || find("dialog[open]")) return;
    if (event.key === "Escape") return escape();
    if (!single() || event.target.closest("input:not([type=checkbox]), textarea, select")) return;
    const act = press[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // A number, its quote, its card and its mark light up together.
  function light(event) {
    const cites = event.type.endsWith("out") ? "" : event.target.closest?.("[data-cites]")?.dataset.cites ?? "";
    for (const each of all("[data-cites]")) each.classList.toggle("lit", each.dataset.cites === cites);
  }
  for (const kind of ["mouseover", "mouseout", "focusin", "focusout"]) addEventListener(kind, light);

  function adopt(panel) {
    const said = panel.querySelector("[data-lang]")?.dataset;
    if (said) document.documentElement.lang = said.lang;
    if (said) mark();
    if (said) find("[role=log]")?.setAttribute("aria-label", said.talk);
    panel.querySelector("[data-choose]")?.setAttribute("aria-expanded", document.body.classList.contains("choosing"));
    for (const group of all("#choose fieldset")) group.setAttribute("aria-label", group.querySelector("span").textContent);
  }
  return Object.assign(kept, { adopt, aside, away, choose, copy, focus, help, refocus, reopen, reveal, show, step, view });
}
