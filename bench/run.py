# SPDX-License-Identifier: GPL-3.0-or-later
"""./dev bench: how fast SecurePass is, beside keepassxc-cli and pykeepass, on the same invented logins; and its window,
beside KeePassXC's (window_bench.py).

    run.py BUILD-FOLDER [--quick] [--only engine|window]

Every figure is a median; the programs take turns, so that what disturbs one disturbs all. --quick leaves the peers
out at 100,000 logins. Prints a table, writes build/bench.json; a goal that is missed is shown, and no failure.
docs/BENCHMARKS.md tells what is measured.
"""

import argparse
import datetime
import glob
import json
import os
import platform
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

import window_bench

HERE = os.path.dirname(os.path.abspath(__file__))
PASSWORD = "Bench: plain copper kettles 9731"
WORDS = ["meadow", "garage"]  # in no group, tag or note: not all of the programs look there
ROUNDS = {1000: 9, 10000: 7, 100000: 3}
OWN_PER_ROUND = 3  # ours is quick, and so is measured more often
EDITS = 400
KDF = ["64", "3", "1", "1"]  # of bench-create's vaults: MiB, passes, repeats, lanes
BUSY = 0.3  # processors at work before the start from which on the figures are doubtful
PEERS_UNTIL = 9 * 60  # seconds after the start: no further round with the peers begins later

KXC, PYK = "keepassxc-cli", "pykeepass"


class Failed(Exception):
    """A program that is measured did not do what was asked of it."""


