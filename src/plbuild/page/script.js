"use strict";
// Sorts, filters and searches the table of plans; the page says the same without it.
(() => {
  const form = document.querySelector(".controls"), table = document.getElementById("plans");
  const search = document.getElementById("search"), show = document.getElementById("show");
  const sort = document.getElementById("sort"), shown = document.getElementById("shown");
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells].filter((head) => head.dataset.type);
  const compare = new Intl.Collator("en-US", { numeric: true }).compare;
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = [...body.rows].map((row) => ({
    row, text: fold(row.textContent), states: row.dataset.state.split(" "),
    keys: heads.map((head, at) => row.cells[at].dataset.sort),
  }));

  const filter = () => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, text, states } of rows) {
      const fits = (!show.value || states.includes(show.value)) && words.every((word) => text.includes(word));
      row.hidden = !fits;
      count += fits;
    }
    const told = { "{shown}": count, "{all}": rows.length };
    shown.textContent = shown.dataset.words.replace(/{\w+}/g, (name) => told[name].toLocaleString("en-US"));
  };

  const order = (at, down) => {
    heads.forEach((head, place) => {
      if (place === at) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    const sorted = [...rows];
    if (at >= 0) {
      const number = heads[at].dataset.type === "number";
      const by = (a, b) => (number ? a.keys[at] - b.keys[at] : compare(a.keys[at], b.keys[at]));
      // What has no key stands last, whichever way.
      const blank = (item) => item.keys[at] === "";
      sorted.sort((a, b) => blank(a) - blank(b) || (down ? by(b, a) : by(a, b)));
    }
    body.replaceChildren(...sorted.map((item) => item.row));
  };

  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    button.addEventListener("click", () => {
      order(at, head.getAttribute("aria-sort") === "ascending");
      sort.value = "";
    });
    // Chromium does not repeat buttons with the heading on the next sheet of paper; a text it does.
    const paper = document.createElement("span");
    paper.className = "paper";
    paper.textContent = head.textContent;
    head.replaceChildren(button, paper);
  });
  sort.addEventListener("change", () => {
    const [at, way] = sort.value.split(" ");
    order(at === "" ? -1 : Number(at), way === "down");
  });
  search.addEventListener("input", filter);
  show.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("all").addEventListener("click", () => { form.reset(); order(-1, false); filter(); });
  for (const link of document.querySelectorAll("[data-show]")) {
    link.addEventListener("click", () => { show.value = link.dataset.show; search.value = ""; filter(); });
  }
  form.hidden = false;
  filter();

  // A link to what is folded unfolds it; paper shows the findings and the changes unfolded.
  const open = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target && target.closest("details");
    if (folded && !folded.open) { folded.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();
  let unfolded = [];
  addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not(.table):not([open])")];
    for (const item of unfolded) item.open = true;
  });
  addEventListener("afterprint", () => { for (const item of unfolded) item.open = false; });
})();
