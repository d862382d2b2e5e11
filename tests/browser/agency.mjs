// This agency's own pages, at the node `police`: the first person, a colleague, what each sees, and what ends a session.
import assert from "node:assert/strict";

import { WAIT, base, first, opened, quiet, world } from "./kit.mjs";

const ANNA = { name: "Anna Example", secret: "violet tram at noon" };
const BORIS = { name: "Boris Example", secret: "seven green umbrellas" };
const DORA = { name: "Dora Example", secret: "slow river before rain" };
const tabs = (page) => page.locator("nav.views a").allInnerTexts();

async function enter(person, options) {
  const page = await opened(options);
  await page.goto(world.police.url);
  await page.fill("#name", person.name);
  await page.fill("#secret", person.secret);
  await page.click("main button");
  await page.waitForURL(/\/[0-9a-f]{16}\/$/);
  await quiet(page);
  return page;
}

async function add(page, person, roles, own) {
  await page.goto(`${base(page)}/agency/people`);
  for (const one of await page.locator("input[name=role]:checked").all()) await one.uncheck();
  for (const role of roles) await page.check(`input[name=role][value=${role}]`);
  await page.fill("#name", person.name);
  await page.fill("#new", person.secret);
  await page.fill("#again", person.secret);
  await page.fill("#own", own);
  await page.click("form[action$='/add'] button");
}

/// No secret is in what a page says, nor in its fields.
async function tellsNoSecret(page) {
  const text = await page.content();
  const fields = await page.locator("input").evaluateAll((all) => all.map((one) => one.value));
  for (const { secret } of [ANNA, BORIS, DORA]) assert.ok(!text.includes(secret) && !fields.includes(secret), "a page tells a secret");
}

