// Referring somebody without a name, from one agency's page to the other's.
import assert from "node:assert/strict";

import { WAIT, base, first, home, quiet, refer, signIn, stands, world } from "./kit.mjs";

export async function tasks() {
  const helpline = await signIn(world.helpline);
  await quiet(helpline);
  const count = await refer(helpline, "Needs a quiet room.", [world.shelter.agency, world.other.agency]);
  assert.ok(count.fields <= 12 && count.clicks <= 6, JSON.stringify(count));
  console.log(`refer someone without a name, two agencies asked: ${count.fields} fields, ${count.clicks} clicks`);

  // The shelter works without JavaScript.
  const shelter = await signIn(world.shelter, { javaScriptEnabled: false });
  await stands(shelter, "delivered");
  await first(shelter);
  assert.equal(await shelter.locator("text=Needs a quiet room.").count(), 0, "nothing is shown before it is opened");
  await shelter.click("form[action$='/open'] button");
  await shelter.locator("text=Needs a quiet room.").first().waitFor(WAIT);
  await shelter.click("form:has(input[value=Accepted]) button");
  await shelter.locator(".stands.accepted .now").waitFor(WAIT);

  // The helpline's list changes by itself.
  await helpline.unroute("**/live");
  await helpline.locator("#referrals .state.accepted").first().waitFor(WAIT);
  await quiet(helpline);
  await first(helpline, "#referrals tr:has(.state.accepted) a");
  await helpline.fill("#say-text", "She can be at the station at four.");
  await helpline.click("button[value=note]");
  await helpline.locator(".post").first().waitFor(WAIT);
  for (let tries = 0; ; tries += 1) {
    await shelter.reload();
    if (await shelter.locator(".post").count()) break;
    assert.ok(tries < 240, "the message did not come");
    await new Promise((done) => setTimeout(done, 500));
  }
  assert.match(await shelter.locator(".post").first().innerText(), /at the station at four/);

  // The first that accepts is the one; the other declines an enquiry of its own.
  const other = await signIn(world.other);
  await quiet(other);
  await refer(helpline.url() && (await home(helpline)), "For one week.", [world.other.agency]);
  await stands(other, "delivered");
  await first(other);
  await other.click("form[action$='/open'] button");
  await other.click("summary:has-text('Decline')");
  await other.check("input[name=why][value=NoCapacity]");
  await other.click("form:has(input[value=Declined]) button");
  await other.locator(".stands.declined .now").waitFor(WAIT);
  await stands(helpline, "declined");
  await first(helpline);
  assert.match(await helpline.locator("main").innerText(), /No place or no time/);
  return { helpline, shelter, other };
}
