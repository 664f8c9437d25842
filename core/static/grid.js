/* Drags an airing on the week grid to another day or hour. A drop opens the form that moves it, filled in: nothing is saved by it.
   Every airing's link leads to the same form, so the keyboard and a page without this file lack nothing. */
(function () {
  "use strict";
  var table = document.querySelector("table[data-drag]");
  if (!table) return;
  var hint = document.querySelector("[data-drag-hint]");
  if (hint && window.matchMedia("(pointer: fine)").matches) hint.hidden = false; // fingers scroll where a mouse drags
  var link = null, from = null, over = null;

  function cellOf(event) {
    return event.target.closest ? event.target.closest("td[data-at]") : null;
  }
  function mark(cell) {
    if (over) over.classList.remove("over");
    over = cell;
    if (over) over.classList.add("over");
  }

  table.querySelectorAll("li[data-airing]").forEach(function (item) {
    item.draggable = true;
    item.querySelector("a").draggable = false; // else the browser drags the link
  });
  table.addEventListener("dragstart", function (event) {
    var item = event.target.closest("li[data-airing]");
    if (!item) return;
    link = item.querySelector("a");
    from = cellOf(event);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", link.href); // Firefox drags nothing without data
  });
  table.addEventListener("dragover", function (event) {
    var cell = cellOf(event);
    if (!link || !cell) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    mark(cell);
  });
  table.addEventListener("dragend", function () {
    link = from = null;
    mark(null);
  });
  table.addEventListener("drop", function (event) {
    var cell = cellOf(event);
    if (!link || !cell) return;
    event.preventDefault();
    var by = Number(cell.dataset.at) - Number(from.dataset.at);
    mark(null);
    if (by) window.location.assign(link.href + "?by=" + by);
  });
})();
