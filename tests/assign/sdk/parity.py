"""Asks the Python SDK for every feature of every payload and unit.

usage: python parity.py CASES-FOLDER; writes CASES/python-N.txt
"""

import json
import logging
import pathlib
import sys

from growthbook import GrowthBook

logging.disable(logging.CRITICAL)
CASES = pathlib.Path(sys.argv[1])


def code(result):
    if result.source == "experiment":
        return result.experimentResult.key
    if result.source == "force":
        return "!" + json.dumps(result.value, separators=(",", ":"), ensure_ascii=False)
    return "-" if result.source == "defaultValue" else result.source


def main():
    n = 0
    while (CASES / f"payload-{n}.json").exists():
        payload = json.loads((CASES / f"payload-{n}.json").read_text("utf-8"))
        units = [json.loads(line) for line in (CASES / f"units-{n}.ndjson").read_text("utf-8").splitlines()]
        lines = {key: [key] for key in payload["features"]}
        book = GrowthBook(features=payload["features"], savedGroups=payload.get("savedGroups", {}))
        for attributes in units:
            book.set_attributes(attributes)
            for key, line in lines.items():
                line.append(code(book.eval_feature(key)))
        text = "".join("\t".join(line) + "\n" for line in lines.values())
        (CASES / f"python-{n}.txt").write_text(text, "utf-8")
        n += 1


main()