class Bench:
    """One run: the programs, the scratch folder, the samples by name."""

    def __init__(self, build, quick, only):
        self.build, self.quick, self.only = os.path.abspath(build), quick, only
        self.begin = time.monotonic()
        # Beside the build rather than in /tmp, which may be memory: a save must reach a disk.
        self.folder = tempfile.mkdtemp(prefix="bench-", dir=self.build)
        self.password = self.write("password", PASSWORD + "\n")
        self.password_twice = self.write("password-twice", f"{PASSWORD}\n{PASSWORD}\n")
        self.environment = dict(os.environ, LC_ALL="C.UTF-8", HOME=self.folder, QT_QPA_PLATFORM="offscreen")
        for kind in ("CONFIG", "CACHE", "DATA", "STATE"):
            self.environment[f"XDG_{kind}_HOME"] = self.path(kind.lower())
        self.cli = os.path.join(self.build, "src/cli/securepass-cli")
        self.samples = {}
        self.entry = {}
        self.kdf_per_round = 0.0
        self.startup = 0.0

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def say(self, text):
        print(f"[{time.monotonic() - self.begin:4.0f} s] {text}", file=sys.stderr, flush=True)

    # ---- running ---------------------------------------------------------------------------------------

    def run(self, *command, stdin=os.devnull):
        """Returns wall and processor time in ms, peak memory in MiB, standard output and error."""
        with open(stdin, "rb") as source, open(self.path("out"), "w+b") as out, open(self.path("err"), "w+b") as err:
            begin = time.perf_counter()
            process = subprocess.Popen(command, stdin=source, stdout=out, stderr=err, env=self.environment)
            _, status, usage = os.wait4(process.pid, 0)
            wall = (time.perf_counter() - begin) * 1000
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            result = {
                "wall": wall,
                "cpu": (usage.ru_utime + usage.ru_stime) * 1000,
                "memory": usage.ru_maxrss / 1024,
                "out": out.read().decode(errors="replace"),
                "err": err.read().decode(errors="replace"),
            }
        if process.returncode != 0:
            raise Failed(f"{' '.join(command)}: {process.returncode}\n{result['err']}")
        return result

    def run_own(self, vault, *command):
        result = self.run(self.cli, "--vault", vault, "--password-file", self.password, "--timings", *command)
        result.update(json.loads(result["err"].strip().splitlines()[-1]))
        return result

    def run_keepassxc(self, *command, stdin=None):
        return self.run("keepassxc-cli", *command, stdin=stdin or self.password)

    def run_pykeepass(self, *command):
        result = self.run(sys.executable, os.path.join(HERE, "peer-pykeepass.py"), *command)
        if result["out"]:
            result.update(json.loads(result["out"]))
        return result

    def run_program(self, name, *arguments):
        return json.loads(self.run(os.path.join(self.build, "bench", name), *arguments)["out"])

    # ---- samples ---------------------------------------------------------------------------------------

    def add(self, who, what, count, value):
        self.samples.setdefault((who, what, count), []).append(value)

    def get(self, who, what, count):
        values = self.samples.get((who, what, count))
        return statistics.median(values) if values else None

    # ---- the databases ---------------------------------------------------------------------------------

    def has_peers(self, count):
        return not (self.quick and count == max(ROUNDS))

    def prepare(self, count):
        self.say(f"{count:,} logins: making the databases")
        made = self.run(sys.executable, os.path.join(HERE, "make-logins.py"), str(count), self.path(str(count)))
        self.entry[count] = made["out"].strip()
        for _ in range(3 if self.only != "window" else 1):
            self.import_own(count)
        if not self.has_peers(count):
            return
        if self.only == "window":
            if count == window_bench.PEER_COUNT:
                self.make_pykeepass(count)
            return
        for _ in range(2 if count == max(ROUNDS) else 3):
            self.import_keepassxc(count)
        self.make_pykeepass(count)
        shutil.copy(self.path(f"{count}.kdbx"), self.path(f"{count}-edited.kdbx"))

    def make_pykeepass(self, count):
        self.run_pykeepass("create", self.path(f"{count}.xml"), self.path(f"{count}-pykeepass.kdbx"), self.password)

    def import_own(self, count):
        vault = self.path(f"{count}.securepass")
        if os.path.exists(vault):
            os.unlink(vault)
        self.run(os.path.join(self.build, "bench/bench-create"), vault, self.password)
        result = self.run_own(vault, "import", self.path(f"{count}.csv"))
        self.add("own", "import", count, result["wall"] - result["kdf"])

    def import_keepassxc(self, count):
        """From XML: keepassxc-cli imports no CSV. What importing nothing takes is the KDF's."""
        database = self.path(f"{count}.kdbx")
        nothing = self.import_xml(self.path("0.xml"), self.path("empty.kdbx"), 100)
        result = self.import_xml(self.path(f"{count}.xml"), database, 100)
        self.add(KXC, "import", count, result["wall"] - nothing["wall"])

    def import_xml(self, xml, database, target):
        """With a KDF of so many milliseconds."""
        if os.path.exists(database):
            os.unlink(database)
        return self.run_keepassxc("import", "-q", "-p", "-t", str(target), xml, database, stdin=self.password_twice)

    def calibrate_keepassxc(self):
        """What one round of its KDF costs: from empty databases with few rounds and with many."""
        xml = self.path("0.xml")
        self.run(sys.executable, os.path.join(HERE, "make-logins.py"), "0", self.path("0"))
        points = []
        for target in (100, 1000):
            database = self.path("empty.kdbx")
            self.import_xml(xml, database, target)
            times = [self.run_keepassxc("ls", "-q", database)["cpu"] for _ in range(5)]
            points.append((get_kdf_rounds(database), statistics.median(times)))
        (few, few_ms), (many, many_ms) = points
        self.kdf_per_round = (many_ms - few_ms) / (many - few)
        self.startup = few_ms - few * self.kdf_per_round

    # ---- measuring -------------------------------------------------------------------------------------

    def measure(self, count):
        rounds = ROUNDS[count]
        for index in range(rounds):
            with_peers = self.has_peers(count) and (index == 0 or time.monotonic() - self.begin < PEERS_UNTIL)
            self.say(f"{count:,} logins: round {index + 1} of {rounds}{'' if with_peers else ', without the peers'}")
            for _ in range(OWN_PER_ROUND):
                self.measure_own(count)
            if with_peers:
                self.measure_keepassxc(count)
                self.measure_pykeepass(count)
        self.add("own", "first answer", count, self.get("own", "cpu", count) - self.get("own", "kdf", count))
        self.compare_hits(count)

    def measure_own(self, count):
        result = self.run_own(self.path(f"{count}.securepass"), "search", *WORDS)
        self.add("own", "cpu", count, result["cpu"])
        # --timings tells the KDF's wall time; what it has of the processor takes a look from within.
        kdf = self.run_program("bench-kdf", *KDF)["securepass"]
        self.add("own", "kdf", count, kdf["cpu_ms"])
        self.add("own", "open", count, result["open"])
        self.add("own", "memory", count, result["memory"])
        self.add("own", "hits", count, len(result["out"].splitlines()))

    def measure_keepassxc(self, count):
        database, edited = self.path(f"{count}.kdbx"), self.path(f"{count}-edited.kdbx")
        kdf = get_kdf_rounds(database) * self.kdf_per_round
        search = self.run_keepassxc("search", "-q", database, " ".join(WORDS))
        show = self.run_keepassxc("show", "-q", database, self.entry[count])
        # Another name each time: nobody need save what is there already.
        user = f"edited.{len(self.samples.get((KXC, 'save', count), []))}@example.org"
        edit = self.run_keepassxc("edit", "-q", "-u", user, edited, self.entry[count])
        self.add(KXC, "first answer", count, search["cpu"] - kdf)
        self.add(KXC, "open", count, show["cpu"] - kdf - self.startup)
        self.add(KXC, "search", count, search["cpu"] - show["cpu"])
        self.add(KXC, "memory", count, search["memory"])
        # Saving runs the KDF once more.
        self.add(KXC, "save", count, edit["wall"] - show["wall"] - kdf)
        self.add(KXC, "bytes", count, os.path.getsize(edited))
        self.add(KXC, "hits", count, len(search["out"].splitlines()))

    def measure_pykeepass(self, count):
        """Its KDF, of one pass over 8 KiB, is nothing that could be taken off."""
        database = self.path(f"{count}-pykeepass.kdbx")
        search = self.run_pykeepass("search", database, self.password, *WORDS)
        self.add(PYK, "first answer", count, search["cpu"])
        self.add(PYK, "open", count, search["open"])
        self.add(PYK, "search", count, search["search"])
        self.add(PYK, "memory", count, search["memory"])
        self.add(PYK, "hits", count, search["hits"])
        self.add(PYK, "save", count, self.run_pykeepass("edit", database, self.password)["save"])
        self.add(PYK, "bytes", count, os.path.getsize(database))

    def compare_hits(self, count):
        found = {who: self.get(who, "hits", count) for who in ("own", KXC, PYK)}
        if len({value for value in found.values() if value is not None}) != 1 or not found["own"]:
            raise Failed(f"the programs do not find the same: {found}")

    def measure_engine(self, count):
        """In one process: saves, and keystrokes."""
        self.say(f"{count:,} logins: saves and keystrokes")
        saves = self.run_program("bench-save", self.path(f"{count}.securepass"), self.password, str(EDITS))
        if saves["syncs"]["median"] < 1:
            raise Failed("a save did not reach the disk")
        for what, mark in (("save_us", "save"), ("bytes", "bytes"), ("syncs", "syncs")):
            scale = 1000 if what == "save_us" else 1
            for spread in ("median", "p99", "worst"):
                self.add("own", f"{mark}, {spread}", count, saves[what][spread] / scale)
        keys = self.run_program("bench-search", str(count))
        for kind in ("full", "typed"):
            for spread in ("median", "worst"):
                self.add("own", f"{kind}, {spread}", count, keys[f"{kind}_{spread}_us"] / 1000)

    def measure_kdf(self):
        self.say("Argon2id, 256 MiB")
        for way, times in self.run_program("bench-kdf", "256", "3", "7").items():
            self.add("kdf", way, 0, times["median_ms"])


