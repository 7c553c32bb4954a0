// What happens while a page is open is told in one line; nothing is loaded anew, so nothing is lost that is being typed.
"use strict";
(() => {
  const place = document.getElementById("live");
  if (!place || !window.EventSource) return;
  const title = document.title;
  const ours = document.querySelector("[data-case]");
  const address = `/can-bo/luong?tu=${encodeURIComponent(place.dataset.tu)}${ours ? `&vu-viec=${encodeURIComponent(ours.dataset.case)}` : ""}`;
  let stream = null;
  let ended = false;

  const tell = (news) => {
    const what = [["new", news.new], ["replies", news.replies]]
      .filter(([, many]) => many > 0)
      .map(([name, many]) => place.dataset[name].replace("{n}", many));
    document.title = what.length ? `(${news.new + news.replies}) ${title}` : title;
    const count = document.querySelector('.side a[href="/can-bo/"] .count');
    if (count) count.textContent = news.waiting;
    const tab = document.querySelector('[data-tab="moi"]');
    if (tab) tab.textContent = news.waiting;
    if (!what.length) return;
    const said = place.dataset.say.replace("{what}", what.join(", "));
    if (place.firstChild && place.firstChild.textContent === said) return;
    const words = document.createElement("span");
    words.textContent = said;
    const link = document.createElement("a");
    link.href = news.new ? "/can-bo/?muc=moi&xep=moi" : "/can-bo/?muc=chua-xong&nhan=1";
    link.textContent = place.dataset.look;
    place.replaceChildren(words, link);
  };

  const close = () => { if (stream) { stream.close(); stream = null; } };
  const open = () => {
    if (stream || ended || document.hidden) return;
    stream = new EventSource(address);
    for (const name of place.dataset.events.split(" ")) {
      stream.addEventListener(name, (event) => {
        const detail = JSON.parse(event.data);
        if (name === "queue" && detail) tell(detail);
        document.dispatchEvent(new CustomEvent(`luong:${name}`, { detail }));
      });
    }
    // The officer has left, or looks elsewhere: whoever comes back to this page begins again.
    stream.addEventListener("end", close);
  };
  // A browser has few connections to give: a page that nobody sees needs none.
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", () => { ended = true; close(); });
  window.addEventListener("pageshow", () => { ended = false; open(); });
  open();
})();
