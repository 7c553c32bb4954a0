// The page prints by the browser's own menu as well; the button is only nearer.
const print = document.getElementById("print");
print.hidden = false;
print.addEventListener("click", () => window.print());
