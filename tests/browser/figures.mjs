// Evidence, figures and the auditor's report, between real daemons.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { WAIT, base, first, home, quiet, refer, signIn, stands, world } from "./kit.mjs";

/// Clicks, and reads the file that the answer is.
async function taken(page, button) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), "utf8") };
}

/// Refers so many persons at once.
async function group(page, persons, urgency) {
  await page.goto(`${base(page)}/refer`);
  await page.check("input[name=service][value=Shelter]");
  await page.check(`input[name=urgency][value=${urgency}]`);
  await page.selectOption("#age", "25-34");
  await page.fill("#group", String(persons));
  await page.click("main form.act button");
  await page.waitForURL(/\/who$/);
  await page.click(`input[name=to][value='${world.other.agency}']`);
  await page.click("form[action$='/send'] button:not([form])");
  await page.waitForURL(/\/[0-9a-f]{16}\/$/);
}

export async function tasks() {
  const sender = await signIn(world.helpline, { acceptDownloads: true });
  await quiet(sender);
  await refer(sender, "Proof is wanted.", [world.shelter.agency]);
  const shelter = await signIn(world.shelter);
  await quiet(shelter);
  await stands(shelter, "delivered");
  await first(shelter);
  await shelter.click("form[action$='/open'] button");
  await shelter.locator("text=Proof is wanted.").first().waitFor(WAIT);
  await stands(sender, "opened");
  await first(sender);

  // Prove what happened to what I sent.
  await sender.click("a[href$='/evidence']");
  await sender.waitForURL(/\/evidence$/);
  await sender.locator(".notice.done").waitFor(WAIT);
  assert.equal(await sender.locator(".way .proven").count(), 4, "signed, at the relay, arrived, opened");
  assert.equal(await sender.locator(".way .unproven").count(), 1, "nobody has answered");
  assert.equal(await sender.locator(".verdict.yes").count(), await sender.locator(".verdict").count());
  const bare = await taken(sender, "form[data-file]:not(:has([name=content])) button");
  assert.equal(bare.name, "evidence.json");
  assert.ok(bare.text.includes("safeconduct.case/1") && !bare.text.includes("\"opening\""));
  const again = await taken(sender, "form[data-file]:not(:has([name=content])) button");
  assert.equal(again.text, bare.text, "a file can be asked for twice");
  await sender.click("details summary");
  const whole = await taken(sender, "form:has([name=content]) button");
  assert.ok(whole.text.includes("\"opening\""));

  // The shelter verifies what somebody brings.
  const bring = async (text) => {
    await shelter.goto(`${base(shelter)}/evidence`);
    await shelter.setInputFiles("#file", { name: "her-name.json", mimeType: "application/json", buffer: Buffer.from(text) });
    await shelter.click("main form button");
    await shelter.locator("main .notice").first().waitFor(WAIT);
    return shelter.locator("main").innerText();
  };
  assert.match(await bring(bare.text), /Every part of it holds/);
  assert.ok(await shelter.locator(".statements .proven").count() > 5 && await shelter.locator(".statements .unproven").count() > 0);
  assert.match(await bring(bare.text.replace(/("signature": ?")(.)/, (_all, start, letter) => `${start}${letter === "A" ? "B" : "A"}`)), /does not hold/);
  assert.match(await bring("{}"), /no file of evidence/);
  assert.match(await bring("x".repeat(4 * 1024 * 1024 + 1)), /too long/);
  assert.match(await bring("x".repeat(6 * 1024 * 1024)), /too long/);

  // Figures: small numbers are hidden, and others beside them; a quarter that is over is released, and taken away.
  for (const [persons, urgency] of [[50, "Urgent"], [40, "Normal"], [3, "Emergency"]]) await group(sender, persons, urgency);
  await stands(sender, "delivered");
  await sender.click(".tabs a[href$='/figures']");
  await sender.waitForURL(/\/figures$/);
  await sender.locator(".figure").first().waitFor(WAIT);
  const urgency = sender.locator(".figure:has(h2:text('by urgency'))").first();
  assert.match(await urgency.innerText(), /<10[\s\S]*nobody can be recognised/);
  const drawn = await urgency.locator("svg[role=img]").evaluate((svg) => ({
    title: svg.querySelector("title").textContent,
    described: svg.querySelector("desc").textContent,
    values: [...svg.querySelectorAll(".chart-value")].map((one) => one.textContent),
    withheld: [...svg.querySelectorAll(".chart-withheld")].map((one) => one.getAttribute("width")),
  }));
  const told = (await urgency.locator("tbody td").allInnerTexts()).map((text) => text.trim());
  assert.deepEqual(drawn.values, told, "the picture says what the table says");
  assert.ok(drawn.title.includes("by urgency") && told.every((value) => drawn.described.includes(value)));
  assert.ok(drawn.withheld.length >= 2 && new Set(drawn.withheld).size === 1, "a small number, and another beside it");
  assert.ok(!told.includes("3") && !told.includes("5"), "no small number is told");
  await sender.selectOption("#side", "received");
  await sender.click("form[method=get] button");
  await sender.waitForURL(/side=received/);
  assert.equal(await sender.locator(".figure h2:has-text('referred')").count(), 0, "nobody was referred to the helpline");
  const ended = sender.locator("#period option").nth(1);
  await sender.selectOption("#period", await ended.getAttribute("value"));
  await sender.click("form[method=get] button");
  await sender.click("form[action$='/release'] button");
  await sender.locator(".notice.done").waitFor(WAIT);
  assert.match(await sender.locator(".stands").innerText(), /frozen since/);
  assert.equal(await sender.locator("form[action$='/release']").count(), 0, "it is released once");
  const rows = await taken(sender, "button[value=csv]");
  assert.equal(rows.name, "figures.csv");
  assert.match(rows.text, /^agency,country,period,table,key,value,unit\n/);
  const report = JSON.parse((await taken(sender, "button[value=json]")).text);
  assert.equal(report.schema, "safeconduct.report/1");
  await sender.click("form[action$='/schedule'] button");
  await sender.click("button[value=off]");
  await sender.locator("button[value=on]").waitFor(WAIT);

  // The auditor's report, and its log.
  await sender.goto(`${base(sender)}/report`);
  const audit = sender.locator("article.paper");
  await audit.locator(".good").waitFor(WAIT);
  assert.match(await audit.innerText(), /chains, recomputed from their first entry/);
  assert.ok(await audit.locator("#looks + table tbody tr").count() > 0, "who took evidence has looked");
  const log = await taken(sender, "button[value=csv]");
  assert.ok(log.name === "audit.csv" && log.text.includes("Opened") && !log.text.includes("Proof is wanted"));
  const paper = await taken(sender, "button[value=html]");
  assert.ok(paper.name === "audit.html" && paper.text.includes("Auditor's report"));
  await sender.goto(`${base(sender)}/report?since=2026-13-01&until=x`);
  await sender.locator(".notice.alarm").waitFor(WAIT);
  await sender.emulateMedia({ media: "print" });
  for (const hidden of [".tabs", ".views", "main form", ".leave"]) {
    assert.equal(await sender.locator(hidden).first().isVisible(), false, `${hidden} is not printed`);
  }
  assert.ok(await sender.locator("article.paper h3").first().isVisible());
  await home(sender);
  await sender.context().close();
  await shelter.context().close();
}

export async function pages() {
  const sender = await signIn(world.helpline, { bypassCSP: true });
  await quiet(sender);
  await home(sender);
  const referral = new URL(await sender.locator("#referrals tbody a").first().getAttribute("href"), base(sender)).href;
  return [
    [sender, "evidence", `${referral}/evidence`],
    [sender, "check", `${base(sender)}/evidence`],
    [sender, "figures", `${base(sender)}/figures`],
    [sender, "report", `${base(sender)}/report`],
  ];
}
