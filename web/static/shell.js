// On a phone the bar of pages scrolls sideways: the page that is open is to be seen in it.
const here = document.querySelector(".side [aria-current]");
if (here) here.closest("ul").scrollLeft = here.offsetLeft - here.closest("ul").clientWidth / 2 + here.clientWidth / 2;
