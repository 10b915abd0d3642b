// Takes the pictures that docs/pictures/pictures.json lists, and writes the digest of each page beside its name.
//
//   node pictures.mjs BUILT NODE_MODULES CHROMIUM PICTURES

import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [built, modules, chromiumPath, pictures] = process.argv.slice(2).map((p) => resolve(p));
const { chromium } = createRequire(join(modules, 'anchor.js'))('playwright-core');
const list = join(pictures, 'pictures.json');
const all = JSON.parse(readFileSync(list, 'utf8'));

const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu'] });
for (const [name, picture] of Object.entries(all)) {
  const file = join(built, picture.page);
  picture.sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  const [width, height] = picture.size;
  const page = await browser.newPage({
    colorScheme: picture.theme ?? 'light',
    deviceScaleFactor: picture.scale ?? 1,
    viewport: { width, height },
  });
  await page.goto(pathToFileURL(file).href);
  if (picture.from) await page.locator(picture.from).first().evaluate((e) => scrollTo(0, e.getBoundingClientRect().top - 12));
  await page.screenshot({ path: join(pictures, name) });
  await page.close();
}
await browser.close();
writeFileSync(list, `${JSON.stringify(all, null, 2)}\n`);
