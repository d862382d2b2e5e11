// Referring somebody by name with their consent, telling more, and taking a consent back.
import assert from "node:assert/strict";

import { WAIT, axe, base, counted, first, quiet, signIn, stands, world } from "./kit.mjs";

const NAME = "Oksana Verbytska";

/// What is needed, up to who can help.
export async function needs(page, task, service = "Shelter", age = "25-34", children = "") {
  await task.click("a.button[href$='/refer']");
  await task.tick(`input[name=service][value=${service}]`);
  await task.tick("input[name=urgency][value=Urgent]");
  await task.choose("#age", age);
  await task.choose("#gender", "Feminine");
  await task.choose("#language", "ukr");
  if (children) await page.fill("#children", children);
  await task.click("main form button");
  await page.waitForURL(/\/who$/);
}

/// The ticks of the question, and the answer.
export async function agree(page, task) {
  for (const told of await page.locator("input[name=told][required]").all()) { task.ticks += 1; await told.check(); }
  await task.choose("#method", "VerbalWitnessed");
  await task.click("form[action$='/consent'] button");
  await page.waitForURL(/\/check$/);
}

/// Asks until the other node has it, without a script.
export async function until(page, what) {
  for (let tries = 0; tries < 240; tries += 1) {
    if (await page.locator(what).count()) return;
    await new Promise((done) => setTimeout(done, 500));
    await page.reload();
  }
  assert.fail(`${what} did not come`);
}

const text = (page) => page.locator("main").innerText();

