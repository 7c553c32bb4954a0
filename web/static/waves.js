// How far a wave is, looked at again every half minute while the page is in front; without it a reload does the same.
"use strict";
(() => {
  const here = document.getElementById("tien-do");
  if (!here) return;
  setInterval(async () => {
    if (document.hidden || here.contains(document.activeElement)) return;
    try {
      const answer = await fetch(location.pathname, { headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("tien-do");
      if (fresh && fresh.innerHTML !== here.innerHTML) here.replaceChildren(...fresh.childNodes);
    } catch { /* the next look may reach the server */ }
  }, 30000);
})();
