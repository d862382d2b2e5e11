// Hostile text, and hostile pages and programs on the same machine.
import assert from "node:assert/strict";
import http from "node:http";

import { WAIT, base, first, home, refer, stands, world } from "./kit.mjs";

/// What is typed is text, whatever it looks like; what is no safe text is refused in a sentence, and nothing is sent.
export async function hostile({ helpline, shelter }) {
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
export async function attackers({ helpline }) {
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
