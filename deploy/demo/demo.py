#!/usr/bin/env python3
"""Brings a whole book into a running platform and lets a class read it: the main job, end to end, through the gateway.

Reads what `convert.py` wrote. Every count that is printed is compared with counts.json, which was counted from the
book's own files; the first that differs ends the demo with exit code 1. Run again, it agrees again.
"""

import argparse
import collections
import datetime
import json
import os
import pathlib
import sys
import time
import urllib.parse

from api import API, Failure
from learners import PASSWORD, Learner

TEACHER = "teacher@example.org"
ADMIN = "admin@example.org"
CLASS_SIZE = 30
EVENTS_PER_BATCH = 1000
# Seconds in which analytics must have heard of everything.
HEARSAY = 120
# What readers ask for, and which of the book's languages they must get.
READERS = [
    ("pt-BR", "pt"), ("de-AT, en;q=0.5", "de"), ("zh-CN", "zh-CN"), ("th, ja;q=0.8", "ja"), ("th", "en"), (None, "en"),
]


def check(what, found, expected):
    """Prints a count that is right; ends the demo with one that is not."""
    if found != expected:
        raise Failure(f"{what}: {found}, but the book's files say {expected}")
    print(f"  ✓ {what}: {found}")


def progress(text):
    if sys.stdout.isatty():
        print(f"\r\033[K  {text}", end="", flush=True)


def end_progress():
    if sys.stdout.isatty():
        print("\r\033[K", end="", flush=True)


def log_in(api, email):
    return api.call("POST", "/auth/login", {"email": email, "password": PASSWORD}).body["access_token"]


def knowledge_item(teacher, book):
    """The book's knowledge item, found by its source or made."""
    for item in teacher.items("/knowledge"):
        if item["metadata"].get("source") == book["knowledge"]["metadata"]["source"]:
            return item["id"]
    return teacher.call("POST", "/knowledge", book["knowledge"], expect=(201,)).body["id"]


def put_chapters(teacher, knowledge_id, book, counts):
    known = {chapter["chapter_id"]: chapter for chapter in teacher.items(f"/knowledge/{knowledge_id}/chapters")}
    for number, chapter in enumerate(book["chapters"], 1):
        progress(f"chapter {number} of {len(book['chapters'])}")
        wanted = {"title": chapter["title"], "position": chapter["position"]}
        there = known.get(chapter["chapter_id"])
        if there is None or any(there[field] != wanted[field] for field in wanted):
            path = f"/knowledge/{knowledge_id}/chapters/{urllib.parse.quote(chapter['chapter_id'])}"
            teacher.call("PUT", path, wanted, {} if there is None else {"If-Match": "*"}, expect=(200, 201))
    end_progress()
    found = list(teacher.items(f"/knowledge/{knowledge_id}/chapters"))
    check("chapters", len(found), counts["chapters"])
    return [chapter["chapter_id"] for chapter in found]


def load_content(teacher, knowledge_id, file, counts):
    total = sum(1 for _ in open(file, "rb"))

    def lines():
        with open(file, "rb") as source:
            for number, line in enumerate(source, 1):
                if number % 50 == 0:
                    progress(f"section {number} of {total}")
                yield b'{"knowledge_id":%d,' % knowledge_id + line[1:]

    start = time.monotonic()
    report = teacher.send("POST", "/content/bulk", lines, {"Content-Type": "application/x-ndjson"}).body
    end_progress()
    if report["failed"]:
        first = report["failed"][0]
        raise Failure(f"{report['failed_count']} lines were refused, line {first['line']} for {first['errors']}")
    print(f"  {report['inserted']} new, {report['updated']} changed, {report['unchanged']} unchanged"
          f" in {time.monotonic() - start:.1f} s")
    check("sections loaded", report["inserted"] + report["updated"] + report["unchanged"], counts["files"])
    languages = {
        entry["language"]: entry["items"] for entry in teacher.items(f"/knowledge/{knowledge_id}/languages")
    }
    check("languages", len(languages), len(counts["languages"]))
    for language, expected in counts["languages"].items():
        if languages.get(language) != expected["files"]:
            raise Failure(f"{language}: {languages.get(language)} sections, but there are {expected['files']} files")


