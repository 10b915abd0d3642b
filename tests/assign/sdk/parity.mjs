// Asks the JavaScript SDK for every feature of every payload and unit.
// usage: node parity.mjs SDK-FOLDER CASES-FOLDER; writes CASES/javascript-N.txt
import { createRequire } from "node:module";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const [sdk, cases] = process.argv.slice(2);
const { GrowthBookClient } = createRequire(join(resolve(sdk), "index.js"))("@growthbook/growthbook");

const code = (result) => {
  if (result.source === "experiment") return result.experimentResult.key;
  if (result.source === "force") return "!" + JSON.stringify(result.value);
  return result.source === "defaultValue" ? "-" : result.source;
};

for (let n = 0; existsSync(join(cases, `payload-${n}.json`)); n++) {
  const payload = JSON.parse(readFileSync(join(cases, `payload-${n}.json`), "utf8"));
  const units = readFileSync(join(cases, `units-${n}.ndjson`), "utf8").trim().split("\n").map((l) => JSON.parse(l));
  const client = new GrowthBookClient();
  client.initSync({ payload });
  const lines = Object.keys(payload.features).map((key) =>
    [key, ...units.map((attributes) => code(client.evalFeature(key, { attributes })))].join("\t"),
  );
  writeFileSync(join(cases, `javascript-${n}.txt`), lines.join("\n") + "\n");
}
