// Where somebody stands, on a page that otherwise needs no script.
"use strict";
(function () {
  var form = document.querySelector("form[data-wants]");
  var here = document.getElementById("here");
  if (!form || !here || !("geolocation" in navigator)) { return; }
  var found = document.getElementById("found");
  var tell = function (words) { found.textContent = words; found.hidden = false; };
  here.hidden = false;
  here.addEventListener("click", function () {
    tell(form.dataset.sayFinding);
    navigator.geolocation.getCurrentPosition(function (at) {
      form.querySelector(".pin-place").value = at.coords.latitude.toFixed(6) + "," + at.coords.longitude.toFixed(6);
      tell(form.dataset.sayFound);
    }, function () { tell(form.dataset.sayNoPlace); }, { enableHighAccuracy: true, timeout: 15000 });
  });
})();
