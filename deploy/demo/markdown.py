"""Writes a tree of DocBook's HTML as Markdown (CommonMark, with tables as GitHub has them)."""

import re

from htmltree import Element

BLOCKS = {"address", "blockquote", "body", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table",
          "ul"}
NOTES = ("note", "tip", "important", "caution", "warning")


def blocks(nodes):
    """The nodes as blocks of Markdown, each without a blank line around it."""
    result, run = [], []

    def end_run():
        text = tidy("".join(inline(node) for node in run))
        if text:
            result.append(text)
        run.clear()

    for node in nodes:
        if isinstance(node, Element) and (node.tag in BLOCKS or holds_blocks(node)):
            end_run()
            result.extend(block(node))
        else:
            run.append(node)
    end_run()
    return result


def holds_blocks(node):
    return node.find(lambda element: element.tag in BLOCKS) is not None


def block(node):
    """One block element, as any number of blocks."""
    if node.tag == "hr":
        return []
    if node.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
        text = tidy("".join(inline(child) for child in node.children))
        return ["#" * int(node.tag[1]) + " " + text] if text else []
    if node.tag == "pre":
        return [fenced(node.text())]
    if node.tag == "ul":
        return [bulleted([blocks(item.children) for item in node.elements("li")], lambda number: "- ")]
    if node.tag == "ol":
        return [bulleted([blocks(item.children) for item in node.elements("li")], lambda number: f"{number}. ")]
    if node.tag == "dl":
        return [definitions(node)]
    if node.tag == "table":
        return note(node) if node.attributes.get("border") == "0" else table(node)
    for kind in NOTES:
        if node.has_class(kind):
            return ["\n".join(("> " + line).rstrip() for line in "\n\n".join(blocks(node.children)).split("\n"))]
    return blocks(node.children)


def note(node):
    """DocBook sets notes as tables: an icon, the kind of note, and the text."""
    return [found for row in rows(node) for cell in row for found in blocks(cell.children)]


def bulleted(items, mark):
    lines = []
    for number, item in enumerate(items, 1):
        bullet = mark(number)
        text = "\n\n".join(item) if item else ""
        lines.append((bullet + text.replace("\n", "\n" + " " * len(bullet))).rstrip())
    separator = "\n\n" if any(len(item) > 1 for item in items) else "\n"
    return re.sub(r"(?m)^[ ]+$", "", separator.join(lines))


def definitions(node):
    """Terms as bullets, what is said of them below; a table of contents, whose entries say nothing, comes out as a
    list within a list."""
    items = []
    for child in node.elements("dt", "dd"):
        if child.tag == "dt" or not items:
            items.append(blocks(child.children))
        else:
            items[-1].extend(blocks(child.children))
    return bulleted(items, lambda number: "- ")


def rows(node):
    found = []
    for child in node.children:
        if isinstance(child, Element):
            if child.tag == "tr":
                found.append(child.elements("td", "th"))
            elif child.tag in ("thead", "tbody", "tfoot"):
                found.extend(rows(child))
    return found


def table(node):
    """The first row becomes the heading; a cell that spans others is repeated as empty cells."""
    lines, spanning = [], {}
    for row in rows(node):
        line, cells = [], iter(row)
        while True:
            if spanning.get(len(line), 0) > 0:
                spanning[len(line)] -= 1
                line.append("")
                continue
            cell = next(cells, None)
            if cell is None:
                break
            text = " ".join(blocks(cell.children)).replace("\n", " ").replace("|", "\\|")
            for column in range(int(cell.attributes.get("colspan") or 1)):
                spanning[len(line)] = int(cell.attributes.get("rowspan") or 1) - 1
                line.append(text if column == 0 else "")
        lines.append(line)
    width = max((len(line) for line in lines), default=0)
    if width == 0:
        return []
    texts = ["| " + " | ".join(line + [""] * (width - len(line))) + " |" for line in lines]
    return ["\n".join([texts[0], "|" + " --- |" * width] + texts[1:])]


def fenced(text):
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text.strip(chr(10)).rstrip()}\n{fence}"


def inline(node):
    if isinstance(node, str):
        return re.sub(r"([\\`*_\[\]<])", r"\\\1", node)
    inner = lambda: "".join(inline(child) for child in node.children)
    if node.tag in ("code", "tt", "kbd"):
        return code(node.text())
    if node.tag in ("strong", "b"):
        return around("**", inner())
    if node.tag in ("em", "i", "var"):
        return around("*", inner())
    if node.tag == "br":
        return " "
    if node.tag in ("img", "script", "style"):
        return ""
    if node.tag == "a":
        target = node.attributes.get("href") or ""
        if re.match(r"(https?|ftp|mailto):", target) and tidy(node.text()):
            return f"[{tidy(inner())}](<{target}>)"
    return inner()


def code(text):
    text = tidy(text)
    if not text:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def around(mark, text):
    """The mark around the text, with spaces at its ends kept outside, as CommonMark wants it."""
    core = text.strip()
    if not core or core.startswith(mark):
        return text
    start = text[: len(text) - len(text.lstrip())]
    end = text[len(text.rstrip()):]
    return f"{start}{mark}{core}{mark}{end}"


def tidy(text):
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()
