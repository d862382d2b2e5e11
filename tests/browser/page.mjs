// The caseworker's page in a real browser, against real daemons and a real relay: each task from one agency to the other, whom it keeps
// out, and what it looks like. Started by tests/e2e/browser.rs with JSON on standard input:
//   {modules, chromium, screens, languages, helpline: {url, passphrase}, shelter: {…}, other: {…}, secrets: [names that no address has]}
import assert from "node:assert/strict";
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import http from "node:http";

const world = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(`${world.modules}/`);
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(world.screens, { recursive: true });

const PAGE_BYTES_MAX = 100 * 1024;
const WAIT = { timeout: 120_000 };
const browser = await chromium.launch({
  executablePath: world.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const visited = new Set();
const titles = new Set();

/// A browser window of its own. Everything that it asks for must be on this machine, and small.
async function opened(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("request", (request) => {
    const url = new URL(request.url());
    assert.equal(url.hostname, "127.0.0.1", `a request leaves this machine: ${url.origin}`);
    visited.add(url.pathname + url.search);
  });
  page.on("pageerror", (error) => { throw error; });
  page.on("response", async (response) => {
    if (!(response.headers()["content-type"] ?? "").startsWith("text/html")) return;
    const body = await response.body().catch(() => Buffer.alloc(0));
    assert.ok(body.length < PAGE_BYTES_MAX, `${response.url()} has ${body.length} bytes`);
  });
  return page;
}

async function signIn(agency, options) {
  const page = await opened(options);
  await page.goto(agency.url);
  await page.fill("#secret", agency.passphrase);
  await page.click("main button");
  await page.waitForURL(/\/[0-9a-f]{16}\/$/);
  return page;
}

const base = (page) => page.url().split("/").slice(0, 4).join("/");

/// Fields and clicks of a task, as a person counts them.
function counted(page) {
  const count = { fields: 0, clicks: 0 };
  return {
    count,
    click: async (what) => { count.clicks += 1; await page.locator(what).first().click(); },
    choose: async (what, value) => { count.fields += 1; await page.selectOption(what, value); },
    tick: async (what) => { count.fields += 1; await page.check(what); },
    type: async (what, text) => { count.fields += 1; await page.fill(what, text); },
  };
}

async function refer(page, note, agencies) {
  const task = counted(page);
  await task.click("a.button[href$='/refer']");
  await task.tick("input[name=service][value=Shelter]");
  await task.tick("input[name=urgency][value=Urgent]");
  await task.choose("#age", "25-34");
  await task.choose("#gender", "Feminine");
  await task.choose("#language", "ukr");
  await task.type("#note", note);
  await task.click("main form button");
  await page.waitForURL(/\/who$/);
  for (const agency of agencies) await task.click(`input[name=to][value='${agency}']`);
  await task.click("form[action$='/send'] button");
  await page.waitForURL(/\/[0-9a-f]{16}\/$/);
  return task.count;
}

/// Waits until the newest referral of the list is in this state; without JavaScript the page is asked for again and again.
async function stands(page, state, nth = 0) {
  const start = `${base(page)}/`;
  for (let tries = 0; tries < 240; tries += 1) {
    await page.goto(start);
    const found = page.locator("#referrals .state").nth(nth);
    if (await found.count() && (await found.getAttribute("class")).split(" ").includes(state)) return;
    await new Promise((done) => setTimeout(done, 500));
  }
  assert.fail(`the referral is not ${state}`);
}

async function first(page, which = "#referrals tbody a") {
  await page.locator(which).first().click();
  await page.waitForURL(/\/referral\//);
}

/// Keeps a page from looking for news, which would show it anew between two steps of a test.
const quiet = (page) => page.route("**/live", (route) => route.abort());

async function tasks() {
  const helpline = await signIn(world.helpline);
  await quiet(helpline);
  const count = await refer(helpline, "Needs a quiet room.", [world.shelter.agency, world.other.agency]);
  assert.ok(count.fields <= 12 && count.clicks <= 6, JSON.stringify(count));
  console.log(`refer someone without a name, two agencies asked: ${count.fields} fields, ${count.clicks} clicks`);

  // The shelter works without JavaScript.
  const shelter = await signIn(world.shelter, { javaScriptEnabled: false });
  await stands(shelter, "delivered");
  await first(shelter);
  assert.equal(await shelter.locator("text=Needs a quiet room.").count(), 0, "nothing is shown before it is opened");
  await shelter.click("form[action$='/open'] button");
  await shelter.locator("text=Needs a quiet room.").first().waitFor(WAIT);
  await shelter.click("form:has(input[value=Accepted]) button");
  await shelter.locator(".stands.accepted .now").waitFor(WAIT);

  // The helpline's list changes by itself.
  await helpline.unroute("**/live");
  await helpline.locator("#referrals .state.accepted").first().waitFor(WAIT);
  await quiet(helpline);
  await first(helpline, "#referrals tr:has(.state.accepted) a");
  await helpline.fill("#say-text", "She can be at the station at four.");
  await helpline.click("button[value=note]");
  await helpline.locator(".post").first().waitFor(WAIT);
  for (let tries = 0; ; tries += 1) {
    await shelter.reload();
    if (await shelter.locator(".post").count()) break;
    assert.ok(tries < 240, "the message did not come");
    await new Promise((done) => setTimeout(done, 500));
  }
  assert.match(await shelter.locator(".post").first().innerText(), /at the station at four/);

  // The first that accepts is the one; the other declines an enquiry of its own.
  const other = await signIn(world.other);
  await quiet(other);
  await refer(helpline.url() && (await home(helpline)), "For one week.", [world.other.agency]);
  await stands(other, "delivered");
  await first(other);
  await other.click("form[action$='/open'] button");
  await other.click("summary:has-text('Decline')");
  await other.check("input[name=why][value=NoCapacity]");
  await other.click("form:has(input[value=Declined]) button");
  await other.locator(".stands.declined .now").waitFor(WAIT);
  await stands(helpline, "declined");
  await first(helpline);
  assert.match(await helpline.locator("main").innerText(), /No place or no time/);
  return { helpline, shelter, other };
}

async function home(page) {
  await page.goto(`${base(page)}/`);
  return page;
}

/// What is typed is text, whatever it looks like; what is no safe text is refused in a sentence, and nothing is sent.
async function hostile({ helpline, shelter }) {
  const tricks = ["<script>window.bad=1</script>", "\"><img src=x onerror=window.bad=1>", "'--><svg onload=window.bad=1>",
    "{{ 7*7 }} ${7*7} <%= 7 %>", "=HYPERLINK(\"x\")", "&lt;b&gt; &amp; </textarea></main>", "javascript:window.bad=1"];
  await refer(await home(helpline), tricks.join(" "), [world.shelter.agency]);
  await stands(shelter, "delivered");
  await first(shelter);
  await shelter.click("form[action$='/open'] button");
  await shelter.locator(".stands.opened").waitFor(WAIT);
  const text = await shelter.locator("main").innerText();
  for (const trick of tricks) assert.ok(text.includes(trick), `${trick} is not shown as it was typed`);
  await helpline.goto(`${base(helpline)}/`);
  await first(helpline);
  assert.ok((await helpline.locator("main").innerText()).includes(tricks[0]));
  assert.equal(await helpline.evaluate(() => window.bad), undefined);
  await helpline.goto(`${base(helpline)}/`);
  for (const trick of tricks) {
    await helpline.fill("#search", trick);
    await helpline.click(".search button");
    await helpline.waitForLoadState();
    assert.equal(await helpline.inputValue("#search"), trick);
    assert.equal(await helpline.evaluate(() => window.bad), undefined);
  }
  // A name's direction cannot be turned, and a phone number is no part of an enquiry.
  for (const refused of ["a\u202egnirts", "call +999 010 002 233"]) {
    await helpline.goto(`${base(helpline)}/refer`);
    await helpline.check("input[value=Shelter]");
    await helpline.selectOption("#age", "25-34");
    await helpline.fill("#note", refused);
    await helpline.click("main form.act button");
    await helpline.locator("[role=alert] .findings li, .refused .fact").first().waitFor(WAIT);
  }
}

function asked(url, options, body) {
  return new Promise((done, failed) => {
    const request = http.request(url, options, (answer) => {
      answer.resume();
      answer.on("end", () => done(answer.statusCode));
    });
    request.on("error", failed);
    request.end(body);
  });
}

/// A name that was turned to this machine, and another program's page on it, get nothing and do nothing.
async function attackers({ helpline }) {
  const url = new URL(world.helpline.url);
  const cookies = (await helpline.context().cookies()).map((one) => `${one.name}=${one.value}`).join("; ");
  const inside = `${base(helpline)}/`;
  for (const host of ["evil.example", `evil.example:${url.port}`, `localhost:${url.port}`, "127.0.0.1"]) {
    assert.equal(await asked(inside, { headers: { Host: host, Cookie: cookies } }), 421, host);
  }
  assert.equal(await asked(inside, { headers: { Cookie: cookies } }), 200);
  assert.equal(await asked(inside, {}), 403);
  for (const origin of [undefined, "null", "http://evil.example", "http://127.0.0.1:1"]) {
    const headers = { Cookie: cookies, "Content-Type": "application/x-www-form-urlencoded", ...(origin && { Origin: origin }) };
    assert.equal(await asked(`${base(helpline)}/exit`, { method: "POST", headers }, ""), 403, String(origin));
  }
  assert.equal(await asked(inside, { method: "DELETE", headers: { Cookie: cookies } }), 405);

  const target = `${base(helpline)}/exit`;
  const evil = http.createServer((_request, answer) => {
    answer.setHeader("Content-Type", "text/html");
    answer.end(`<form method="post" action="${target}"><input name="x"></form><iframe src="${inside}"></iframe>
      <script>fetch("${inside}", { credentials: "include" }).then(() => document.title = "read", () => document.title = "kept out");
      setTimeout(() => document.forms[0].submit(), 1500)</script>`);
  });
  await new Promise((done) => evil.listen(0, "127.0.0.1", done));
  const page = await helpline.context().newPage();
  await page.goto(`http://127.0.0.1:${evil.address().port}/`);
  await page.waitForFunction(() => document.title !== "");
  assert.equal(await page.title(), "kept out");
  const framed = page.frames().find((frame) => frame !== page.mainFrame());
  assert.ok(!framed || !(await framed.content()).includes("Referrals"), "it is in a frame");
  await page.waitForURL(target);
  assert.match(await page.locator("main").innerText(), /another website/);
  await page.close();
  evil.close();
  await helpline.goto(inside);
  assert.ok(await helpline.locator("#referrals").count(), "the session goes on");
}

const violations = (page) => page.evaluate(async () => {
  const found = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  return found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
});

/// Every page in every language: no violation, nothing wider than a phone, and a picture of it in English and Arabic.
async function looks({ helpline, shelter }) {
  const session = await signIn(world.shelter, { bypassCSP: true });
  await quiet(session);
  const start = base(session);
  await session.goto(`${start}/`);
  const received = await session.locator("#referrals tr:has(.state.accepted) a").first().getAttribute("href");
  const sender = await signIn(world.helpline, { bypassCSP: true });
  await quiet(sender);
  await sender.goto(`${base(sender)}/refer`);
  await sender.check("input[value=Shelter]");
  await sender.selectOption("#age", "25-34");
  await sender.click("main form.act button");
  await sender.waitForURL(/\/who$/);
  const draft = sender.url();
  await sender.goto(`${base(sender)}/`);
  const sent = await sender.locator("#referrals tbody a").first().getAttribute("href");
  const pages = [
    [session, "referrals", `${start}/`],
    [session, "received", new URL(received, start).href],
    [session, "late", `${start}/?view=late`],
    [session, "drafts", `${base(sender)}/?view=drafts`],
    [sender, "refer", `${base(sender)}/refer`],
    [sender, "draft", draft.replace(/\/who$/, "")],
    [sender, "who", draft],
    [sender, "sent", new URL(sent, base(sender)).href],
    [sender, "directory", `${base(sender)}/directory`],
    [sender, "lost", `${new URL(base(sender)).origin}/nothing-here`],
    [sender, "away", `${new URL(base(sender)).origin}/away`],
    [sender, "sign-in", `${new URL(base(sender)).origin}/`],
  ];
  pages[3][0] = sender;
  const faults = [];
  let looked = 0;
  for (const language of world.languages) {
    for (const [page, name, url] of pages) {
      const address = new URL(url);
      address.searchParams.set("lang", language);
      await page.setViewportSize({ width: 1000, height: 800 });
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(address.href);
      titles.add(await page.title());
      if (["en", "ar"].includes(language) && name !== "away") {
        await page.screenshot({ path: `${world.screens}/${name}.${language}.png`, fullPage: true });
      }
      const direction = await page.evaluate(() => document.documentElement.dir || "ltr");
      if (name !== "away") assert.equal(direction, language === "ar" ? "rtl" : "ltr", `${name} ${language}`);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(axe);
        for (const one of await violations(page)) faults.push(`${name}, ${language}, ${colorScheme}: ${one}`);
        looked += 1;
      }
      // A phone, which is a page at 400 % of its size as well (WCAG 1.4.10).
      await page.setViewportSize({ width: 320, height: 640 });
      for (const details of await page.locator("details").all()) await details.evaluate((one) => { one.open = true; });
      const wide = await page.evaluate(() => [...document.querySelectorAll("body *")]
        .filter((one) => {
          const box = one.getBoundingClientRect();
          return box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && !one.closest(".skip, thead");
        })
        .slice(0, 3).map((one) => one.outerHTML.slice(0, 120)));
      for (const one of wide) faults.push(`${name}, ${language}: wider than a phone: ${one}`);
      if (["en", "ar"].includes(language) && ["referrals", "received"].includes(name)) {
        await page.screenshot({ path: `${world.screens}/${name}-phone.${language}.png`, fullPage: true });
      }
    }
  }
  assert.deepEqual(faults, []);
  console.log(`${looked} looks with axe at ${pages.length} pages in ${world.languages.length} languages, light and dark: no violation`);
  await session.context().close();
  await sender.context().close();
}

/// The way out is the first stop of the keyboard; three times Shift leaves; and nothing comes back.
async function leaving() {
  const page = await signIn(world.helpline);
  await quiet(page);
  await first(page);
  const inside = page.url();
  await page.keyboard.press("Tab");
  assert.ok(await page.evaluate(() => document.activeElement.hasAttribute("data-exit")));
  for (let times = 0; times < 3; times += 1) await page.keyboard.press("Shift");
  await page.waitForURL(/\/away$/);
  assert.equal(await page.title(), "Empty page");
  await page.goBack().catch(() => {});
  assert.equal(await page.locator(".now").count(), 0);
  await page.goto(inside);
  assert.match(await page.locator("main").innerText(), /session has ended/);

  // The same without JavaScript, and by the keyboard alone.
  const plain = await signIn(world.helpline, { javaScriptEnabled: false });
  const before = plain.url();
  await plain.keyboard.press("Tab");
  await plain.keyboard.press("Enter");
  await plain.waitForURL(/\/away$/);
  await plain.goto(before);
  assert.match(await plain.locator("main").innerText(), /session has ended/);

  const wrong = await opened();
  await wrong.goto(world.helpline.url);
  await wrong.fill("#secret", "not the passphrase");
  await wrong.click("main button");
  await wrong.locator("[role=alert]").waitFor(WAIT);
  assert.match(await wrong.locator("[role=alert]").innerText(), /wrong/);
}

const windows = await tasks();
await hostile(windows);
await attackers(windows);
await looks(windows);
await leaving();
for (const secret of world.secrets) {
  for (const seen of [...visited, ...titles]) {
    assert.ok(!decodeURIComponent(seen).toLowerCase().includes(secret.toLowerCase()), `${seen} tells ${secret}`);
  }
}
console.log(`${visited.size} addresses and ${titles.size} titles: none tells an agency or a text`);
await browser.close();
