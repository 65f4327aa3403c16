"""Records what Neo4j's own Python driver sends, as bytes that ours are compared with (Tests/ContentTests/Bolt).

    pip install neo4j==6.4.1
    python record.py          writes packstream.json and messages.json beside this file
    python record.py --check  fails when the driver sends anything else than these hold

The driver talks to a server in this script, which takes down each message and agrees to everything.
"""

import datetime
import hashlib
import json
import logging
import pathlib
import socketserver
import struct
import sys
import threading

import neo4j
import pytz
from neo4j import _meta, spatial, time as bolt_time
from neo4j._codec.packstream import Structure

# What our client says of itself, so that the rest can be compared.
AGENT = {"product": "lyceum-content/1", "platform": "Linux", "language": "Swift/6"}
HERE = pathlib.Path(__file__).parent
SUCCESS_EMPTY = bytes.fromhex("B170A0")
HELLO_ANSWER = bytes.fromhex("B170A2") + b"\x86server\x8bNeo4j/5.4.0" + b"\x8dconnection_id\x81c"
RUN_ANSWER = bytes.fromhex("B170A1") + b"\x86fields\x91\x81x"
IGNORED = bytes.fromhex("B07E")
FAILURE = bytes.fromhex("B17FA2") + b"\x84code\xD0\x27Neo.TransientError.Transaction.Outdated\x87message\x81m"
RECORD = bytes.fromhex("B1719101")
MORE = bytes.fromhex("B170A1") + b"\x88has_more\xC3"
BOOKMARK = bytes.fromhex("B170A1") + b"\x88bookmark\x82b1"
HELLO, RESET, RUN, COMMIT, PULL, ROUTE = 0x01, 0x0F, 0x10, 0x12, 0x3F, 0x66
# What the server's address is in what is recorded.
ADDRESS = b"127.0.0.1:00000"


