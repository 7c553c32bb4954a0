// A mark that is set by a touch and moved by the arrow keys; without this file a touch sends the place at once.
"use strict";
(function () {
  var map = document.querySelector(".pin-map");
  if (!map) { return; }
  var button = map.querySelector("input[type=image]");
  var place = map.querySelector(".pin-place");
  var send = map.querySelector(".pin-send");
  var found = map.querySelector(".found");
  var edge = map.dataset;
  var at = null;
  var board = document.createElement("div");
  board.className = "pin-board";
  board.tabIndex = 0;
  board.setAttribute("role", "application");
  board.setAttribute("aria-label", edge.sayHow);
  var picture = document.createElement("img");
  // Its room is kept before it has come, so that nothing moves under the finger.
  picture.width = Number(button.getAttribute("width"));
  picture.height = Number(button.getAttribute("height"));
  picture.src = button.src;
  picture.alt = "";
  picture.draggable = false;
  var mark = document.createElement("span");
  mark.className = "pin-mark";
  mark.hidden = true;
  mark.innerHTML = send.querySelector("svg").outerHTML.replace("#send", "#place");
  board.append(picture, mark);
  button.replaceWith(board);

  function put(x, y) {
    at = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
    mark.style.left = at[0] * 100 + "%";
    mark.style.top = at[1] * 100 + "%";
    mark.hidden = false;
    var lat = Number(edge.north) + (edge.south - edge.north) * at[1];
    var lon = Number(edge.west) + (edge.east - edge.west) * at[0];
    place.value = lat.toFixed(6) + "," + lon.toFixed(6);
    found.textContent = edge.sayMoved;
    found.hidden = false;
    send.hidden = false;
  }
  board.addEventListener("click", function (event) {
    var box = picture.getBoundingClientRect();
    put((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
  });
  var steps = { ArrowLeft: [-0.02, 0], ArrowRight: [0.02, 0], ArrowUp: [0, -0.02], ArrowDown: [0, 0.02] };
  board.addEventListener("keydown", function (event) {
    var step = steps[event.key];
    if (!step) { return; }
    event.preventDefault();
    var from = at || [0.5, 0.5];
    put(from[0] + step[0], from[1] + step[1]);
  });
})();