export async function tasks() {
  const helpline = await signIn(world.helpline, { javaScriptEnabled: false });
  const task = Object.assign(counted(helpline), { ticks: 0, names: 0 });
  await needs(helpline, task);
  await task.click(`button[name=to][value='${world.shelter.agency}']`);
  await helpline.waitForURL(/\/level$/);
  assert.ok(await helpline.locator("input[name=level][value='1']").isChecked(), "what a shelter needs is level 1");
  assert.equal(await helpline.locator("input[name=section]:checked").count(), 0);
  await task.click("input[name=level][value='2']");
  await task.click("form[action$='/level'] button");
  await helpline.waitForURL(/\/person$/);
  await task.type("[name='/summary/text']", "Left the flat tonight. Wants a bed and rest first.");
  await task.choose("[name='/summary/risk/level']", "High");
  task.names += 1;
  await helpline.fill("[name='/identity/names/Legal']", NAME);
  await task.choose("[name='/identity/location/kind']", "Street");
  await helpline.check("[name='/identity/safe_contact/never'][value=Voicemail]");
  await task.click("form[action$='/person'] button");

  // The question, in both languages, and on paper in hers.
  await helpline.waitForURL(/\/consent$/);
  assert.equal(await helpline.inputValue("#method"), "", "how it was said is chosen, not assumed");
  const spoken = await helpline.locator("blockquote").allInnerTexts();
  assert.equal(spoken.length, 2);
  assert.ok(spoken.every((one) => one.includes("Harbour House")), spoken.join("\n"));
  assert.match(spoken[0], /your name, your age/);
  assert.doesNotMatch(spoken[0], /your health/);
  assert.equal(await helpline.locator("blockquote").nth(1).getAttribute("lang"), "uk");
  const question = helpline.url();
  await helpline.goto(question.replace(/consent$/, "sentence"));
  assert.equal(await helpline.evaluate(() => document.documentElement.lang), "uk");
  assert.match(await text(helpline), /Harbour House/);
  assert.ok(!(await text(helpline)).includes(NAME) && !(await helpline.title()).includes("Harbour"));
  await helpline.goto(question);
  // In Arabic for once: another question, from right to left.
  await helpline.locator("details:has(#lang)").evaluate((one) => { one.open = true; });
  await helpline.selectOption("#lang", "ara");
  await helpline.click("form[action$='/words'] button");
  assert.equal(await helpline.locator("blockquote[dir=rtl]").count(), 1);
  await helpline.locator("details:has(#lang)").evaluate((one) => { one.open = true; });
  await helpline.selectOption("#lang", "ukr");
  await helpline.click("form[action$='/words'] button");
  await agree(helpline, task);

  // What they will see, and what not; then it goes.
  const seen = await helpline.locator("section[aria-labelledby=see]").innerText();
  assert.ok(seen.includes(NAME) && seen.includes("Never leave a voice message") && seen.includes("On the street"), seen);
  const unseen = await helpline.locator("section[aria-labelledby=not-see]").innerText();
  for (const part of ["Medical", "Justice", "Phone", "Born"]) assert.ok(unseen.includes(part), unseen);
  assert.ok(!unseen.includes("Full name"), unseen);
  await task.click("form[action$='/check'] button");
  await helpline.waitForURL(/\/[0-9a-f]{16}\/$/);
  const { count, ticks, names } = task;
  assert.ok(count.clicks <= 9 && count.fields <= 9 && ticks === 6 && names === 1, JSON.stringify({ ...count, ticks, names }));
  console.log(`refer a woman by name, with her consent: ${count.clicks} clicks, ${count.fields} fields, ${names} name, ${ticks} ticks of consent`);

  // It comes with the name, behind a mask; what must not be done stands first. More is asked.
  const shelter = await signIn(world.shelter, { javaScriptEnabled: false });
  await stands(shelter, "delivered");
  await first(shelter);
  await shelter.click("form[action$='/open'] button");
  await shelter.locator("text=Never leave a voice message").first().waitFor(WAIT);
  assert.ok(!(await text(shelter)).includes(NAME), "behind a mask");
  await shelter.locator("details:has(#level)").evaluate((one) => { one.open = true; });
  await shelter.selectOption("#level", "3");
  await shelter.fill("#level-text", "Which medicines does she need?");
  await shelter.click("form:has(input[value=DisclosureRequested]) button");

  // Their question stands beside the form; the consent that there is does not cover the answer.
  const more = Object.assign(counted(helpline), { ticks: 0 });
  await first(helpline);
  await until(helpline, "text=Which medicines does she need?");
  await more.click("form[action$='/more'] button");
  await helpline.waitForURL(/\/level$/);
  assert.match(await text(helpline), /Which medicines does she need/);
  assert.ok(await helpline.locator("input[name=level][value='3']").isChecked(), "the level that they asked for");
  await more.tick("input[name=section][value=Medical]");
  await more.click("form[action$='/level'] button");
  assert.equal(await helpline.inputValue("[name='/identity/names/Legal']"), NAME, "what is known stands there");
  await more.choose("[name='/case_file/medical/urgent']", "no");
  await more.type("[name='/case_file/medical/medication']", "Insulin.");
  await more.click("form[action$='/person'] button");
  await helpline.waitForURL(/\/consent$/);
  assert.match(await helpline.locator("blockquote").first().innerText(), /your health/);
  await agree(helpline, more);
  // No service that was asked for needs it: that is said, and where to change it.
  assert.ok(await helpline.locator(".findings a[href$='/level']").count());
  await more.click("form[action$='/check'] button");
  await helpline.waitForURL(/\/referral\//);
  console.log(`tell more, as they asked: ${more.count.clicks} clicks, ${more.count.fields} fields, ${more.ticks} ticks of consent`);
  await shelter.goto(`${base(shelter)}/`);
  await first(shelter);
  await until(shelter, "button[name=section][value=Medical]");
  await shelter.click("button[name=section][value=Medical]");
  assert.match(await text(shelter), /Insulin/);

  await helpline.click("form[action$='/more'] button");
  await helpline.waitForURL(/\/level$/);
  const begun = helpline.url();
  await helpline.goBack();

  // She takes both back. What that erases is said before; that it was erased, after.
  const take = counted(helpline);
  for (let left = 2; left > 0; left -= 1) {
    await helpline.goto(helpline.url().replace(/(\/referral\/[0-9a-f]+).*/, "$1/consents"));
    await take.click("summary:has-text('takes it back')");
    const said = await helpline.locator(".danger-zone form").first().innerText();
    assert.match(said, left === 2 ? /no other consent covers/ : /the whole referral/);
    await take.click(".danger-zone form button");
    await helpline.waitForURL(/\/referral\/[0-9a-f]+$/);
  }
  console.log(`take a consent back: ${take.count.clicks / 2} clicks`);
  await helpline.locator(".stands.withdrawn").waitFor(WAIT);
  // What had been begun to be told more has nowhere to go, and is discarded.
  const withdrawn = helpline.url();
  await helpline.goto(begun);
  assert.match(await text(helpline), /nowhere to go|was taken back or erased/);
  await helpline.click("form[action$='/discard'] button");
  assert.match(await text(helpline), /The draft is gone/);
  await helpline.goto(withdrawn);
  await shelter.goto(`${base(shelter)}/`);
  await first(shelter);
  await until(shelter, "form[action$='/erase'] button");
  assert.ok(!(await text(shelter)).includes("Insulin"));
  await shelter.click("form[action$='/erase'] button");
  await until(helpline, "text=erased what was to be erased");

  await children(helpline);
  await refused(helpline);

  // One was looked at, and then several are asked without a name: the one that was looked at is not the one to whom it goes.
  await helpline.goto(`${base(helpline)}/`);
  await needs(helpline, counted(helpline));
  const who = helpline.url();
  await helpline.click(`button[name=to][value='${world.shelter.agency}']`);
  await helpline.waitForURL(/\/level$/);
  await helpline.goto(who);
  for (const one of [world.shelter, world.other]) await helpline.check(`input[name=to][value='${one.agency}']`);
  await helpline.click("form[action$='/send'] button:not([form])");
  await helpline.waitForURL(/\/[0-9a-f]{16}\/$/);
  assert.match(await text(helpline), /Sent to \P{L}?2\P{L}? agencies/u);
}

/// The person says no: the draft is discarded where the answer is given.
async function refused(page) {
  await page.goto(`${base(page)}/`);
  await needs(page, counted(page));
  await page.click(`button[name=to][value='${world.shelter.agency}']`);
  await page.click("form[action$='/level'] button");
  await page.click("form[action$='/person'] button");
  await page.waitForURL(/\/consent$/);
  await page.locator("form[action$='/discard'] summary").click();
  await page.click("form[action$='/discard'] button");
  assert.match(await text(page), /The draft is gone/);
}

/// For a child somebody else agrees as well; and a child who comes along has a line of its own. Nothing forbids to send either.
async function children(page) {
  for (const [age, along] of [["6-11", ""], ["25-34", "1"]]) {
    const task = Object.assign(counted(page), { ticks: 0 });
    await page.goto(`${base(page)}/`);
    await needs(page, task, "Shelter", age, along);
    await page.click(`button[name=to][value='${world.shelter.agency}']`);
    await page.check("input[name=level][value='2']");
    await page.click("form[action$='/level'] button");
    await page.fill("[name='/identity/names/Preferred']", NAME);
    await page.selectOption("[name='/identity/location/kind']", "Agency");
    if (along) {
      await page.selectOption("[name=child]", "0-5");
    } else {
      await page.selectOption("[name='/summary/child/accompaniment']", "Separated");
      await page.selectOption("[name='/summary/child/guardian_status']", "Appointed");
      await page.selectOption("[name='/summary/child/bid_status']", "NotStarted");
    }
    await page.click("form[action$='/person'] button");
    await page.waitForURL(/\/consent$/);
    assert.equal(await page.locator("blockquote").first().innerText().then((said) => /the guardian/.test(said)), !along);
    await agree(page, task);
    assert.equal(await page.locator(".notice.alarm[role=alert] .findings").count(), 0, await text(page));
    assert.match(await text(page), along ? /0 to 5/ : /The child and the guardian agree/);
    assert.ok(await page.locator("form[action$='/check'] button").count(), "it may be sent");
  }
}

/// The question on paper is in the person's language whatever the reader's is, so that it is looked at by itself: from right to left.
async function printed(page) {
  const question = page.url();
  await page.locator("details:has(#lang) summary").click();
  await page.selectOption("#lang", "ara");
  await page.click("form[action$='/words'] button");
  await page.goto(question.replace(/consent$/, "sentence"));
  assert.equal(await page.evaluate(() => document.documentElement.dir), "rtl");
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document));
  assert.deepEqual(found.violations.map((one) => one.id), []);
  await page.setViewportSize({ width: 320, height: 640 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "wider than a phone");
  await page.setViewportSize({ width: 1000, height: 800 });
  await page.emulateMedia({ media: "print" });
  assert.ok(!await page.locator("[data-exit], nav").first().isVisible(), "what is no part of the question is not printed");
  await page.screenshot({ path: `${world.screens}/by-name-sentence.ar.png`, fullPage: true });
  await page.emulateMedia({ media: "screen" });
  await page.goto(question);
  await page.locator("details:has(#lang) summary").click();
  await page.selectOption("#lang", "ukr");
  await page.click("form[action$='/words'] button");
}

