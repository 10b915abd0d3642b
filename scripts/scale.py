"""The same report here and on Sail, compared and timed: see scripts/scale."""
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACE = ROOT / "target/scale"
EXPERIMENT = "guest-checkout"
DAY = "2026-12-01"
# What is compared: every number of the report. Checks that only files allow are not numbers of it.
PARTS = ["arms", "metrics", "over_time", "segments", "funnels"]
SERVERS = {
    "Sail, one process": {"SAIL_MODE": "local"},
    "Sail, local cluster of 1 worker": {
        "SAIL_MODE": "local-cluster",
        "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "1",
        "SAIL_CLUSTER__WORKER_MAX_COUNT": "1",
        "SAIL_CLUSTER__WORKER_TASK_SLOTS": "64",
    },
    "Sail, local cluster of 4 workers": {
        "SAIL_MODE": "local-cluster",
        "SAIL_CLUSTER__WORKER_INITIAL_COUNT": "4",
        "SAIL_CLUSTER__WORKER_MAX_COUNT": "4",
        "SAIL_CLUSTER__WORKER_TASK_SLOTS": "16",
        "SAIL_EXECUTION__DEFAULT_PARALLELISM": "4",
    },
}


def number(text):
    sizes = {"K": 1_000, "M": 1_000_000}
    return int(float(text[:-1]) * sizes[text[-1].upper()]) if text[-1].upper() in sizes else int(text)


def make(waypost, events, folder):
    """Makes a project whose data has so many events; its data is made once."""
    import duckdb

    file = folder / "events.parquet"
    folder.mkdir(parents=True, exist_ok=True)
    shop = ROOT / "specs/guitar-shop"
    for spec in shop.glob("*.journey"):
        shutil.copy(spec, folder)
    manifest = (shop / "waypost.yaml").read_text()
    here = manifest.replace("data/events*.csv.gz", "events.parquet")
    assert here != manifest, "the example names its events otherwise"
    (folder / "waypost.yaml").write_text(here)
    if file.exists():
        return
    seed = PLACE / "events.csv"
    if not seed.exists():
        subprocess.run([waypost, "simulate", "--people", "200000", "-o", seed], cwd=folder, check=True)
    made = duckdb.connect()
    made.execute(f"SET temp_directory = '{PLACE}/duckdb'; SET preserve_insertion_order = true; SET TimeZone = 'UTC'")
    made.execute(
        f"""CREATE TEMP TABLE seed AS SELECT * REPLACE (CAST(ts AS TIMESTAMPTZ) AS ts, CAST(revenue AS DECIMAL(18, 2)) AS revenue,
        CAST(load_ms AS DOUBLE) AS load_ms, CAST(score AS DOUBLE) AS score, CAST(age AS DOUBLE) AS age)
        FROM read_csv('{seed}', all_varchar = true)"""
    )
    (each,) = made.execute("SELECT count(*) FROM seed").fetchone()
    # Of the last copy some of the people. Each has amounts, hours and arms of its own: what a warehouse must tell apart, what is no
    # copy to a packer, and what would otherwise be one chance, multiplied.
    whole, rest = divmod(events, each)
    made.execute(
        f"""CREATE TEMP TABLE arms AS SELECT experiment, list(DISTINCT variant ORDER BY variant) AS arms FROM seed
        WHERE variant IS NOT NULL GROUP BY experiment"""
    )
    made.execute(
        f"""COPY (SELECT seed.* REPLACE (user_id || '-' || c AS user_id, CAST(revenue + c * 0.07 AS DOUBLE) AS revenue,
        ts + to_seconds(CAST(hash(user_id, c) % 21600 AS BIGINT)) AS ts,
        arms[CAST(1 + hash(user_id, c, experiment) % len(arms) AS BIGINT)] AS variant)
        FROM range({whole + 1}) AS copies(c), seed LEFT JOIN arms USING (experiment)
        WHERE c < {whole} OR hash(user_id) % {each} < {rest} ORDER BY ts, user_id)
        TO '{file}.part' (FORMAT parquet, COMPRESSION zstd)"""
    )
    os.rename(f"{file}.part", file)


def spent(pid):
    """Returns the processor seconds of a process so far, and the most memory that it held, in MB."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), peak / 1024


def report(waypost, folder, *on):
    """Returns the report's numbers, and the seconds, processor seconds and most memory in MB of the program."""
    out = folder / "report.json"
    out.unlink(missing_ok=True)
    before = time.monotonic()
    run = subprocess.Popen([waypost, "report", EXPERIMENT, "--to", "json", "--today", DAY, "-o", out, *on], cwd=folder)
    _, status, used = os.wait4(run.pid, 0)
    seconds = time.monotonic() - before
    if status:
        sys.exit(f"the report failed: {' '.join(on) or 'from the file'}")
    whole = json.loads(out.read_text())
    return {part: whole[part] for part in PARTS}, (seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def middle(runs):
    return [statistics.median(column) for column in zip(*runs)]


def served(waypost, folder, settings, times):
    """Returns the numbers by a server of its own, and what the program and the server took."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sail = pathlib.Path(sys.executable).with_name("sail")
    command = [sail, "spark", "server", "--ip", "127.0.0.1", "--port", str(port)]
    server = subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        runs, before = [], spent(server.pid)[0]
        for _ in range(times):
            numbers, ours = report(waypost, folder, "--on", f"spark://127.0.0.1:{port}")
            after, peak = spent(server.pid)
            runs.append((*ours, after - before, peak))
            before = after
        return numbers, middle(runs)
    finally:
        server.kill()
        server.wait()


def main():
    events, waypost = number(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    folder = PLACE / f"{events}"
    if "make" in sys.argv:
        return make(waypost, events, folder)
    # in a process of its own: the memory of a child counts from that of its parent
    subprocess.run([sys.executable, __file__, str(events), waypost, "make"], check=True)
    times = int(os.environ.get("REPS", "1"))
    size = (folder / "events.parquet").stat().st_size / 1e6
    runs = [report(waypost, folder) for _ in range(times)]
    told = json.loads((folder / "report.json").read_text())["provenance"]["rows"][0]
    print(f"{told:,} events, {size:,.0f} MB of Parquet, `report {EXPERIMENT}`, {os.cpu_count()} cores, {times} run{'s' * (times > 1)}\n")
    print("| counted by | seconds | here: CPU seconds, peak MB | there: CPU seconds, peak MB |\n|---|---|---|---|")
    right, (seconds, cpu, peak) = runs[0][0], middle([took for _, took in runs])
    print(f"| Waypost, from the file | {seconds:.2f} | {cpu:.2f}, {peak:,.0f} | |", flush=True)
    wrong = []
    for name, settings in SERVERS.items():
        numbers, (seconds, cpu, peak, there, most) = served(waypost, folder, settings, times)
        print(f"| {name} | {seconds:.2f} | {cpu:.2f}, {peak:,.0f} | {there:.2f}, {most:,.0f} |", flush=True)
        wrong += [f"{name}: `{part}` is another" for part in PARTS if numbers[part] != right[part]]
    if "'estimate'" not in str(right):
        sys.exit("\nthe report shows no estimate, so nothing is compared")
    if wrong:
        sys.exit("\nNOT EQUAL\n" + "\n".join(wrong))
    units = sum(arm["units"] for arm in right["arms"])
    count = sum(len(right[part]) for part in PARTS)
    print(f"\nEqual: {units:,} units exposed, {count} arms, metrics, courses, segments and funnels, every number of them.")


main()
