// Prints every page of a folder to PDF, on A3 as its style asks and on A4, and writes what a print must hold as JSON.
//
//   node print.mjs FOLDER NODE_MODULES CHROMIUM
//
// For each page FILE.html: FILE.a3.pdf, FILE.a4.pdf and FILE.json with the words that must be found.

import { createRequire } from 'node:module';
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, modules, chromiumPath] = process.argv.slice(2).map((p) => resolve(p));
const { chromium } = createRequire(join(modules, 'anchor.js'))('playwright-core');

const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage();
await page.emulateMedia({ media: 'print' });
for (const file of readdirSync(folder).filter((f) => f.endsWith('.html')).sort()) {
  const stem = join(folder, file.slice(0, -5));
  await page.goto(pathToFileURL(join(folder, file)).href);
  const holds = await page.evaluate(() => {
    // what is seen, line by line: names of drawings are no ink
    const texts = (selector) =>
      [...document.querySelectorAll(selector)]
        .filter((e) => e.checkVisibility())
        .flatMap((e) => e.innerText.split(/[\n\t]/))
        .map((t) => t.trim())
        .filter((t) => t !== '');
    return {
      tables: [...document.querySelectorAll('.journey')].filter((e) => e.checkVisibility()).length,
      heads: texts('.journey thead .name'),
      lanes: texts('.journey tbody th[scope=row]'),
      after: texts('main section:not(.minute) > h2'),
      words: texts('.journey td bdi, main h2, main h3 bdi, .list bdi, .list th:not(:has(*)), .list td:not(:has(*))').filter((t) => t.length < 60),
    };
  });
  writeFileSync(`${stem}.json`, JSON.stringify(holds));
  await page.pdf({ path: `${stem}.a3.pdf`, preferCSSPageSize: true });
  await page.pdf({ path: `${stem}.a4.pdf`, format: 'A4', landscape: true });
}
await browser.close();
