// Filters that say nothing are left out of the address, and on a phone the tab that is open is to be seen.
"use strict";
const tab = document.querySelector(".tabs [aria-current]");
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.clientWidth / 2 + tab.clientWidth / 2;
for (const form of document.querySelectorAll(".filters form, form.find")) {
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) { if (value === "") event.formData.delete(name); }
  });
}
