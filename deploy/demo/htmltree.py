"""HTML as a tree of elements and text, as far as DocBook's output needs it."""

from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta"}
# An element on the left is closed by the start of one on the right.
CLOSED_BY = {"p": {"p"}, "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "tr": {"tr"}, "td": {"td", "th", "tr"},
             "th": {"td", "th", "tr"}}


class Element:
    def __init__(self, tag, attributes):
        self.tag = tag
        self.attributes = attributes
        self.children = []

    def has_class(self, name):
        return name in (self.attributes.get("class") or "").split()

    def find(self, accepts):
        """The first element below this one, in reading order, that `accepts`; None when there is none."""
        for child in self.children:
            if isinstance(child, Element):
                found = child if accepts(child) else child.find(accepts)
                if found is not None:
                    return found
        return None

    def elements(self, *tags):
        """The child elements with one of these tags."""
        return [child for child in self.children if isinstance(child, Element) and child.tag in tags]

    def text(self):
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = Element("document", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attributes):
        if tag in CLOSED_BY.get(self.open[-1].tag, ()):
            self.open.pop()
        element = Element(tag, dict(attributes))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag == tag:
                del self.open[depth:]
                return

    def handle_data(self, data):
        self.open[-1].children.append(data)


def parse(html):
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
