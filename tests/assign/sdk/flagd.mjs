// Asks flagd's own evaluator for every flag and unit.
// usage: node flagd.mjs SDK-FOLDER FLAGS.json UNITS.ndjson; writes a JSON object: flag to a list of variants
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [sdk, file, list] = process.argv.slice(2);
const { FlagdCore } = createRequire(join(resolve(sdk), "index.js"))("@openfeature/flagd-core");

const text = readFileSync(file, "utf8");
const core = new FlagdCore();
core.setConfigurations(text);
const units = readFileSync(list, "utf8").trim().split("\n").map((line) => JSON.parse(line));

const ask = (key, flag) => {
  const [first] = Object.values(flag.variants);
  const kind = typeof first === "object" ? "Object" : typeof first === "boolean" ? "Boolean" : typeof first === "number" ? "Number" : "String";
  return units.map((unit) => core[`resolve${kind}Evaluation`](key, first, unit).variant);
};
const flags = Object.entries(JSON.parse(text).flags);
process.stdout.write(JSON.stringify(Object.fromEntries(flags.map(([key, flag]) => [key, ask(key, flag)]))));