def upload_images(teacher, knowledge_id, images, counts):
    known = {medium["sha256"] for medium in teacher.items("/media", knowledge_id=knowledge_id)}
    for image in images:
        if image["sha256"] not in known:
            content = pathlib.Path(image["file"]).read_bytes()
            medium = teacher.upload(image["name"], content, {"visibility": "public", "knowledge_id": knowledge_id})
            check(f"SHA-256 of {image['name']}", medium["sha256"], image["sha256"])
    found = {medium["sha256"] for medium in teacher.items("/media", knowledge_id=knowledge_id)}
    check("images", len(found), counts["images"])


def read_back(api, knowledge_id, file, chapter_id):
    texts = {}
    for line in open(file, encoding="utf-8"):
        section = json.loads(line)
        if section["chapter_id"] == chapter_id:
            texts[section["language"]] = section
    for wish, language in READERS:
        path = f"/knowledge/{knowledge_id}/chapters/{chapter_id}/content/section"
        answer = api.call("GET", path, headers={"Accept-Language": wish} if wish else {})
        if answer.headers.get("Content-Language") != language or answer.body["language"] != language:
            raise Failure(f"a reader of {wish} got {answer.body['language']} instead of {language}")
        if any(answer.body[field] != texts[language][field] for field in ("title", "body")):
            raise Failure(f"a reader of {wish} got another text than was sent")
        print(f"  ✓ {wish or 'no wish':16} → {language:6} {answer.body['title']}")


def send_there_and_back(teacher, admin, knowledge_id, counts):
    """Exports the book, deletes it for ever, loads the export, and wants the very same export again."""
    path = f"/content/export?knowledge_id={knowledge_id}"
    export = teacher.call("GET", path).content
    check("sections exported", export.count(b"\n"), counts["files"])
    ids = [item["id"] for item in teacher.items("/content", knowledge_id=knowledge_id)]
    for number, item in enumerate(ids, 1):
        progress(f"deleting section {number} of {len(ids)}")
        teacher.call("DELETE", f"/content/{item}", expect=(204,))
        admin.call("DELETE", f"/content/trash/{item}", expect=(204,))
    end_progress()
    if teacher.call("GET", path).content:
        raise Failure("what was deleted is exported")
    report = teacher.send("POST", "/content/bulk", lambda: export, {"Content-Type": "application/x-ndjson"}).body
    check("sections loaded from the export", report["inserted"], counts["files"])
    if teacher.call("GET", path).content != export:
        raise Failure("the export of what was loaded from an export differs from it")
    print(f"  ✓ exported again, all {len(export)} bytes are the same")


def wait_for(what, probe):
    """What `probe` answers once it no longer answers None."""
    deadline = time.monotonic() + HEARSAY
    while True:
        found = probe()
        if found is not None:
            end_progress()
            return found
        if time.monotonic() > deadline:
            raise Failure(f"analytics has not heard of {what} within {HEARSAY} s")
        progress(f"waiting until analytics has heard of {what}")
        time.sleep(0.5)


def show_coverage(teacher, knowledge_id, counts):
    def probe():
        for course in teacher.items("/analytics/coverage"):
            if course["knowledge_id"] == knowledge_id:
                heard = sum(language["items"] for language in course["languages"])
                return course if heard >= counts["files"] else None
        return None

    course = wait_for("all sections", probe)
    check("languages covered", len(course["languages"]), len(counts["languages"]))
    check("sections covered", sum(language["items"] for language in course["languages"]), counts["files"])
    for language in sorted(course["languages"], key=lambda entry: entry["language"]):
        tag = language["language"]
        if language["items"] != counts["languages"].get(tag, {}).get("files"):
            raise Failure(f"coverage of {tag}: {language['items']} sections, but the files say otherwise")
        print(f"    {tag:6} {language['items']:4} sections, {language['share']:7.1%} of the chapters")


def sign_up(api, learner):
    answer = api.call(
        "POST", "/auth/signup", {"email": learner.email, "password": PASSWORD, "display_name": learner.name},
        expect=(201, 409))
    return answer.body["access_token"] if answer.status == 201 else log_in(api, learner.email)


