// Reads diagrams with Mermaid's own parser: node mermaid.mjs NODE_MODULES DIAGRAMS.json
// Writes, for each, how many sections and tasks it found, or the error.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, input] = process.argv.slice(2);
const require = createRequire(join(modules, "x.js"));
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("<!doctype html><body></body>");
globalThis.window = window;
globalThis.document = window.document;
const entry = join(modules, "mermaid", "dist", "mermaid.core.mjs");
const { default: mermaid } = await import(pathToFileURL(entry).href);
mermaid.initialize({});

const results = [];
for (const [, text] of JSON.parse(readFileSync(input, "utf8"))) {
  try {
    await mermaid.parse(text);
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
    const tasks = db.getTasks();
    const odd = tasks.find((t) => !(t.score >= 1 && t.score <= 5) || t.task === "");
    if (odd) throw new Error(`an odd task: ${JSON.stringify(odd)}`);
    results.push({ error: null, sections: db.getSections().length, tasks: tasks.length });
  } catch (error) {
    results.push({ error: String(error) });
  }
}
console.log(JSON.stringify(results));
