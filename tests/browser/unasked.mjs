// Referring somebody without their consent: life in danger, and a duty of law; what is owed to the person afterwards.
import assert from "node:assert/strict";

import { base, counted, first, newest, quiet, signIn, stands, world } from "./kit.mjs";
import { needs, until } from "./person.mjs";

const text = (page) => page.locator("main").innerText();
const today = () => new Date().toISOString().slice(0, 10);
const REASON = "She does not wake up, and the ambulance leaves now.";

/// One agency, with the name, up to where the person would be asked.
async function byName(page, task, agency, level) {
  await task.click(`button[name=to][value='${agency}']`);
  await page.waitForURL(/\/level$/);
  await task.click(`input[name=level][value='${level}']`);
  await task.click("form[action$='/level'] button");
  await page.waitForURL(/\/person$/);
  await task.type("[name='/summary/text']", "Found on the stairs. Breathes, but does not answer.");
}

async function named(page, task) {
  await task.type("[name='/identity/names/Preferred']", "Oksana");
  await task.choose("[name='/identity/location/kind']", "Hospital");
}

/// A consent by its words, on the page of a referral that somebody opens.
async function opens(page, before) {
  await stands(page, "delivered", 0, before);
  await first(page);
  await page.click("form[action$='/open'] button");
}

