// Leaving the page at once, and what a wrong secret is told.
import assert from "node:assert/strict";

import { WAIT, first, opened, quiet, signIn, world } from "./kit.mjs";

/// The way out is the first stop of the keyboard; three times Shift leaves; and nothing comes back.
export async function leaving() {
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
