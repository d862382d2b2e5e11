// Documents of a referral: sent by one agency's page, saved by the other's. One is of a referral that lists it, which tests/e2e/browser.rs has
// sent; others are added to a referral by name, before it is sent and after.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";

import { WAIT, base, counted, first, opened, quiet, signIn, stands, world } from "./kit.mjs";
import { agree, needs, until } from "./person.mjs";

/// What is in the file that is added; nothing of it lies on a disk of ours as it is.
const MARK = "left arm, an old fracture";
const REPORT = { name: "anna-report.pdf", mimeType: "application/pdf", buffer: Buffer.from(`%PDF-1.7\n${MARK}\n`.repeat(3000)) };
const PASS = { name: "scan.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\na permit\n".repeat(900)) };
const text = (page) => page.locator("main").innerText();

/// The one referral that these two have, opened when nobody has.
async function referral(page) {
  await page.goto(`${base(page)}/`);
  await first(page);
  const open = page.locator("form[action$='/open'] button").first();
  if (await page.locator("h2#what").count() === 0 && await open.count()) await open.click();
  await page.locator("h2#happened").waitFor(WAIT);
}

/// Nothing of the file is to be found under a folder, in no file.
function lies(folder) {
  const all = readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`);
  return all.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).includes(MARK));
}

async function fill(page, file, title, about) {
  await page.setInputFiles("#file", file);
  await page.fill("#title", title);
  await page.selectOption("#section", about);
  await page.click("form[enctype] button");
}

/// Saves the document of this title there, as soon as it has come.
async function saved(page, title) {
  const save = page.locator(".candidate", { hasText: title }).locator("form[action$='/save'] button");
  for (let tries = 0; !await save.count(); tries += 1) {
    assert.ok(tries < 240, `${title} did not come`);
    await new Promise((done) => setTimeout(done, 500));
    await page.reload();
  }
  const [download] = await Promise.all([page.waitForEvent("download"), save.click()]);
  return readFileSync(await download.path());
}

/// Files are added before a referral by name is sent, and one more when they have it.
async function byName() {
  let page = await signIn(world.helpline, { javaScriptEnabled: false });
  await needs(page, counted(page), "Shelter");
  await page.click(`button[name=to][value='${world.other.agency}']`);
  await page.check("input[name=level][value='3']");
  assert.equal(await page.locator("input[name=section]:checked").count(), 0, "no documents unless somebody chooses them");
  await page.check("input[name=section][value=Attachments]");
  await page.click("form[action$='/level'] button");
  await page.fill("[name='/summary/text']", "Needs her papers back.");
  await page.fill("[name='/identity/names/Legal']", "Oksana Verbytska");
  await page.selectOption("[name='/identity/location/kind']", "Street");
  await page.click("form[action$='/person'] button");
  await page.waitForURL(/\/documents$/);
  const step = page.url();

  // What does not fit is refused in one line, with the way back, and leaves nothing.
  const wrong = { name: "report.pdf", mimeType: "application/pdf", buffer: Buffer.from("only words") };
  const long = { name: "long.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(26 * 1024 * 1024, "%PDF-1.7 ") };
  for (const [file, says] of [[wrong, /none of PDF/], [long, /at most 25 MB/]]) {
    await fill(page, file, "Report", "Medical");
    assert.match(await page.locator(".refused").innerText(), says);
    await page.goto(step);
    assert.match(await text(page), /None has been added/);
  }
  // One that breaks off in the middle.
  const cut = await opened();
  await cut.context().addCookies(await page.context().cookies());
  const marks = await page.locator("form[enctype] input[type=hidden]").evaluateAll((all) => all.map((one) => [one.name, one.value]));
  const part = ([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const head = `--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7\n${MARK}`;
  const broken = await cut.context().request.post(step, {
    headers: { "content-type": "multipart/form-data; boundary=x", origin: new URL(step).origin },
    data: Buffer.from(marks.map(part).join("") + head), failOnStatusCode: false,
  });
  assert.equal(broken.status(), 409);
  await page.goto(step);
  assert.match(await text(page), /None has been added/);

  // Once, and once more: it is one. A second is added and taken out again.
  for (let times = 0; times < 2; times += 1) {
    await fill(page, REPORT, "Report of May", "Medical");
    await page.waitForURL(step);
    assert.equal(await page.locator(".candidate").count(), 1);
  }
  await fill(page, PASS, "Another", "Identity");
  assert.equal(await page.locator(".candidate").count(), 2);
  await page.locator(".candidate", { hasText: "Another" }).locator("form[action$='/remove'] button").click();
  assert.equal(await page.locator(".candidate").count(), 1);
  assert.deepEqual(lies(world.helpline.data), [], "a file lies on the disk as it is");

  // Who signs in anew has lost what seals it: that is said, and the same file mends it.
  await page.locator("form[action$='/out'] button").first().click();
  page = await signIn(world.helpline, { javaScriptEnabled: false });
  const draft = step.split("/").slice(4).join("/");
  await page.goto(`${base(page)}/${draft}`);
  assert.match(await text(page), /no longer on hand/);
  await fill(page, REPORT, "Report of May", "Medical");
  assert.match(await page.locator(".candidate").innerText(), /ready to go/);
  assert.equal(await page.locator(".candidate").count(), 1);

  // The person is asked about it, and about what it is about; what they will see says so; and it goes.
  await page.click("form[action$='/documents/on'] button");
  await page.waitForURL(/\/consent$/);
  const said = await page.locator("blockquote").first().innerText();
  assert.match(said, /documents about you/);
  assert.match(said, /your health/);
  await agree(page, Object.assign(counted(page), { ticks: 0 }));
  const seen = await page.locator("section[aria-labelledby=see]").innerText();
  for (const one of ["Report of May", "PDF", "ready to go"]) assert.ok(seen.includes(one), seen);
  assert.ok(!seen.includes("anna-report"), "the file's own name");
  await page.click("form[action$='/check'] button");
  await page.waitForURL(/\/[0-9a-f]{16}\/$/);
  assert.doesNotMatch(await text(page), /not gone/);

  const other = await signIn(world.other, { javaScriptEnabled: false });
  await stands(other, "delivered");
  await first(other);
  await other.click("form[action$='/open'] button");
  assert.deepEqual(await saved(other, "Report of May"), REPORT.buffer);
  assert.deepEqual(lies(world.other.data), [], "a file lies on the other disk as it is");

  // Later: where the consent covers it, nobody is asked anew.
  await first(page);
  await until(page, "button[name=add][value=documents]");
  await page.click("button[name=add][value=documents]");
  await page.waitForURL(/\/documents$/);
  assert.match(await page.locator(".candidate").innerText(), /they have it already/);
  assert.equal(await page.locator("form[action$='/remove']").count(), 0, "what was told stays told");
  await fill(page, PASS, "Residence permit", "Identity");
  await page.click("form[action$='/documents/on'] button");
  await page.waitForURL(/\/check$/);
  await page.click("form[action$='/check'] button");
  await page.waitForURL(/\/referral\//);
  assert.deepEqual(await saved(other, "Residence permit"), PASS.buffer);
  await page.reload();
  assert.equal(await page.locator("form[action$='/attach']").count(), 0, "nothing is left to be sent");
  await onward(other);
}

/// Who has the referral refers the person on: what it says of that is said, and she is asked anew, also about being handed on.
async function onward(page) {
  assert.match(await page.locator("section[aria-labelledby=onward]").innerText(), /has not been asked yet/);
  await page.click("form[action$='/onward'] button");
  await page.waitForURL(/\/needs$/);
  assert.ok(await page.locator("input[name=service][value=Shelter]").isChecked(), "what is needed stands there");
  await page.click("main form button");
  await page.waitForURL(/\/who$/);
  await page.click(`button[name=to][value='${world.shelter.agency}']`);
  await page.waitForURL(/\/level$/);
  await page.check("input[name=level][value='2']");
  await page.click("form[action$='/level'] button");
  assert.equal(await page.inputValue("[name='/identity/names/Legal']"), "Oksana Verbytska");
  await page.click("form[action$='/person'] button");
  await page.waitForURL(/\/consent$/);
  assert.match(await page.locator("blockquote").first().innerText(), /may hand it on to another agency/);
  await agree(page, Object.assign(counted(page), { ticks: 0 }));
  await page.click("form[action$='/check'] button");
  await page.waitForURL(/\/[0-9a-f]{16}\/$/);
  const shelter = await signIn(world.shelter, { javaScriptEnabled: false });
  await stands(shelter, "delivered");
  await first(shelter);
  await shelter.click("form[action$='/open'] button");
  assert.match(await shelter.locator("section[aria-labelledby=onward]").innerText(), /has agreed/);
}

export async function tasks() {
  await byName();
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
  const page = await signIn(world.helpline, { bypassCSP: true });
  await quiet(page);
  await needs(page, counted(page), "Shelter");
  const draft = page.url().replace(/\/who$/, "");
  await page.click(`button[name=to][value='${world.other.agency}']`);
  await page.check("input[name=level][value='3']");
  await page.check("input[name=section][value=Attachments]");
  await page.click("form[action$='/level'] button");
  await page.fill("[name='/identity/names/Legal']", "Oksana Verbytska");
  await page.selectOption("[name='/identity/location/kind']", "Street");
  await page.click("form[action$='/person'] button");
  await fill(page, REPORT, "Report of May", "Medical");
  return [
    [sender, "documents", sender.url().split("#")[0]],
    [page, "documents-adding", `${draft}/documents`],
    [page, "documents-check", `${draft}/check`],
  ];
}
