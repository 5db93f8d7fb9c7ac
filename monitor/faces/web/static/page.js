// What the pages do beyond reading: instants in the viewer's zone, and a slider for the date. Legal dates stay as they are.
"use strict";

function localise(root) {
  const shown = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const time of root.querySelectorAll("time[data-instant]")) {
    const instant = new Date(time.dateTime);
    if (Number.isNaN(instant.getTime())) continue;
    time.title = `${time.textContent} (${zone})`;
    time.textContent = shown.format(instant);
    time.removeAttribute("data-instant");
  }
}

const DAY_ONE = 719163; // the ordinal of 1 January 1970, as the server counts days

function dayOf(ordinal) {
  return new Date((Number(ordinal) - DAY_ONE) * 86400000).toISOString().slice(0, 10);
}

function ordinalOf(day) {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86400000) + DAY_ONE;
}

function slide(slider) {
  const field = slider.form.elements[slider.dataset.days];
  slider.closest("label").hidden = false;
  slider.addEventListener("input", () => {
    field.value = dayOf(slider.value);
    slider.setAttribute("aria-valuetext", field.value);
  });
  field.addEventListener("input", () => {
    if (field.value) slider.value = ordinalOf(field.value);
  });
}

function begin() {
  localise(document);
  document.querySelectorAll("input[data-days]").forEach(slide);
  new MutationObserver(() => localise(document)).observe(document.body, { childList: true, subtree: true });
}

begin();
