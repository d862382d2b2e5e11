// Everything works without this: it locks the page when nobody uses it, leaves at a key, and keeps a form from being sent twice.
"use strict";
for (const form of document.forms) {
  // What answers with a file leaves the page as it is, and may be asked for again.
  if (form.dataset.file) continue;
  form.addEventListener("submit", (event) => {
    // What only hands a file over leaves the page as it is, and may be asked for again.
    if ("file" in form.dataset) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
}
window.addEventListener("pageshow", (event) => {
  // A page from the browser's memory may show what is not to be seen any more.
  if (event.persisted) window.location.reload();
  for (const form of document.forms) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
});
// Shift three times, or the button: gone at once, and out of the history.
const exit = document.querySelector("[data-exit]");
if (exit) {
  const leave = () => {
    document.body.classList.add("hidden");
    fetch(exit.form.action, { method: "POST", redirect: "manual", keepalive: true }).catch(() => {});
    window.location.replace("/away");
  };
  exit.addEventListener("click", (event) => { event.preventDefault(); leave(); });
  let shifts = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift" || event.repeat) { if (event.key !== "Shift") shifts = []; return; }
    shifts = shifts.filter((at) => event.timeStamp - at < 1500).concat(event.timeStamp);
    if (shifts.length >= 3) leave();
  });
}
// Not used for a while: what is shown is removed, not covered.
const idle = Number(document.body.dataset.idle || 0);
if (idle) {
  let timer;
  let last = Date.now();
  const clear = () => { document.body.replaceChildren(); window.location.replace("/"); };
  // A lid that was closed stops timers, and not the clock.
  const woken = () => { if (Date.now() - last >= idle * 1000) clear(); };
  const used = () => {
    woken();
    last = Date.now();
    clearTimeout(timer);
    timer = setTimeout(clear, idle * 1000);
  };
  document.addEventListener("visibilitychange", woken);
  window.addEventListener("focus", woken);
  for (const what of ["keydown", "pointerdown", "scroll"]) document.addEventListener(what, used, { passive: true });
  used();
}
const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
// Names are shown for a minute.
const back = document.querySelector("[data-back]");
if (back) setTimeout(() => window.location.replace(back.dataset.back), 60000);
// News: a list is brought up to date where it stands; on every other page it is said, for a page that is shown anew by itself would look
// like somebody who reads, and would never lock.
const { live, base, news } = document.body.dataset;
if (live) {
  let known = live;
  let writing = false;
  let touched = false;
  let told = false;
  document.addEventListener("input", () => { writing = true; });
  for (const what of ["keydown", "pointerdown"]) document.addEventListener(what, () => { touched = true; });
  const used = () => {
    const headers = { "X-Live": touched ? "used" : "1" };
    touched = false;
    return headers;
  };
  const refresh = async () => {
    const answer = await fetch(window.location.href, { headers: used() });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const list = fresh.querySelector("[data-refresh]");
    if (!answer.ok || !list) return false;
    document.querySelector("[data-refresh]").replaceWith(list);
    known = fresh.body.dataset.live;
    return true;
  };
  const say = () => {
    const line = document.createElement("p");
    line.className = "notice";
    line.setAttribute("role", "status");
    line.textContent = news;
    document.querySelector("main").prepend(line);
    told = true;
  };
  const look = async () => {
    try {
      const answer = await fetch(`${base}/live`, { headers: used() });
      if (!answer.ok) { document.body.replaceChildren(); window.location.replace("/"); return; }
      if (!told && (await answer.text()) !== known) {
        const list = document.querySelector("[data-refresh]");
        if (!list || writing || list.contains(document.activeElement) || !(await refresh())) say();
      }
    } catch { /* the daemon is gone for a moment */ }
    setTimeout(look, 5000);
  };
  setTimeout(look, 5000);
}
