"""A warehouse for the tests: reads requests, a line of JSON each, and answers with a line of JSON each.

    {"load": "events", "csv": "/path/events.csv", "types": {"ts": "time", "amount": "number"}}
    {"sql": "SELECT 1"}
    {"serve": 3}          answers the port, and three requests of HTTP there where the engine itself is no server

The answer is {"rows": [[cell, ...], ...]} with cells as text or null, or {"error": "..."}.
"""
import json
import os
import subprocess
import sys
import tempfile
import time


def cell(value):
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return str(value)


def cells(rows):
    return [[cell(value) for value in row] for row in rows]


def table(csv, types):
    """The CSV as an Arrow table: texts, but for the columns whose types are named."""
    import pyarrow
    from pyarrow import csv as reader

    kinds = {
        "time": pyarrow.timestamp("us", "UTC"),
        "local": pyarrow.timestamp("us"),
        "number": pyarrow.float64(),
        "whole": pyarrow.int64(),
        "truth": pyarrow.bool_(),
    }
    with open(csv, encoding="utf-8") as file:
        names = file.readline().strip().split(",")
    columns = {name: kinds.get(types.get(name), pyarrow.string()) for name in names}
    options = reader.ConvertOptions(column_types=columns, strings_can_be_null=True, null_values=[""])
    return reader.read_csv(csv, convert_options=options)


class DuckDb:
    def __init__(self):
        import duckdb

        self.connection = duckdb.connect()

    def load(self, name, csv, types):
        rows = table(csv, types)
        self.connection.register("loaded", rows)
        self.connection.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM loaded')

    def run(self, sql):
        answer = self.connection.execute(sql)
        return answer.fetchall() if answer.description else []


