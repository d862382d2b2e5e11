// A document of a referral: sent by one agency's page, saved by the other's. The referral lists it; tests/e2e/browser.rs has sent that.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { WAIT, base, first, quiet, signIn, world } from "./kit.mjs";

/// The one referral that these two have, opened when nobody has.
async function referral(page) {
  await page.goto(`${base(page)}/`);
  await first(page);
  const open = page.locator("form[action$='/open'] button").first();
  if (await page.locator("h2#what").count() === 0 && await open.count()) await open.click();
  await page.locator("h2#happened").waitFor(WAIT);
}

export async function tasks() {
  const sender = await signIn(world.document.from);
  await quiet(sender);
  await referral(sender);
  const choose = sender.locator("form[action$='/attach'] input[type=file]");
  await choose.waitFor(WAIT);

  // Another file is refused, and nothing of it is sent.
  await choose.setInputFiles({ name: "other.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7 another") });
  await sender.click("form[action$='/attach'] button");
  await sender.locator(".refused .fact").waitFor(WAIT);
  await referral(sender);
  await choose.setInputFiles(world.document.file);
  await sender.click("form[action$='/attach'] button");
  await sender.locator(".notice.done").waitFor(WAIT);

  const recipient = await signIn(world.document.to, { javaScriptEnabled: false });
  const save = recipient.locator("form[action$='/save'] button").first();
  for (let tries = 0; ; tries += 1) {
    await referral(recipient);
    if (await save.count()) break;
    assert.ok(tries < 240, "the document did not come");
    await new Promise((done) => setTimeout(done, 500));
  }
  const [saved] = await Promise.all([recipient.waitForEvent("download"), save.click()]);
  assert.deepEqual(readFileSync(await saved.path()), readFileSync(world.document.file));
  assert.match(saved.suggestedFilename(), /^document-[0-9a-f-]{36}\.pdf$/, "its title is in no file's name");
}

export async function pages() {
  const sender = await signIn(world.document.from, { bypassCSP: true });
  await quiet(sender);
  await referral(sender);
  return [[sender, "documents", sender.url().split("#")[0]]];
}
