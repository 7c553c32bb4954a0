// The officers' pages: nothing here is needed, everything works without it.
"use strict";
// What is concluded may need more than words: its fields open at once instead of after a refusal.
for (const outcome of document.querySelectorAll("select#outcome")) {
  const parts = outcome.form.querySelector("details.parts");
  outcome.addEventListener("change", () => { if (outcome.value !== "answered") { parts.open = true; } });
}
// How many characters are left in a reply; without this the field still stops at its limit.
for (const field of document.querySelectorAll("textarea[data-most]")) {
  const left = document.getElementById(field.getAttribute("aria-describedby"));
  const most = Number(field.dataset.most);
  // The page says what is too long instead of cutting words off in silence.
  field.removeAttribute("maxlength");
  const count = () => {
    const rest = most - field.value.length;
    left.textContent = left.dataset.say.replace("{n}", rest.toLocaleString("vi-VN"));
    left.classList.toggle("over", rest < 0);
  };
  field.addEventListener("input", count);
  field.form.addEventListener("submit", () => {
    for (const button of field.form.querySelectorAll("button")) { button.disabled = true; }
  });
  count();
}