def get_kdf_rounds(path):
    """The rounds of AES-KDF in the header of a KDBX 3.1 file."""
    with open(path, "rb") as file:
        header = file.read(4096)
    if struct.unpack_from("<H", header, 10)[0] != 3:
        raise Failed(f"{path}: not the format that this version of keepassxc-cli was known to import into")
    offset = 12
    while header[offset] != 0:
        kind, length = struct.unpack_from("<BH", header, offset)
        offset += 3
        if kind == 6:
            return struct.unpack_from("<Q", header, offset)[0]
        offset += length
    raise Failed(f"{path}: no rounds in the header")


# ---- the table -----------------------------------------------------------------------------------------

def show_number(value):
    if value is None:
        return "-"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def make_row(what, unit, own, kxc=None, pyk=None, goal="", met=None):
    return {"what": what, "unit": unit, "own": own, KXC: kxc, PYK: pyk, "goal": goal, "met": met,
            "ratio": {who: value / own if value is not None and own else None
                      for who, value in ((KXC, kxc), (PYK, pyk))}}


def peer_row(bench, what, unit, mark, count, peer_mark=None, **goal):
    peer_mark = peer_mark or mark
    return make_row(f"{what}, {count:,}", unit, bench.get("own", mark, count), bench.get(KXC, peer_mark, count),
                    bench.get(PYK, peer_mark, count), **goal)


