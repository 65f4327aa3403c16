#!/usr/bin/env python3
"""Turns the unpacked Debian package installation-guide-amd64 into what `demo.py` sends: chapters.json, content.ndjson,
images.json, and counts.json, which is counted from the package's files alone.

Each HTML file becomes a chapter, in every language one content item of the type `section`.
"""

import argparse
import hashlib
import json
import pathlib
import re
import sys

import htmltree
import markdown

SOURCE = "installation-guide-amd64"
DEFAULT_LANGUAGE = "en"
ID_LIMIT = 50


def language_tag(folder):
    """The folder's name in the canonical form of BCP 47: zh_CN becomes zh-CN."""
    language, *rest = re.split(r"[_-]", folder)
    return "-".join([language.lower()] + [part.upper() if len(part) == 2 else part.title() for part in rest])


def language_folders(guide):
    return sorted(folder for folder in guide.iterdir() if (folder / "index.html").is_file())


def main_part(tree):
    """What stands between the navigation at the head and the one at the foot."""
    body = tree.find(lambda element: element.tag == "body")
    return [
        node for node in body.children
        if isinstance(node, str) or not (node.has_class("navheader") or node.has_class("navfooter"))
    ]


def section(path):
    """(title, Markdown) of one file."""
    tree = htmltree.parse(path.read_text(encoding="utf-8"))
    title = markdown.tidy(tree.find(lambda element: element.tag == "title").text())
    found = markdown.blocks(main_part(tree))
    if found and found[0].startswith("#"):
        del found[0]  # the title, which is a field of its own
    return title, "\n\n".join(found) + "\n"


def reading_order(folder):
    """The files from the first page on, each followed by what its page calls the next; then any that are left."""
    order, name = [], "index.html"
    while name and name not in order:
        order.append(name)
        tree = htmltree.parse((folder / name).read_text(encoding="utf-8"))
        link = tree.find(lambda element: element.tag == "link" and element.attributes.get("rel") == "next")
        name = link.attributes["href"] if link is not None else None
    return order + sorted({path.name for path in folder.glob("*.html")} - set(order))


def chapters(guide):
    folder = guide / DEFAULT_LANGUAGE
    found = []
    for position, name in enumerate(reading_order(folder)):
        chapter_id = pathlib.Path(name).stem
        if len(chapter_id) > ID_LIMIT:
            sys.exit(f"convert: {name}: a chapter's id has at most {ID_LIMIT} characters")
        found.append({"chapter_id": chapter_id, "title": section(folder / name)[0], "position": position})
    return found


def write_content(guide, file):
    for folder in language_folders(guide):
        for path in sorted(folder.glob("*.html")):
            title, body = section(path)
            line = {
                "chapter_id": path.stem, "language": language_tag(folder.name), "content_type": "section",
                "title": title, "body": body, "format": "markdown", "status": "published",
            }
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


def images(guide):
    """Each different image once, under the name that it has in the first language that has it."""
    found = {}
    for path in sorted(guide.glob("*/images/*")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        found.setdefault(digest, {"name": path.name, "file": str(path), "sha256": digest})
    return sorted(found.values(), key=lambda image: image["name"])


def counts(guide):
    """Counted from the raw files, not from what was made of them."""
    languages = {}
    for folder in sorted(path.parent for path in guide.glob("*/index.html")):
        files = sorted(folder.glob("*.html"))
        texts = [path.read_bytes() for path in files]
        languages[language_tag(folder.name)] = {
            "files": len(files),
            "sections": sum(text.count(b"<title>") for text in texts),
            "bytes": sum(len(text) for text in texts),
        }
    return {
        "languages": languages,
        "chapters": len({path.name for path in guide.glob("*/*.html")}),
        "files": sum(entry["files"] for entry in languages.values()),
        "bytes": sum(entry["bytes"] for entry in languages.values()),
        "images": len({path.read_bytes() for path in guide.glob("*/images/*")}),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=pathlib.Path, help="where the package was unpacked")
    parser.add_argument("output", type=pathlib.Path, help="folder to write to")
    arguments = parser.parse_args()
    guide = arguments.package / "usr/share/doc" / SOURCE
    if not (guide / DEFAULT_LANGUAGE).is_dir():
        sys.exit(f"convert: {guide} holds no guide in {DEFAULT_LANGUAGE}; unpack {SOURCE} with dpkg-deb -x first")
    arguments.output.mkdir(parents=True, exist_ok=True)

    def write(name, value):
        text = json.dumps(value, ensure_ascii=False, indent=2) + "\n"
        (arguments.output / name).write_text(text, encoding="utf-8")

    found = chapters(guide)
    knowledge = {
        "title": found[0]["title"], "subject": "computing", "default_language": DEFAULT_LANGUAGE,
        "description": "How to install Debian, in all languages of the guide.", "metadata": {"source": SOURCE},
    }
    write("chapters.json", {"knowledge": knowledge, "chapters": found})
    with open(arguments.output / "content.ndjson", "w", encoding="utf-8") as file:
        write_content(guide, file)
    write("images.json", images(guide))
    write("counts.json", counts(guide))


if __name__ == "__main__":
    main()
