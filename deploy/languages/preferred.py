#!/usr/bin/env python3
"""Makes Shared/WireProtocol/Languages/LanguageRegistry+Table.swift: what IANA's language subtag registry prefers to
deprecated subtags and tags.

    python3 deploy/languages/preferred.py language-subtag-registry

The file is what https://www.iana.org/assignments/language-subtag-registry/language-subtag-registry gives, in the format
of RFC 5646 §3.1.1.
"""

import pathlib
import sys
import textwrap

TARGET = pathlib.Path(__file__).resolve().parents[2] / "Shared/WireProtocol/Languages/LanguageRegistry+Table.swift"


def records(text):
    """Each record's fields; of one that comes several times the last."""
    for record in text.replace("\n  ", " ").split("%%\n"):
        yield dict(line.split(": ", 1) for line in record.splitlines())


def preferred(found, *types):
    """What is preferred to each subtag or tag of these types, in the end."""
    values = {}
    for record in found:
        value = record.get("Preferred-Value")
        if record.get("Type") in types and value:
            values[record.get("Subtag") or record["Tag"].lower()] = value
    return {name: values.get(value, value) for name, value in sorted(values.items())}


def literal(items):
    """In Swift, as swift-format leaves it."""
    if sum(map(len, items)) < 80:
        return "[" + ", ".join(items) + "]"
    text = " ".join(item.replace(" ", "\0") + "," for item in items)
    lines = textwrap.wrap(text, 112, break_on_hyphens=False)
    return "\n".join(["[", *("        " + line.replace("\0", " ") for line in lines), "    ]"])


def table(entries):
    return literal([f'"{name}": "{value}"' for name, value in entries.items()])


def main():
    head, *found = records(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    # To an extended language the same subtag is preferred as a language, which needs no table.
    assert all(record["Preferred-Value"] == record["Subtag"] for record in found if record["Type"] == "extlang")
    assert not preferred(found, "script"), "which LanguageSubtags does not expect"
    unreplaced = sorted(
        record["Tag"].lower() for record in found
        if record["Type"] == "grandfathered" and "Preferred-Value" not in record)
    TARGET.write_text(f'''\
/// Made by deploy/languages/preferred.py from IANA's registry of {head["File-Date"]}.
extension LanguageRegistry {{
    static let unreplacedTags: Set<String> = {literal([f'"{tag}"' for tag in unreplaced])}

    static let preferredTags = {table(preferred(found, "grandfathered", "redundant"))}

    static let preferredLanguages = {table(preferred(found, "language"))}

    static let preferredRegions = {table(preferred(found, "region"))}

    static let preferredVariants = {table(preferred(found, "variant"))}
}}
''', encoding="utf-8")


if __name__ == "__main__":
    main()