export async function agency() {
  // Two windows with the passphrase: both end when somebody is recorded, and the one that does it goes on as that person.
  const [page, other] = [await opened(), await opened()];
  for (const window of [page, other]) {
    await window.goto(world.police.url);
    await window.fill("#secret", world.police.passphrase);
    await window.click("main button");
    await window.waitForURL(/\/[0-9a-f]{16}\/$/);
    await quiet(window);
  }
  const [before, inOther] = [page.url(), other.url()];
  await page.click("nav.tabs a[href$='/agency']");
  assert.match(await page.locator("main").innerText(), /Nobody is recorded/);
  await page.click("nav.views a[href$='/people']");
  assert.match(await page.locator("main").innerText(), /changes how everybody signs in/);
  await page.fill("#name", ANNA.name);
  await page.fill("#new", ANNA.secret);
  await page.fill("#again", `${ANNA.secret}!`);
  await page.fill("#passphrase", world.police.passphrase);
  await page.click("form[action$='/first'] button");
  assert.match(await page.locator("[role=alert]").first().innerText(), /differ/);
  assert.equal(await page.inputValue("#name"), ANNA.name);
  await tellsNoSecret(page);
  await page.fill("#new", ANNA.secret);
  await page.fill("#again", ANNA.secret);
  await page.fill("#passphrase", "not this one");
  await page.click("form[action$='/first'] button");
  assert.match(await page.locator("[role=alert]").first().innerText(), /passphrase of this machine is wrong/);
  await page.fill("#new", ANNA.secret);
  await page.fill("#again", ANNA.secret);
  await page.fill("#passphrase", world.police.passphrase);
  await page.click("form[action$='/first'] button");
  await page.locator(".notice.done").first().waitFor(WAIT);
  assert.match(await page.locator("footer").innerText(), /Anna Example/);
  assert.match(await page.locator("tbody").innerText(), /Caseworker, Administrator/);
  for (const [window, address] of [[other, inOther], [page, before]]) {
    const here = page.url();
    await window.goto(address);
    assert.match(await window.locator("main").innerText(), /session has ended/);
    if (window === page) await page.goto(here);
  }

  // From now on by name; the passphrase signs nobody in.
  const admin = await enter(ANNA, { bypassCSP: true });
  await add(admin, BORIS, ["caseworker"], "not my own");
  assert.match(await admin.locator("[role=alert]").first().innerText(), /own password is wrong/);
  await tellsNoSecret(admin);
  await add(admin, BORIS, ["caseworker"], ANNA.secret);
  await admin.locator(".notice.done").first().waitFor(WAIT);
  await add(admin, DORA, ["auditor"], ANNA.secret);
  await admin.locator(".notice.done").first().waitFor(WAIT);

  // A caseworker, without JavaScript: no administration is offered, and none is done when it is asked for all the same.
  const [caseworker, second] = [await enter(BORIS, { javaScriptEnabled: false }), await enter(BORIS)];
  await caseworker.goto(`${base(caseworker)}/agency/people`);
  assert.deepEqual(await tabs(caseworker), ["Overview", "People", "My password", "Keys and safety words", "Health and settings"]);
  assert.equal(await caseworker.locator("form[action$='/add'], a[href*='/agency/people/']").count(), 0);
  await caseworker.goto(`${base(caseworker)}/agency/looks`);
  assert.match(await caseworker.locator(".refused").innerText(), /your role may not do this/);
  await caseworker.goto(`${base(caseworker)}/agency/backup`);
  assert.equal(await caseworker.locator("main form").count(), 0);

  // A changed password ends the other window, and not the one that changed it.
  const anew = "nine quiet lanterns";
  await caseworker.goto(`${base(caseworker)}/agency/password`);
  await caseworker.fill("#own", "something else");
  await caseworker.fill("#new", anew);
  await caseworker.fill("#again", anew);
  await caseworker.click("form[action$='/password'] button");
  assert.match(await caseworker.locator("[role=alert]").first().innerText(), /own password is wrong/);
  await caseworker.fill("#own", BORIS.secret);
  await caseworker.fill("#new", anew);
  await caseworker.fill("#again", anew);
  await caseworker.click("form[action$='/password'] button");
  await caseworker.locator(".notice.done").first().waitFor(WAIT);
  await second.reload();
  assert.match(await second.locator("main").innerText(), /session has ended/);
  BORIS.secret = anew;

  // What somebody may do is changed: what they have open ends, it is kept who did it, and an administrator stays.
  const hers = await enter(DORA);
  const person = async (who) => {
    await admin.goto(`${base(admin)}/agency/people`);
    await admin.locator("tbody tr", { hasText: who.name }).locator("a").click();
  };
  const roles = async (who, all, own) => {
    await person(who);
    for (const one of await admin.locator("input[name=role]").all()) await one.setChecked(all.includes(await one.inputValue()));
    await admin.fill("#own-roles", own);
    await admin.click("form[action$='/roles'] button");
  };
  await roles(DORA, ["auditor", "intake"], "not my own");
  assert.match(await admin.locator("[role=alert]").first().innerText(), /own password is wrong/);
  await tellsNoSecret(admin);
  await roles(ANNA, ["caseworker"], ANNA.secret);
  assert.match(await admin.locator("[role=alert]").first().innerText(), /Nobody would be left/);
  await roles(DORA, ["auditor", "intake"], ANNA.secret);
  await admin.locator(".notice.done").first().waitFor(WAIT);
  assert.match(await admin.locator("tbody tr", { hasText: DORA.name }).innerText(), /Intake/i);
  await hers.reload();
  assert.match(await hers.locator("main").innerText(), /session has ended/);
  await roles(DORA, ["auditor"], ANNA.secret);
  await person(DORA);
  const changed = await admin.locator("section[aria-labelledby=roles] tbody tr").allInnerTexts();
  assert.ok(changed.length === 2 && changed.every((line) => line.includes(ANNA.name)), changed.join("\n"));

  // An auditor sees who looked, and no backup.
  const auditor = await enter(DORA);
  await auditor.goto(`${base(auditor)}/agency`);
  assert.ok((await tabs(auditor)).includes("Who looked at what") && !(await tabs(auditor)).includes("Backup"));
  await auditor.click("nav.views a[href$='/looks']");
  assert.match(await auditor.locator("main").innerText(), /not signed and prove nothing/);

  // Another agency's words are found by its name, and are other ones than our own.
  await admin.goto(`${base(admin)}/agency/keys`);
  const own = await admin.locator(".eight").first().innerText();
  await admin.fill("#text", "Harbour");
  await admin.click("form[role=search] button");
  const theirs = await admin.locator("article .eight").first().innerText();
  assert.equal(theirs.trim().split(/\s+/).length, 8);
  assert.notEqual(theirs, own);

  // A backup, which is then tried.
  await admin.goto(`${base(admin)}/agency/backup`);
  assert.match(await admin.locator("main").innerText(), /No backup was ever made/);
  await admin.fill("#passphrase", world.police.passphrase);
  await admin.click("form[action$='/backup'] button");
  await admin.locator(".notice.done").first().waitFor(WAIT);
  await admin.fill("#then", "not the one of then");
  await admin.click("form[action$='/drill'] button");
  assert.match(await admin.locator("[role=alert]").first().innerText(), /not the passphrase/);
  await admin.fill("#then", world.police.passphrase);
  await admin.click("form[action$='/drill'] button");
  await admin.locator("text=This backup can be restored").first().waitFor(WAIT);

  // A new identity key is asked for, and its words are there to be read out.
  await admin.goto(`${base(admin)}/agency/keys`);
  await admin.click("summary");
  await admin.fill("#passphrase", "not this one");
  await admin.click("form[action$='/renew'] button");
  assert.match(await admin.locator("[role=alert]").first().innerText(), /passphrase of this machine is wrong/);
  await admin.click("summary");
  await admin.fill("#passphrase", world.police.passphrase);
  await admin.click("form[action$='/renew'] button");
  await admin.locator(".notice.done").first().waitFor(WAIT);
  assert.match(await admin.locator("main").innerText(), /Read these eight words of the new key/);
  assert.equal(await admin.locator("ol.eight").count(), 2);

  // What needs two: the second person confirms on the same screen, and it leaves.
  await admin.goto(`${base(admin)}/?view=drafts`);
  const draft = await admin.locator("tbody a").first().getAttribute("href");
  await admin.goto(`${new URL(draft, base(admin)).href}/who`);
  await admin.check(`input[name=to][value='${world.shelter.agency}']`);
  await admin.click("form[action$='/send'] button:not([form])");
  for (const [name, secret, told] of [[BORIS.name, "not his own", /not right/], [ANNA.name, ANNA.secret, /somebody else/], [DORA.name, DORA.secret, /caseworker or a supervisor/]]) {
    assert.match(await admin.locator("h1").innerText(), /second person must confirm/);
    await admin.fill("#name", name);
    await admin.fill("#secret", secret);
    await admin.click("form[action$='/second'] button");
    assert.match(await admin.locator("[role=alert]").first().innerText(), told);
    await tellsNoSecret(admin);
  }
  await admin.fill("#name", BORIS.name);
  await admin.fill("#secret", BORIS.secret);
  await admin.click("form[action$='/second'] button");
  await admin.waitForURL(/\/[0-9a-f]{16}\/$/);
  await first(admin);
  await auditor.goto(`${base(auditor)}/agency/looks`);
  assert.match(await auditor.locator("tbody").innerText(), /Anna Example/);
  await auditor.selectOption("#person", { label: DORA.name });
  await auditor.click("form[role=search] button");
  assert.match(await auditor.locator("main").innerText(), /Nobody looked/);
  await auditor.goto(`${base(auditor)}/agency/looks`);
  await auditor.locator("tbody a").first().click();
  await auditor.waitForURL(/\/proof\//);
  assert.match(await auditor.locator("main").innerText(), /signed it/);

  // Reading is locked for everybody, and opened with the passphrase.
  await auditor.goto(`${base(auditor)}/agency/health`);
  await auditor.click("form[action$='/lock'] button");
  await auditor.locator(".refused").waitFor(WAIT);
  await admin.reload();
  assert.match(await admin.locator(".refused").innerText(), /locked/);
  await auditor.click("main a.button");
  await auditor.fill("#name", DORA.name);
  await auditor.fill("#secret", DORA.secret);
  await auditor.click("form[action='/'] button");
  assert.match(await auditor.locator("[role=alert]").innerText(), /locked/);
  await auditor.fill("#passphrase", "not this one");
  await auditor.click("form[action='/unlock'] button");
  assert.match(await auditor.locator("[role=alert]").innerText(), /passphrase of this machine is wrong/);
  await auditor.fill("#passphrase", world.police.passphrase);
  await auditor.click("form[action='/unlock'] button");
  await auditor.waitForURL(/:\d+\/$/);
  assert.equal(await auditor.locator("form[action='/unlock']").count(), 0);

  // Who has left is out at once, and does not come back in.
  await admin.goto(`${base(admin)}/agency/people`);
  await admin.click("tr:has-text('Boris') a");
  await admin.click("summary");
  await admin.fill("#own-too", ANNA.secret);
  await admin.click("form[action$='/end'] button");
  await admin.locator(".notice.done").first().waitFor(WAIT);
  await caseworker.reload();
  assert.match(await caseworker.locator("main").innerText(), /session has ended/);
  const out = await opened();
  await out.goto(world.police.url);
  for (const name of [BORIS.name, "Nobody Atall"]) {
    await out.fill("#name", name);
    await out.fill("#secret", BORIS.secret);
    await out.click("main button");
    assert.match(await out.locator("[role=alert]").innerText(), /name or the password is not right/);
    await tellsNoSecret(out);
  }
  for (const window of [page, other, second, caseworker, auditor, out, admin]) await window.context().close();
}

/// The pages of an agency with people, and how one signs in there.
export async function agencyPages() {
  const admin = await enter(ANNA, { bypassCSP: true });
  const start = base(admin);
  await admin.goto(`${start}/agency/people`);
  const person = await admin.locator("tr:has-text('Dora') a").getAttribute("href");
  await admin.goto(`${start}/agency/looks`);
  const proof = await admin.locator("tbody a").first().getAttribute("href");
  const page = (name, path = name) => [admin, `agency-${name}`, `${start}/agency/${path}`];
  return [
    [admin, "agency", `${start}/agency`],
    page("people"), [admin, "agency-person", new URL(person, start).href], page("password"), page("looks"), page("keys"), page("backup"),
    page("health"), [admin, "agency-proof", new URL(proof, start).href], [admin, "sign-in-named", `${new URL(start).origin}/`],
  ];
}
