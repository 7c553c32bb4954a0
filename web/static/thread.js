// Says before sending that pictures are too many or too large: the server would say so too, but they were sent for nothing.
"use strict";

for (const form of document.querySelectorAll("form[data-bytes]")) {
  const chosen = form.querySelector("input[type=file]");
  const told = form.querySelector("[role=alert]");
  if (!chosen || !told) continue;
  const tooMuch = () => {
    const files = [...chosen.files];
    const waiting = form.querySelectorAll(".held input[type=checkbox]:not(:checked)").length;
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    return files.length + waiting > Number(form.dataset.most) || bytes > Number(form.dataset.bytes) - 500000;
  };
  chosen.addEventListener("change", () => { told.hidden = !tooMuch(); });
  form.addEventListener("submit", (event) => {
    if (!tooMuch()) return;
    event.preventDefault();
    told.hidden = false;
    told.scrollIntoView({ block: "center" });
  });
}