def let_class_read(api, knowledge_id, chapters, languages):
    """Answers what was told: (chapter, kind) → number, and the learners of each chapter."""
    now = datetime.datetime.now(datetime.timezone.utc)
    told, accepted, duplicates = collections.Counter(), 0, 0
    for number in range(1, CLASS_SIZE + 1):
        progress(f"learner {number} of {CLASS_SIZE}")
        learner = Learner(number, languages)
        caller = api.as_user(sign_up(api, learner))
        events = learner.events(knowledge_id, chapters, now)
        for start in range(0, len(events), EVENTS_PER_BATCH):
            batch = {"events": events[start:start + EVENTS_PER_BATCH]}
            receipt = caller.call("POST", "/analytics/events", batch, expect=(202,)).body
            accepted += receipt["accepted"]
            duplicates += receipt["duplicates"]
        told.update((event["chapter_id"], event["type"]) for event in events)
    end_progress()
    print(f"  {CLASS_SIZE} learners, {accepted} events accepted, {duplicates} known already")
    if accepted + duplicates != sum(told.values()):
        raise Failure(f"{sum(told.values())} events were sent, {accepted + duplicates} acknowledged")
    return told


def show_engagement(teacher, knowledge_id, chapters, told):
    def total(kind):
        return sum(count for (_, of), count in told.items() if of == kind)

    def probe():
        report = teacher.call("GET", f"/analytics/engagement/{knowledge_id}").body
        totals = report["totals"]
        heard = totals["views"] >= total("view") and totals["completions"] >= total("completion")
        return report if heard else None

    report = wait_for("all events", probe)
    check("views", report["totals"]["views"], total("view"))
    check("completions", report["totals"]["completions"], total("completion"))
    check("learners", report["totals"]["learners"], CLASS_SIZE)
    figures = {chapter["chapter_id"]: chapter for chapter in report["chapters"]}
    for chapter in chapters:
        found = figures.get(chapter, {"views": 0, "completions": 0})
        expected = {"views": told[chapter, "view"], "completions": told[chapter, "completion"]}
        if any(found[field] != expected[field] for field in expected):
            raise Failure(f"engagement of {chapter}: {found}, but the class told {expected}")
    print(f"    {'chapter':44} views  completed  minutes  learners")
    for chapter in chapters[:10]:
        row = figures[chapter]
        print(f"    {(row['title'] or chapter)[:44]:44} {row['views']:5}  {row['completion_rate']:9.0%}"
              f"  {row['avg_time_spent'] / 60:7.1f}  {row['learners']:8}")
    print(f"    … and {len(chapters) - 10} more chapters")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("book", type=pathlib.Path, help="the folder that convert.py wrote")
    folder = parser.parse_args().book
    url = os.environ.get("LYCEUM_URL", "http://127.0.0.1:8080")
    book, images, counts = (
        json.loads((folder / name).read_text(encoding="utf-8"))
        for name in ("chapters.json", "images.json", "counts.json"))
    content = folder / "content.ndjson"

    api = API(url)
    print(f"The teacher logs in at {url}")
    teacher = api.as_user(log_in(api, TEACHER))
    knowledge_id = knowledge_item(teacher, book)
    print(f"The book is knowledge item {knowledge_id}: {book['knowledge']['title']}")
    chapters = put_chapters(teacher, knowledge_id, book, counts)
    print(f"Every section in every language goes in ({counts['bytes'] / 1e6:.1f} MB of HTML)")
    load_content(teacher, knowledge_id, content, counts)
    print("Its images become media")
    upload_images(teacher, knowledge_id, images, counts)
    print("Readers ask for a chapter in their languages")
    read_back(api, knowledge_id, content, chapters[2])
    print("The book is exported, deleted and loaded from its export")
    send_there_and_back(teacher, api.as_user(log_in(api, ADMIN)), knowledge_id, counts)
    print("What analytics has heard of the book")
    show_coverage(teacher, knowledge_id, counts)
    print("A class reads it")
    told = let_class_read(api, knowledge_id, chapters, sorted(counts["languages"]))
    print("What analytics has heard of the class")
    show_engagement(teacher, knowledge_id, chapters, told)
    print("All counts agree.")


if __name__ == "__main__":
    try:
        main()
    except Failure as failure:
        end_progress()
        sys.exit(f"demo: {failure}")
