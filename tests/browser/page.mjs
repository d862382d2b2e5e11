// The caseworker's page in a real browser, against real daemons and a real relay: each task from one agency to the other, whom it keeps
// out, and what it looks like. Started by tests/e2e/browser.rs.
import assert from "node:assert/strict";

import { agency, agencyPages } from "./agency.mjs";
import { attackers, hostile } from "./attackers.mjs";
import * as documents from "./documents.mjs";
import { tasks } from "./enquiries.mjs";
import * as figures from "./figures.mjs";
import { browser, titles, visited, world } from "./kit.mjs";
import { leaving } from "./leaving.mjs";
import { enquiryPages, looks } from "./looks.mjs";
import * as person from "./person.mjs";
import * as unasked from "./unasked.mjs";

// A part has steps, and pages to look at. `BROWSER_PARTS=enquiries,people` walks only these, for whoever works on one.
const PARTS = {
  enquiries: {
    steps: async () => {
      const windows = await tasks();
      await hostile(windows);
      await attackers(windows);
    },
    pages: enquiryPages,
  },
  documents: { steps: documents.tasks, pages: documents.pages },
  figures: { steps: figures.tasks, pages: figures.pages },
  leaving: { steps: leaving },
  agency: { steps: agency, pages: agencyPages },
  person: { steps: person.tasks, pages: person.pages },
  unasked: { steps: unasked.tasks, pages: unasked.pages },
};

const wanted = process.env.BROWSER_PARTS?.split(",") ?? Object.keys(PARTS);
for (const part of wanted) {
  console.log(`${part} …`);
  await PARTS[part].steps().catch(async (error) => {
    // What was on the screen says more than what was not.
    const open = browser.contexts().flatMap((context) => context.pages());
    for (const [number, page] of open.entries()) {
      await page.screenshot({ path: `${world.screens}/failed-${part}-${number}.png`, fullPage: true }).catch(() => {});
    }
    throw error;
  });
}
await looks(wanted.map((part) => PARTS[part].pages).filter(Boolean));
for (const secret of world.secrets) {
  for (const seen of [...visited, ...titles]) {
    assert.ok(!decodeURIComponent(seen).toLowerCase().includes(secret.toLowerCase()), `${seen} tells ${secret}`);
  }
}
console.log(`${visited.size} addresses and ${titles.size} titles: none tells an agency or a text`);
await browser.close();
