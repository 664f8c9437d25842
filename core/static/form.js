/* What a button of a teacher's form asks comes before what the phone beside it asks, which is the same form drawn again. While the
   button's answer is awaited the phone asks nothing: else htmx would put its question in the place of the button's. */
(function () {
  "use strict";
  var awaited = null;

  document.addEventListener("htmx:confirm", function (event) {
    if (event.detail.elt.getAttribute("hx-target") === "#quiz") awaited = event.detail.elt;
    else if (awaited) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.requestConfig.elt === awaited) awaited = null; // the button itself may have been swapped out
  });
})();