async function danger(helpline, shelter) {
  const task = counted(helpline);
  await needs(helpline, task, "EmergencyShelter");
  await byName(helpline, task, world.shelter.agency, 2);
  await named(helpline, task);
  await task.click("form[action$='/person'] button");
  await helpline.waitForURL(/\/consent$/);
  // It is there, and it is not what stands out.
  assert.equal(await helpline.locator("a[href$='/without#danger']").isVisible(), false);
  assert.equal(await helpline.locator("a[href$='/without#duty']").count(), 0, "no law obliges a helpline");
  await task.click("summary:has-text('cannot be asked')");
  await task.click("a[href$='/without#danger']");
  assert.match(await text(helpline), /within \P{L}?72\P{L}? hours/u);
  for (const field of ["giver", "urgency"]) {
    assert.equal(await helpline.locator(`input[name=${field}]:checked`).count(), 0, `${field} is chosen, not assumed`);
  }
  // What the law does not allow is refused at its field, in the reader's language; what was typed stays.
  await helpline.locator("#danger-hours").evaluate((one) => { one.options[1].value = "100"; one.selectedIndex = 1; });
  await helpline.fill("#danger-reason", REASON);
  await helpline.check("#danger-giver input[value=CaseworkerOverride]");
  await helpline.check("#danger-urgency input[value=Immediate]");
  await helpline.click("section[aria-labelledby=danger] form button");
  assert.match(await helpline.locator("#danger-hours ~ .bad[role=alert]").first().innerText(), /told too late/);
  await task.type("#danger-reason", REASON);
  await task.tick("#danger-giver input[value=CaseworkerOverride]");
  await task.tick("#danger-urgency input[value=Immediate]");
  await task.choose("#danger-hours", "12");
  await task.click("section[aria-labelledby=danger] form button");
  await helpline.waitForURL(/\/check$/);
  const seen = await text(helpline);
  for (const part of [/without the person's consent/, /must be told by/, /Life in danger, without consent/, /Oksana/]) assert.match(seen, part);
  assert.match(seen, new RegExp(REASON));
  assert.match(await helpline.locator("section[aria-labelledby=not-see]").innerText(), /Medical/);
  assert.match(await helpline.locator("form[action$='/check'] button").innerText(), /Send without consent/);
  const before = await newest(shelter);
  await task.click("form[action$='/check'] button");
  await helpline.waitForURL(/\/[0-9a-f]{16}\/$/);
  const { clicks, fields } = task.count;
  assert.ok(clicks <= 10 && fields <= 12, JSON.stringify(task.count));
  console.log(`refer somebody in danger, without consent: ${clicks} clicks, ${fields} fields`);

  // Where it came, it says that nobody was asked, and what that means.
  await opens(shelter, before);
  const told = await text(shelter);
  for (const part of [/was not asked: life in danger/, /has not agreed to this/, /must be told by/]) assert.match(told, part);
  assert.match(told, new RegExp(REASON));
  assert.equal(await shelter.locator("form[action$='/told'], form[action$='/review']").count(), 0, "that is the sender's");

  // What is owed stands on the list, and on the page until the person was told; who sent it does not review it.
  await helpline.goto(`${base(helpline)}/`);
  await until(helpline, "#referrals tr:first-child .flag.alarm:has-text('is to be told')");
  await first(helpline);
  assert.match(await text(helpline), /was decided in the person's place/);
  assert.equal(await helpline.locator("form[action$='/review']").count(), 0);
  const notice = counted(helpline);
  await notice.type("#told1", today());
  await notice.click("form[action$='/told'] button");
  console.log(`note that the person was told: ${notice.count.clicks} click, ${notice.count.fields} field`);
  assert.match(await text(helpline), /The person was told on/);
  assert.equal(await helpline.locator("form[action$='/told']").count(), 0);
  await shelter.goto(`${base(shelter)}/`);
  await first(shelter);
  await until(shelter, "text=The person was told on");
}

async function duty(shelter, rosa) {
  const task = counted(shelter);
  await shelter.goto(`${base(shelter)}/`);
  await needs(shelter, task, "Shelter", "12-14");
  await byName(shelter, task, world.board.agency, 2);
  await named(shelter, task);
  await task.choose("[name='/summary/child/accompaniment']", "Unaccompanied");
  await task.choose("[name='/summary/child/guardian_status']", "None");
  await task.choose("[name='/summary/child/bid_status']", "NotStarted");
  await task.click("form[action$='/person'] button");
  await shelter.waitForURL(/\/consent$/);
  await task.click("summary:has-text('cannot be asked')");
  await task.click("a[href$='/without#duty']");
  assert.match(await text(shelter), /Children Act 2011/);
  assert.match(await text(shelter), /at most level \P{L}?1/u);
  await task.tick("input[name=law]");
  await task.type("#duty-reason", "A child alone, who says that she was sold.");
  await task.tick("#duty-giver input[value=CaseworkerOverride]");
  await task.choose("#duty-hours", "0");
  await task.click("section[aria-labelledby=duty] form button");
  await shelter.waitForURL(/\/check$/);
  assert.ok(!(await text(shelter)).includes("Oksana"), "the law lets no name be told");
  assert.match(await text(shelter), /The law demands it/);
  const before = await newest(rosa);
  await task.click("form[action$='/check'] button");
  await shelter.waitForURL(/\/[0-9a-f]{16}\/$/);
  const { clicks, fields } = task.count;
  console.log(`tell what a law demands: ${clicks} clicks, ${fields} fields`);
  await opens(rosa, before);
  const told = await text(rosa);
  for (const part of [/a law demands that you are told/, /knew before it was sent/, /Children Act 2011/, /Notification/]) assert.match(told, part);
}

/// Only the police can help: two decide, and another reviews it.
async function police(rosa, viktor) {
  await rosa.goto(`${base(rosa)}/`);
  const task = counted(rosa);
  await task.click("a.button[href$='/refer']");
  await rosa.locator("details:has(input[value=SafetyPlanning]) > summary").first().click();
  await task.tick("input[name=service][value=SafetyPlanning]");
  await task.tick("input[name=urgency][value=Immediate]");
  await task.choose("#age", "25-34");
  await task.click("main form button");
  await rosa.waitForURL(/\/who$/);
  await rosa.locator("summary:has-text('only the police')").click();
  await byName(rosa, task, world.police.agency, 1);
  await task.click("form[action$='/person'] button");
  // The person goes to the police by their own decision: here only danger is asked about.
  await rosa.waitForURL(/\/without$/);
  assert.match(await text(rosa), /at most level \P{L}?2/u);
  assert.ok(await rosa.locator("#danger-urgency input[value=Immediate]").isChecked(), "it was said before");
  await task.type("#danger-reason", "He has her, and says that he will kill her tonight.");
  await task.tick("#danger-giver input[value=CaseworkerOverride]");
  await task.choose("#danger-hours", "24");
  await task.click("section[aria-labelledby=danger] form button");
  await rosa.waitForURL(/\/check$/);
  await task.click("form[action$='/check'] button");
  assert.match(await text(rosa), /second person/);
  await rosa.fill("#name", world.board.people[1].name);
  await rosa.fill("#secret", world.board.people[1].secret);
  await task.click("form[action$='/second'] button");
  await rosa.waitForURL(/\/[0-9a-f]{16}\/$/);
  await stands(rosa, "delivered");
  await first(rosa);
  assert.equal(await rosa.locator("form[action$='/review']").count(), 0, "who sent it does not review it");
  await stands(viktor, "delivered");
  await first(viktor);
  await viktor.check("input[name=verdict][value=upheld]");
  await viktor.click("form[action$='/review'] button");
  assert.match(await text(viktor), /it was right/);
}

export async function tasks() {
  const helpline = await signIn(world.helpline, { javaScriptEnabled: false });
  const shelter = await signIn(world.shelter, { javaScriptEnabled: false });
  await danger(helpline, shelter);
  const people = [];
  for (const person of world.board.people) people.push(await signIn(world.board, { javaScriptEnabled: false }, person));
  await duty(shelter, people[0]);
  await police(...people);
}

/// The pages of a draft without consent, before and after it is decided, and of the referral at both ends.
export async function pages() {
  const page = await signIn(world.shelter, { bypassCSP: true });
  await quiet(page);
  await needs(page, counted(page), "EmergencyShelter", "12-14");
  const draft = page.url().replace(/\/who$/, "");
  await byName(page, counted(page), world.board.agency, 1);
  await page.selectOption("[name='/summary/child/accompaniment']", "Unaccompanied");
  await page.selectOption("[name='/summary/child/guardian_status']", "None");
  await page.selectOption("[name='/summary/child/bid_status']", "NotStarted");
  await page.click("form[action$='/person'] button");
  await page.waitForURL(/\/consent$/);
  await page.goto(`${draft}/without`);
  await page.fill("#danger-reason", REASON);
  await page.check("#danger-giver input[value=CaseworkerOverride]");
  await page.check("#danger-urgency input[value=Emergency]");
  await page.selectOption("#danger-hours", "12");
  await page.click("section[aria-labelledby=danger] form button");
  await page.waitForURL(/\/check$/);
  const [sent, came] = [await signIn(world.board, { bypassCSP: true }, world.board.people[1]), await signIn(world.shelter, { bypassCSP: true })];
  for (const one of [sent, came]) await quiet(one);
  await first(sent, "#referrals tr:has(small:has-text('sent')) a");
  const other = await signIn(world.helpline, { bypassCSP: true });
  await quiet(other);
  await first(other);
  await first(came, "#referrals tr:has(small:has-text('received')) a");
  return [
    [page, "without", `${draft}/without`],
    [page, "without-check", `${draft}/check`],
    [page, "without-consent", `${draft}/consent`],
    [sent, "without-sent", sent.url()],
    [other, "without-told", other.url()],
    [came, "without-came", came.url()],
  ];
}
