// Runs once in the panel of what is kept: markup names what a click means, this turns it into one Gradio event.

element.addEventListener("click", (event) => {
  const target = event.target.closest("button[data-keep]");
  if (!target) return;
  event.preventDefault();
  if (target.dataset.sure && !confirm(target.dataset.sure)) return;
  const { keep: action, id = "", text = "" } = target.dataset;
  trigger("keep", { action, id, text });
});

element.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-keep]");
  if (!form) return;
  event.preventDefault();
  trigger("keep", { action: form.dataset.keep, id: form.dataset.id || "", text: form.elements.text.value });
});