def set_goal(row, text, met):
    row["goal"], row["met"] = text, met
    return row


def is_times(row, times):
    ratio = row["ratio"][KXC]
    return None if ratio is None else ratio >= times


def make_size_rows(bench, count):
    most = count == max(ROUNDS)
    first = peer_row(bench, "CPU to the first answer", "ms", "first answer", count)
    opened = peer_row(bench, "open", "ms", "open", count)
    memory = peer_row(bench, "peak memory", "MiB", "memory", count)
    imported = peer_row(bench, "import", "ms", "import", count)
    save = peer_row(bench, "save of one edit", "ms", "save, median", count, "save")
    written = peer_row(bench, "written per save", "KiB", "bytes, median", count, "bytes")
    worst = make_row(f"written per save, worst, {count:,}", "KiB", bench.get("own", "bytes, worst", count))
    for row in (written, worst):
        for key in ("own", KXC, PYK):
            row[key] = None if row[key] is None else row[key] / 1024
        set_goal(row, "< 64 KiB", row["own"] < 64)
    if most:
        set_goal(first, f"{KXC} / 100", is_times(first, 100))
        set_goal(save, f"{KXC} / 1,000", is_times(save, 1000))
        set_goal(memory, "< 120 MiB", memory["own"] < 120)
        set_goal(imported, "< 1,500 ms", imported["own"] < 1500)
        set_goal(opened, "< 60 ms", opened["own"] < 60)
    elif count == 10000:
        set_goal(opened, "< 10 ms", opened["own"] < 10)
    key = peer_row(bench, "keystroke, median", "ms", "typed, median", count, "search")
    key_worst = make_row(f"keystroke, worst, {count:,}", "ms", bench.get("own", "typed, worst", count))
    whole = make_row(f"search from nothing, median, {count:,}", "ms", bench.get("own", "full, median", count))
    whole_worst = make_row(f"search from nothing, worst, {count:,}", "ms", bench.get("own", "full, worst", count))
    if most:
        for row, limit in ((key, 1.5), (key_worst, 6)):
            set_goal(row, f"< {limit} ms", row["own"] < limit)
    p99 = make_row(f"save, 99th of 100, {count:,}", "ms", bench.get("own", "save, p99", count))
    syncs = make_row(f"syncs per save, {count:,}", "", bench.get("own", "syncs, median", count))
    return [first, opened, memory, imported, save, p99, written, worst, syncs, key, key_worst, whole, whole_worst]


def make_kdf_rows(bench):
    ways = {way: values[0] for (who, way, _), values in bench.samples.items() if who == "kdf"}
    own = next(way for way in ways if way.startswith("securepass"))
    best = min((time, way) for way, time in ways.items() if way != own)
    row = make_row("Argon2id 256 MiB, 3 passes, 4 lanes", "ms", ways[own])
    set_goal(row, f"<= 1.2 x {best[0]:.0f} ms", ways[own] <= 1.2 * best[0])
    return [row] + [make_row(f"  {way}", "ms", time) for way, time in ways.items() if way != own]


