// What every part of the browser test uses: the world that it is told of, browser windows that are watched, and steps that many tasks have.
// The world comes from tests/e2e/browser.rs, as JSON on standard input:
//   {modules, chromium, screens, languages, helpline: {url, passphrase, data}, shelter: {…}, other: {…}, police: {…}, board: {agency, url, people: [{name, secret}]}, document: {from, to, file}, secrets: [names that no address has]}
import assert from "node:assert/strict";
import { readFileSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";

export const world = JSON.parse(readFileSync(0, "utf8"));
const require = createRequire(`${world.modules}/`);
const { chromium } = require("playwright-core");
export const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(world.screens, { recursive: true });

const PAGE_BYTES_MAX = 100 * 1024;
export const WAIT = { timeout: 120_000 };
const LINK = "#referrals tbody a";
export const browser = await chromium.launch({
  executablePath: world.chromium,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
export const visited = new Set();
export const titles = new Set();

/// A browser window of its own. Everything that it asks for must be on this machine, and small.
export async function opened(options = {}) {
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

export async function signIn(agency, options, person) {
  const page = await opened(options);
  await page.goto(agency.url);
  if (person) await page.fill("#name", person.name);
  await page.fill("#secret", person ? person.secret : agency.passphrase);
  await page.click("main button");
  await page.waitForURL(/\/[0-9a-f]{16}\/$/);
  return page;
}

export const base = (page) => page.url().split("/").slice(0, 4).join("/");

/// Fields and clicks of a task, as a person counts them.
export function counted(page) {
  const count = { fields: 0, clicks: 0 };
  return {
    count,
    click: async (what) => { count.clicks += 1; await page.locator(what).first().click(); },
    choose: async (what, value) => { count.fields += 1; await page.selectOption(what, value); },
    tick: async (what) => { count.fields += 1; await page.check(what); },
    type: async (what, text) => { count.fields += 1; await page.fill(what, text); },
  };
}

export async function refer(page, note, agencies) {
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
  await task.click("form[action$='/send'] button:not([form])");
  await page.waitForURL(/\/[0-9a-f]{16}\/$/);
  return task.count;
}

/// The referral that stands first in somebody's list.
export async function newest(page) {
  await page.goto(`${base(page)}/`);
  const link = page.locator(LINK).first();
  return (await link.count()) ? link.getAttribute("href") : null;
}

/// Waits until the newest referral of the list is in this state, and is not the one that stood there before; without JavaScript the page is
/// asked for again and again.
export async function stands(page, state, nth = 0, not = undefined) {
  const start = `${base(page)}/`;
  for (let tries = 0; tries < 240; tries += 1) {
    await page.goto(start);
    const found = page.locator("#referrals .state").nth(nth);
    const is = await found.count() && (await found.getAttribute("class")).split(" ").includes(state);
    if (is && (not === undefined || (await page.locator(LINK).first().getAttribute("href")) !== not)) return;
    await new Promise((done) => setTimeout(done, 500));
  }
  assert.fail(`the referral is not ${state}`);
}

export async function first(page, which = LINK) {
  await page.locator(which).first().click();
  await page.waitForURL(/\/referral\//);
}

/// Keeps a page from looking for news, which would show it anew between two steps of a test.
export const quiet = (page) => page.route("**/live", (route) => route.abort());

/// The window's list of referrals.
export async function home(page) {
  await page.goto(`${base(page)}/`);
  return page;
}
