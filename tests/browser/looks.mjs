// What every page looks like, to eyes and to a screen reader, in every language.
import assert from "node:assert/strict";

import { axe, base, quiet, signIn, titles, world } from "./kit.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// What axe finds; in the dark only colours are others.
const violations = (page, scheme) => page.evaluate(async ([scheme, rules]) => {
  const found = await window.axe.run(document, { runOnly: scheme === "dark" ? ["color-contrast"] : rules });
  return found.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
}, [scheme, RULES]);

/// Sentences in Latin letters that are not said to be a name, a command or in another language: on an Arabic page nothing else may be.
const untranslated = (page) => page.evaluate(() => {
  const found = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    // What is put into a sentence stands between marks of direction: a name, or a time.
    const text = texts.currentNode.textContent.replace(/\u2068[^\u2069]*\u2069/g, "");
    const meant = texts.currentNode.parentElement.closest("body [lang], bdi, code, textarea, [dir=ltr]");
    if (!meant && /[a-z]{2,}(?:[ ,.:;]+[a-z]{2,}){3,}/i.test(text)) found.push(text.trim().slice(0, 80));
  }
  return found;
});

/// Every page in every language: no violation, nothing wider than a phone, and a picture of it in English and Arabic.
/// `parts`: functions that make them be there and give [window, name, address] for each; a window must be
/// opened with `bypassCSP`, or axe cannot be put into it.
export async function looks(parts) {
  const pages = [];
  for (const part of parts) pages.push(...await part());
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
      if (["ar", "ru", "uk"].includes(language)) {
        for (const text of await untranslated(page)) faults.push(`${name}, ${language}: not translated: ${text}`);
      }
      // Another language shows the same.
      const other = page.locator("nav.languages a").first();
      if (address.searchParams.has("view")) assert.match(await other.getAttribute("href"), /[?&]view=[a-z]+&lang=/);
      if (["en", "ar"].includes(language) && name !== "away") {
        await page.screenshot({ path: `${world.screens}/${name}.${language}.png`, fullPage: true });
      }
      const direction = await page.evaluate(() => document.documentElement.dir || "ltr");
      if (name !== "away") assert.equal(direction, language === "ar" ? "rtl" : "ltr", `${name} ${language}`);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await page.evaluate(axe);
        for (const one of await violations(page, colorScheme)) faults.push(`${name}, ${language}, ${colorScheme}: ${one}`);
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
  for (const context of new Set(pages.map(([page]) => page.context()))) await context.close();
}

/// The pages of referrals without a name.
export async function enquiryPages() {
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
  return [
    [session, "referrals", `${start}/`],
    [session, "received", new URL(received, start).href],
    [session, "late", `${start}/?view=late`],
    [sender, "drafts", `${base(sender)}/?view=drafts`],
    [sender, "refer", `${base(sender)}/refer`],
    [sender, "draft", draft.replace(/\/who$/, "")],
    [sender, "who", draft],
    [sender, "sent", new URL(sent, base(sender)).href],
    [sender, "directory", `${base(sender)}/directory`],
    [sender, "help", `${base(sender)}/help`],
    [sender, "lost", `${new URL(base(sender)).origin}/nothing-here`],
    [sender, "away", `${new URL(base(sender)).origin}/away`],
    [sender, "sign-in", `${new URL(base(sender)).origin}/`],
  ];
}