def print_table(rows, peers):
    head = ["", "unit", "SecurePass", peers[0], "ratio", peers[1], "ratio", "goal", "met"]
    lines = [head]
    for row in rows:
        ratios = {who: "-" if value is None else f"{show_number(value)} x" for who, value in row["ratio"].items()}
        met = {True: "yes", False: "NO", None: "not measured" if row["goal"] else ""}[row["met"]]
        lines.append([row["what"], row["unit"], show_number(row["own"]), show_number(row[KXC]), ratios[KXC],
                      show_number(row[PYK]), ratios[PYK], row["goal"], met])
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        cells = [text.rjust(width) if 2 <= column <= 6 else text.ljust(width)
                 for column, (text, width) in enumerate(zip(line, widths))]
        print(f"| {' | '.join(cells)} |")


# ---- the machine ---------------------------------------------------------------------------------------

def read_field(path, name):
    try:
        with open(path, encoding="utf-8") as file:
            return next((line.split(":", 1)[1].strip() for line in file if line.startswith(name)), "unknown")
    except OSError:
        return "unknown"


def get_machine():
    """Its kind, not its name."""
    version = subprocess.run(["keepassxc-cli", "--version"], capture_output=True, text=True, check=False).stdout
    module = glob.glob("/usr/lib/python3/dist-packages/pykeepass-*")
    return {
        "processor": read_field("/proc/cpuinfo", "model name"),
        "processors": os.cpu_count(),
        "memory": read_field("/proc/meminfo", "MemTotal"),
        "kernel": platform.release().split("-")[0],
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", "unknown"),
        KXC: version.strip(),
        PYK: os.path.basename(module[0]).split("-")[1].removesuffix(".egg") if module else "unknown",
    }


def measure_engine(bench):
    bench.say("the peers' floor")
    bench.calibrate_keepassxc()
    for count in ROUNDS:
        bench.prepare(count)
        bench.measure(count)
        bench.measure_engine(count)
    bench.measure_kdf()
    rows = make_kdf_rows(bench)
    for count in sorted(ROUNDS, reverse=True):
        rows += make_size_rows(bench, count)
    return rows


def measure_window(bench):
    window = window_bench.WindowBench(bench, PASSWORD)
    try:
        for count in window_bench.COUNTS:
            if bench.only == "window":
                bench.prepare(count)
            window.measure(count)
    finally:
        window.close()
    return window_bench.make_rows(bench, make_row, set_goal)


def measure_busy(seconds=3):
    """How many processors are at work on something else; the load average would remember our own build."""
    def read():
        with open("/proc/stat", encoding="utf-8") as file:
            times = [int(word) for word in file.readline().split()[1:9]]
        return sum(times) - times[3] - times[4]
    before = read()
    time.sleep(seconds)
    return (read() - before) / os.sysconf("SC_CLK_TCK") / seconds


def main():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Measures SecurePass beside its peers.")
    parser.add_argument("build", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="leave the peers out at 100,000 logins")
    parser.add_argument("--only", choices=["engine", "window"], help="measure nothing else")
    options = parser.parse_args()
    machine, busy = get_machine(), measure_busy()
    bench = Bench(options.build, options.quick, options.only)
    tables = []
    try:
        if options.only != "window":
            tables.append((measure_engine(bench), (KXC, PYK)))
        if options.only != "engine":
            tables.append((measure_window(bench), (window_bench.KXC, window_bench.BARE)))
    except (Failed, window_bench.ScreenFailed) as failure:
        sys.exit(str(failure))
    finally:
        shutil.rmtree(bench.folder, ignore_errors=True)
    machine["date"] = datetime.date.today().isoformat()
    machine["busy"] = f"{busy:.1f} processors before, {measure_busy():.1f} after"
    machine["seconds"] = round(time.monotonic() - bench.begin)
    samples = [{"who": who, "what": what, "logins": count, "values": values}
               for (who, what, count), values in bench.samples.items()]
    os.makedirs("build", exist_ok=True)
    with open("build/bench.json", "w", encoding="utf-8") as file:
        json.dump({"machine": machine, "table": [row for rows, _ in tables for row in rows], "samples": samples}, file, indent=1)
    print(", ".join(f"{name}: {value}" for name, value in machine.items()))
    for rows, peers in tables:
        print_table(rows, peers)
        print()
    if busy > BUSY:
        print("Other programs were running: the figures are worse than the machine's, ours and the peers'.")


if __name__ == "__main__":
    main()
