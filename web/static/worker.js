// The service worker of one commune's chat: opens the page of the line that is gone when there is no line. It keeps our own
// unchanging files and that one page, and nothing that anybody wrote.
"use strict";
var base = new URL("./", self.location).pathname;
var MINE = "nghedan" + base;
var KEPT = MINE + new URL(self.location).searchParams.get("v");
var OFFLINE = base + "ngoai-tuyen";

self.addEventListener("install", function (event) {
  event.waitUntil(caches.open(KEPT).then(function (cache) { return cache.add(new Request(OFFLINE, { credentials: "omit" })); }).then(function () { return self.skipWaiting(); }));
});

self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.map(function (name) {
      return name.indexOf(MINE) === 0 && name !== KEPT ? caches.delete(name) : null;
    }));
  }).then(function () { return self.clients.claim(); }));
});

self.addEventListener("fetch", function (event) {
  var request = event.request;
  if (request.method !== "GET") { return; }
  var address = new URL(request.url);
  if (address.origin !== self.location.origin) { return; }
  if (address.pathname.indexOf("/static/") === 0 && address.searchParams.has("v")) {
    // Their address changes when they do, so what is kept is never old.
    event.respondWith(caches.open(KEPT).then(function (cache) {
      return cache.match(request).then(function (found) {
        return found || fetch(request).then(function (answer) {
          if (answer.ok) { cache.put(request, answer.clone()); }
          return answer;
        });
      });
    }));
    return;
  }
  if (request.mode === "navigate" && address.pathname.indexOf(base) === 0) {
    event.respondWith(fetch(request).catch(function () { return caches.match(OFFLINE); }));
  }
});
