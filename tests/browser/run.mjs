// Opens every page of a folder in a headless browser and says what is wrong with it, one line a finding.
//
//   node run.mjs FOLDER NODE_MODULES CHROMIUM
//
// Both themes, three widths, paper. A page must ask nothing of the network, run nothing, say nothing on the console,
// break no policy, overflow nowhere but inside its own frames, pass axe-core, and obey its switches without script.

import { createRequire } from 'node:module';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, modules, chromiumPath] = process.argv.slice(2).map((p) => resolve(p));
const require = createRequire(join(modules, 'anchor.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const WIDTHS = [360, 1024, 1920];
const THEMES = ['light', 'dark'];
let findings = 0;
let looks = 0;

function say(page, what) {
  findings += 1;
  console.log(`${page}: ${what}`);
}

// Listens to everything a page must not do.
function watch(page, name, address) {
  page.on('console', (m) => say(name, `console ${m.type()}: ${m.text()}`));
  page.on('pageerror', (e) => say(name, `error: ${e}`));
  page.on('dialog', (d) => { say(name, `dialog: ${d.message()}`); d.dismiss(); });
  page.on('popup', () => say(name, 'a window opened'));
  page.on('request', (r) => { if (r.url() !== address) say(name, `request: ${r.url()}`); });
}

// What must hold at every width: no page scroll sideways, nothing ran.
async function fits(page, name, width) {
  const found = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    ran: typeof window.PWN_HIT !== 'undefined',
    scripts: document.scripts.length,
    styled: document.querySelectorAll('[style]').length,
  }));
  if (found.wide > 0) say(name, `${found.wide} px wider than the window of ${width}`);
  if (found.ran) say(name, 'hostile text ran');
  if (found.scripts > 0) say(name, 'a script element');
  if (found.styled > 0) say(name, 'a style attribute');
}

// Content of an element must not stick out of it, frames that scroll excepted.
async function nothingSticksOut(page, name) {
  const out = await page.evaluate(() => {
    const bad = [];
    for (const cell of document.querySelectorAll('td, th, li, dd, p, h1, h2, h3')) {
      if (cell.closest('.hidden') || cell.clientWidth === 0) continue;
      if (cell.scrollWidth > cell.clientWidth + 1 && getComputedStyle(cell).overflowX === 'visible') {
        bad.push(`${cell.tagName.toLowerCase()} "${cell.textContent.trim().slice(0, 40)}"`);
      }
    }
    return bad.slice(0, 3);
  });
  out.forEach((what) => say(name, `sticks out: ${what}`));
}

async function accessible(page, name) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  for (const v of result.violations) {
    say(name, `axe ${v.id} (${v.impact}) x${v.nodes.length}: ${v.help}; ${v.nodes[0].html.slice(0, 160)}; ${(v.nodes[0].failureSummary || '').replace(/\s+/g, ' ').slice(0, 240)}`);
  }
}

// Every link, switch and frame is reached by the keyboard.
async function keyboard(page, name) {
  const expected = await page.evaluate(() => {
    const groups = new Set([...document.querySelectorAll('input[type=radio]')].map((i) => i.name));
    const shown = [...document.querySelectorAll('a[href], [tabindex="0"], summary')].filter((e) => e.checkVisibility());
    return shown.length + groups.size;
  });
  let reached = 0;
  for (; reached <= expected + 2; reached += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement === document.body || document.activeElement === null)) break;
  }
  if (reached < expected) say(name, `the keyboard reaches ${reached} of ${expected}`);
}