class Postgres:
    """A server of its own in a folder of its own, on a socket there."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="waypost-pg-")
        self.settings = {}
        self.user = {"user": "postgres"} if os.getuid() == 0 else {}
        if self.user:
            subprocess.run(["chown", "postgres", self.folder], check=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder}
        data = os.path.join(self.folder, "data")
        subprocess.run(["initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"], check=True, **quiet, **self.user)
        settings = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.folder}", "-c", "fsync=off"]
        self.server = subprocess.Popen(["postgres", "-D", data, *settings], **quiet, **self.user)
        for _ in range(100):
            if self.psql("SELECT 1").returncode == 0:
                return
            time.sleep(0.1)
        raise RuntimeError("postgres does not come up")

    def psql(self, sql):
        flags = ["-X", "-q", "-v", "ON_ERROR_STOP=1", "--csv", "-t", "-P", "null=\\N"]
        command = ["psql", *flags, "-h", self.folder, "-U", "postgres", "-f", "-"]
        return subprocess.run(command, input=sql, capture_output=True, text=True)

    def load(self, name, csv, types):
        kinds = {"time": "timestamptz", "local": "timestamp", "number": "double precision", "whole": "bigint", "truth": "boolean"}
        with open(csv, encoding="utf-8") as file:
            text = file.read()
        header = text.split("\n", 1)[0].split(",")
        columns = ", ".join(f'"{column}" {kinds.get(types.get(column), "text")}' for column in header)
        rows = text.split("\n", 1)[1]
        done = self.psql(f'DROP TABLE IF EXISTS "{name}";\nCREATE TABLE "{name}" ({columns});\nCOPY "{name}" FROM STDIN WITH (FORMAT csv);\n{rows}\\.\n')
        if done.returncode:
            raise RuntimeError(done.stderr)

    def run(self, sql):
        import csv
        import io

        if sql.startswith("SET "):  # each query has a session of its own
            self.settings[sql.split()[1]] = sql + ";\n"
        done = self.psql("".join(self.settings.values()) + sql + ";\n")
        if done.returncode:
            raise RuntimeError(done.stderr)
        return [[None if value == "\\N" else value for value in row] for row in csv.reader(io.StringIO(done.stdout))]

    def close(self):
        self.server.terminate()
        self.server.wait(20)
        subprocess.run(["rm", "-rf", self.folder], check=False)


class ClickHouse:
    def __init__(self):
        from chdb import session

        self.session = session.Session()
        self.session.query("CREATE DATABASE IF NOT EXISTS w ENGINE = Atomic")
        self.session.query("USE w")

    def load(self, name, csv, types):
        import pyarrow.parquet

        path = csv + ".parquet"
        pyarrow.parquet.write_table(table(csv, types), path)
        self.session.query(f'DROP TABLE IF EXISTS "{name}"')
        self.session.query(f"CREATE TABLE \"{name}\" ENGINE = Memory AS SELECT * FROM file('{path}', Parquet)")

    def run(self, sql):
        text = str(self.session.query(sql, "JSONCompactEachRow"))
        return [json.loads(line) for line in text.splitlines() if line]

    def serve(self, count, say):
        """Answers so many requests as the HTTP interface of a server does, in chunks."""
        from http.server import BaseHTTPRequestHandler, HTTPServer
        from urllib.parse import parse_qsl, urlparse

        session = self.session

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                sql = self.rfile.read(int(self.headers["Content-Length"])).decode()
                settings = dict(parse_qsl(urlparse(self.path).query))
                settings.pop("wait_end_of_query", None)
                if self.headers.get("X-ClickHouse-Key") != "secret":
                    status, body = 403, b"Code: 516. AUTHENTICATION_FAILED"
                else:
                    try:
                        for name, value in settings.items():
                            session.query(f"SET {name} = '{value}'")
                        status, body = 200, session.query(sql).bytes()
                    except Exception as why:
                        status, body = 404, str(why).encode()
                self.send_response(status)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for start in range(0, len(body), 1000):
                    part = body[start : start + 1000]
                    self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
                self.wfile.write(b"0\r\n\r\n")

            def log_message(self, *_):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        server.timeout = 30
        late = []  # nobody waits for a client that failed
        server.handle_timeout = lambda: late.append(True)
        say({"rows": [[str(server.server_port)]]})
        for _ in range(count):
            if not late:
                server.handle_request()
        server.server_close()


class Spark:
    """Sail, a server of Spark Connect, as a child; or any other at WAYPOST_SPARK."""

    def __init__(self):
        import socket

        from pyspark.sql.connect.session import SparkSession

        url = os.environ.get("WAYPOST_SPARK")
        self.server = None
        if not url:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            sail = os.path.join(os.path.dirname(sys.executable), "sail")
            command = [sail, "spark", "server", "--ip", "127.0.0.1", "--port", str(port)]
            self.server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            url = f"sc://127.0.0.1:{port}"
        self.url = url
        self.session = SparkSession.builder.remote(url).getOrCreate()

    def load(self, name, csv, types):
        import pyarrow.parquet

        path = csv + ".parquet"
        pyarrow.parquet.write_table(table(csv, types), path)
        self.session.read.parquet(path).createOrReplaceTempView(name)

    def serve(self, _, say):
        say({"rows": [[self.url.rsplit(":", 1)[1]]]})

    def run(self, sql):
        if sql.startswith("SET TIME ZONE "):  # Sail knows the setting, and not the statement
            self.session.conf.set("spark.sql.session.timeZone", sql.split("'")[1])
            return []
        frame = self.session.sql(sql)
        return [tuple(row) for row in frame.collect()] if frame.columns else []

    def close(self):
        if self.server:
            self.server.kill()
            self.server.wait(20)


ENGINES = {"duckdb": DuckDb, "postgres": Postgres, "clickhouse": ClickHouse, "spark": Spark}


def main():
    try:
        engine = ENGINES[sys.argv[1]]()
    except Exception as why:  # whatever is missing here, the tests say that they skip
        print(json.dumps({"error": f"{type(why).__name__}: {why}"}), flush=True)
        return
    print(json.dumps({"ready": True}), flush=True)
    try:
        for line in sys.stdin:
            request = json.loads(line)
            try:
                if "serve" in request:
                    engine.serve(request["serve"], lambda answer: print(json.dumps(answer), flush=True))
                    continue
                if "load" in request:
                    engine.load(request["load"], request["csv"], request.get("types", {}))
                    answer = {"rows": []}
                else:
                    answer = {"rows": cells(engine.run(request["sql"]))}
            except Exception as why:
                answer = {"error": f"{type(why).__name__}: {why}"}
            print(json.dumps(answer), flush=True)
    finally:
        getattr(engine, "close", lambda: None)()
        sys.stdout.flush()
        os._exit(0)  # threads of a client must not keep the tests waiting


main()