/// The pages of a draft by name, and of a referral's consents.
export async function pages() {
  const page = await signIn(world.helpline, { bypassCSP: true });
  await quiet(page);
  const task = Object.assign(counted(page), { ticks: 0 });
  await needs(page, task, "Psychological");
  const draft = page.url().replace(/\/who$/, "");
  await page.click(`button[name=to][value='${world.shelter.agency}']`);
  await page.check("input[name=level][value='3']");
  await page.check("input[name=section][value=Narrative]");
  await page.click("form[action$='/level'] button");
  await page.fill("[name='/case_file/narrative']", "She told it once.");
  await page.fill("[name='/identity/names/Legal']", NAME);
  await page.selectOption("[name='/identity/location/kind']", "Street");
  await page.selectOption("[name='/case_file/medical/urgent']", "no");
  await page.click("form[action$='/person'] button");
  await page.waitForURL(/\/consent$/);
  await printed(page);
  const other = await signIn(world.helpline, { bypassCSP: true });
  await quiet(other);
  await needs(other, Object.assign(counted(other), { ticks: 0 }));
  await other.click(`button[name=to][value='${world.other.agency}']`);
  await other.click("form[action$='/level'] button");
  await other.click("form[action$='/person'] button");
  await agree(other, Object.assign(counted(other), { ticks: 0 }));
  await other.click("form[action$='/check'] button");
  await stands(other, "delivered");
  await first(other);
  const consents = `${other.url()}/consents`;
  return [
    [page, "by-name-who", `${draft}/who`],
    [page, "by-name-level", `${draft}/level`],
    [page, "by-name-person", `${draft}/person`],
    [page, "by-name-consent", `${draft}/consent`],
    [page, "by-name-check", `${draft}/check`],
    [other, "consents", consents],
  ];
}