// Every switch shows its view without script.
async function switches(page, name) {
  const ids = await page.$$eval('input[type=radio]', (list) => list.map((i) => i.id));
  for (const id of ids) {
    await page.check(`#${id}`, { force: true });
    const wrong = await page.evaluate((which) => {
      const shown = (e) => getComputedStyle(e).display !== 'none' && e.closest('tr.same') === null;
      const seen = (selector) => [...document.querySelectorAll(selector)].some(shown);
      if (which === 'view-today' && seen('.ideal')) return 'shows the ideal';
      if (which === 'view-ideal' && seen('.today')) return 'shows today';
      const one = which.match(/^who-(\d+)$/);
      if (one && seen(`.of:not(.p${one[1]})`)) return 'shows somebody else';
      return null;
    }, id);
    if (wrong) say(name, `#${id} ${wrong}`);
  }
  for (const id of ['view-today', 'who-all']) if (ids.includes(id)) await page.check(`#${id}`, { force: true });
}

// On a phone a link to a stage, or to a place of it, shows that stage alone with the rows that it fills, and nothing is cut.
async function stageByStage(page, name) {
  if ((await page.$('.by-stage')) === null) return;
  await page.setViewportSize({ width: 360, height: 900 });
  const look = () => page.evaluate(() => {
    const shown = (e) => e.checkVisibility();
    const frame = document.querySelector('.frame');
    const rows = [...document.querySelectorAll('.frame tbody tr')].filter(shown);
    const empty = rows.filter((r) => ![...r.querySelectorAll('td')].some((c) => shown(c) && c.children.length > 0));
    return {
      stages: [...document.querySelectorAll('.frame .stages th')].filter(shown).map((h) => h.id),
      wide: frame.scrollWidth - frame.clientWidth,
      empty: empty.length,
    };
  });
  const whole = await look();
  const links = await page.$$eval('.by-stage a', (all) => all.filter((a) => a.checkVisibility()).map((a) => a.hash));
  for (const hash of links.slice(1)) {
    await page.click(`.by-stage a[href="${decodeURIComponent(hash)}"]`);
    const id = decodeURIComponent(hash.slice(1));
    const one = await look();
    if (one.stages.join() !== id) say(name, `${hash} shows the stages ${one.stages.join()}`);
    if (one.wide > 0) say(name, `${hash}: the stage is ${one.wide} px wider than its frame`);
    if (one.empty > 0) say(name, `${hash}: ${one.empty} empty rows stay open`);
    const place = await page.evaluate((head) => {
      const at = document.getElementById(head).cellIndex;
      const cells = [...document.querySelectorAll('.frame tbody tr')].map((r) => r.cells[at]);
      const found = cells.map((c) => c.querySelector('[id]')).find((e) => e?.checkVisibility());
      if (found) window.location.hash = found.id;
      return found?.id;
    }, id);
    const there = await look();
    if (place && there.stages.join() !== id) say(name, `#${place} shows the stages ${there.stages.join()}, not ${id}`);
  }
  if (links.length > 0) {
    await page.click('.by-stage a[href="#map"]');
    const again = await look();
    if (again.stages.join() !== whole.stages.join()) say(name, 'the whole map does not come back');
  }
}

const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
const names = readdirSync(folder).filter((f) => f.endsWith('.html')).sort();
for (const file of names) {
  const address = pathToFileURL(join(folder, file)).href;
  for (const colorScheme of THEMES) {
    const context = await browser.newContext({ colorScheme, viewport: { width: WIDTHS[1], height: 900 } });
    const page = await context.newPage();
    const name = `${file} ${colorScheme}`;
    watch(page, name, address);
    await page.goto(address);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      await fits(page, `${name} ${width}`, width);
      await nothingSticksOut(page, `${name} ${width}`);
      looks += 1;
    }
    await page.setViewportSize({ width: WIDTHS[1], height: 900 });
    await accessible(page, name);
    if (colorScheme === 'light') {
      await keyboard(page, name);
      await switches(page, name);
      await stageByStage(page, name);
    }
    await context.close();
  }
}
await browser.close();
console.log(`${names.length} pages, ${looks} looks, ${findings} findings`);
process.exit(findings === 0 && names.length > 0 ? 0 : 1);