class Recorder(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(4) == b"\x60\x60\xB0\x17"
        self.rfile.read(16)
        self.wfile.write(bytes([0, 0, self.server.minor, 5]))
        has_failed = has_more = False
        while message := self.read_message():
            self.server.messages.append(message)
            tag = message[1]
            if tag == RESET:
                has_failed = False
            if has_failed:
                self.answer(IGNORED)
            elif tag == RUN and b"FAIL" in message:
                has_failed = True
                self.answer(FAILURE)
            elif tag == PULL and has_more:
                self.answer(RECORD)
                self.answer(MORE)
            else:
                has_more = b"MANY" in message
                answers = {HELLO: HELLO_ANSWER, RUN: RUN_ANSWER, COMMIT: self.server.commit, ROUTE: self.table()}
                self.answer(answers.get(tag, SUCCESS_EMPTY))

    def table(self):
        """This server for everything."""
        address = self.server.address.encode()
        servers = b"\x93"
        for role in [b"\x85ROUTE", b"\x84READ", b"\x85WRITE"]:
            servers += b"\xA2\x84role" + role + b"\x89addresses\x91" + bytes([0x80 | len(address)]) + address
        return bytes.fromhex("B170A1") + b"\x82rt\xA3\x83ttl\xC9\x01\x2C\x82db\x86lyceum\x87servers" + servers

    def read_message(self):
        message = b""
        while header := self.rfile.read(2):
            (length,) = struct.unpack(">H", header)
            if length == 0 and message:
                return message
            message += self.rfile.read(length)
        return None

    def answer(self, message):
        self.wfile.write(struct.pack(">H", len(message)) + message + b"\0\0")


def record(minor, use, url="bolt://{}", commit=SUCCESS_EMPTY):
    """The messages that `use` makes a driver send, at Bolt 5.`minor`."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Recorder) as server:
        server.daemon_threads = True
        server.minor, server.messages, server.commit = minor, [], commit
        server.address = f"127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        uri = url.format(server.address)
        with neo4j.GraphDatabase.driver(uri, auth=("neo4j", "secret"), user_agent=AGENT["product"]) as driver:
            use(driver)
        server.shutdown()
        return [message.replace(server.address.encode(), ADDRESS) for message in server.messages]


def utc(*parts):
    return datetime.datetime(*parts, tzinfo=datetime.timezone.utc)


def zoned(name, *parts):
    return pytz.timezone(name).localize(datetime.datetime(*parts))


def node(number):
    return Structure(b"N", number, ["Concept"], {"slug": "a"}, f"4:x:{number}")


def values():
    """Each of PackStream's forms at both its ends, and each structure."""
    edges = [0, 1, -1, -16, -17, 127, 128, -128, -129, 255, 256, 32767, 32768, -32768, -32769]
    edges += [2147483647, 2147483648, -2147483648, -2147483649, 9223372036854775807, -9223372036854775808]
    found = {"null": None, "true": True, "false": False}
    found |= {f"integer {number}": number for number in edges}
    found |= {f"float {number}": number for number in [0.0, 1.1, -1.1, 1e300, float("inf"), float("-inf")]}
    sizes = [0, 1, 15, 16, 255, 256, 65535, 65536]
    found |= {f"string of {size}": "x" * size for size in sizes}
    found |= {f"bytes of {size}": b"\x07" * size for size in sizes}
    found |= {f"list of {size}": [1] * size for size in sizes}
    found |= {f"map of {size}": {f"k{number}": 1 for number in range(size)} for size in [0, 1, 15, 16, 255, 256, 65536]}
    found["text in many scripts"] = "½ Équal 學習 تعلّم 🎓"
    found["lists in maps in lists"] = [{"a": [{"b": [None, [True, {"c": {}}]]}]}]
    found["date"] = bolt_time.Date(2026, 11, 24)
    found["date before 1970"] = bolt_time.Date(1815, 12, 10)
    found["time"] = bolt_time.Time(13, 50, 0, 123456789, tzinfo=pytz.FixedOffset(120))
    found["local time"] = bolt_time.Time(13, 50, 0, 1)
    found["moment in UTC"] = utc(2026, 11, 24, 13, 50, 0, 123456)
    found["moment elsewhere"] = datetime.datetime(
        2026, 11, 24, 13, 50, tzinfo=datetime.timezone(datetime.timedelta(hours=-5, minutes=-30)))
    found["moment before 1970"] = utc(1969, 12, 31, 23, 59, 59, 999999)
    found["moment in a zone"] = zoned("Europe/Berlin", 2026, 7, 1, 12, 0)
    found["local moment"] = datetime.datetime(2026, 11, 24, 13, 50, 0, 5)
    found["duration"] = bolt_time.Duration(months=14, days=-3, seconds=70, nanoseconds=9)
    found["point in the plane"] = spatial.CartesianPoint((1.5, -2.5))
    found["point in space"] = spatial.CartesianPoint((1.5, -2.5, 3.0))
    found["point on the globe"] = spatial.WGS84Point((13.4, 52.5))
    found["node"] = node(7)
    found["relationship"] = Structure(b"R", 3, 7, 8, "REQUIRES", {"since": 2026}, "5:x:3", "4:x:7", "4:x:8")
    found["unbound relationship"] = Structure(b"r", 3, "REQUIRES", {}, "5:x:3")
    found["path"] = Structure(
        b"P", [node(7), node(8)], [Structure(b"r", 3, "REQUIRES", {}, "5:x:3")], [1, 1, -1, 0])
    return found


def packed():
    """For each value the RUN of `RETURN $x` with it; of long ones the SHA-256."""
    named = values()

    def use(driver):
        with driver.session() as session:
            for value in named.values():
                session.run("RETURN $x", x=value).consume()

    messages = [message for message in record(4, use) if message[1] == RUN]
    return {name: short(message) for name, message in zip(named, messages, strict=True)}


def short(message):
    return message.hex() if len(message) <= 600 else "sha256:" + hashlib.sha256(message).hexdigest()


def calls(driver):
    """What ContentTests does with its client in the very same order."""
    with driver.session(database="lyceum", default_access_mode=neo4j.READ_ACCESS) as session:
        with session.begin_transaction() as transaction:
            list(transaction.run("MATCH (c:Concept {slug: $slug}) RETURN c.title AS title", slug="halves"))
            transaction.commit()
    with driver.session(database="lyceum") as session:
        with session.begin_transaction() as transaction:
            list(transaction.run("CREATE (:Concept {slug: $slug})", slug="quarters"))
            transaction.rollback()
        try:
            with session.begin_transaction() as transaction:
                list(transaction.run("FAIL"))
        except neo4j.exceptions.TransientError:
            pass
    with driver.session(database="lyceum") as session:
        with session.begin_transaction() as transaction:
            list(transaction.run("RETURN 1"))
            transaction.commit()


def routed_calls(driver):
    """The same for a cluster: a result that is left early, then a transaction that must see the one before."""
    with driver.session(database="lyceum", fetch_size=1) as session:
        with session.begin_transaction() as transaction:
            next(iter(transaction.run("RETURN MANY")))
            transaction.commit()
        with session.begin_transaction() as transaction:
            transaction.run("RETURN 1").consume()
            transaction.commit()


def messages():
    recorded = {}
    for minor in range(5):
        recorded[f"5.{minor}"] = record(minor, calls)
        recorded[f"5.{minor} routed"] = record(minor, routed_calls, "neo4j://{}?policy=eu", BOOKMARK)
    return {name: [message.hex() for message in found] for name, found in recorded.items()}


def main():
    logging.disable()
    _meta.BOLT_AGENT_DICT.clear()
    _meta.BOLT_AGENT_DICT.update(AGENT)
    recorded = {
        "packstream.json": packed(),
        "messages.json": messages(),
    }
    for name, content in recorded.items():
        text = json.dumps({"driver": f"neo4j {neo4j.__version__}", "messages": content}, indent=1, ensure_ascii=False)
        if "--check" in sys.argv:
            if (HERE / name).read_text(encoding="utf-8") != text + "\n":
                sys.exit(f"{name} is not what the driver {neo4j.__version__} sends: run {__file__}")
        else:
            (HERE / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
