#!/usr/bin/env python3
"""What the conversion to Markdown must keep: `python3 -m unittest discover deploy/demo`."""

import unittest

import convert
import htmltree
import markdown


class MarkdownTests(unittest.TestCase):
    def assert_markdown(self, html, *expected):
        self.assertEqual(markdown.blocks(htmltree.parse(html).children), list(expected))

    def test_paragraphs_and_marks(self):
        self.assert_markdown(
            "<p>One <strong>two </strong>and\n<em>three</em>.</p><p>Four</p>", "One **two** and *three*.", "Four")

    def test_characters_that_mean_something_are_escaped(self):
        self.assert_markdown("<p>2*3 [x] a_b &lt;c&gt; \\</p>", "2\\*3 \\[x\\] a\\_b \\<c> \\\\")

    def test_code_is_kept_as_it_is(self):
        self.assert_markdown("<p><code>a_b*</code></p><pre>x  &lt;y&gt;\n  z</pre>", "`a_b*`", "```\nx  <y>\n  z\n```")
        self.assert_markdown("<p><code>a`b</code></p>", "``a`b``")

    def test_links_out_are_kept_and_links_within_the_book_become_text(self):
        self.assert_markdown(
            '<p><a href="https://debian.org/">Debian</a> and <a href="ch02.html">Chapter 2</a></p>',
            "[Debian](<https://debian.org/>) and Chapter 2")

    def test_lists_nest(self):
        self.assert_markdown("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n\n  - b\n\n- c")
        self.assert_markdown("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b")
        self.assert_markdown("<dl><dt>a</dt><dd><p>b</p></dd></dl>", "- a\n\n  b")

    def test_a_cell_that_spans_rows_leaves_empty_ones(self):
        self.assert_markdown(
            '<table border="1"><tr><th>A</th><th>B</th></tr><tr><td rowspan="2">1</td><td>2|</td></tr>'
            "<tr><td>3</td></tr></table>",
            "| A | B |\n| --- | --- |\n| 1 | 2\\| |\n|  | 3 |")

    def test_a_note_is_a_quotation(self):
        self.assert_markdown(
            '<div class="note"><table border="0"><tr><td><img src="n.png"></td><th>Note</th></tr>'
            "<tr><td><p>Careful.</p></td></tr></table></div>", "> Note\n>\n> Careful.")

    def test_letters_of_all_scripts_stay(self):
        self.assert_markdown("<p>ようこそ — Добро\u00a0пожаловать</p>", "ようこそ — Добро пожаловать")


class LanguageTests(unittest.TestCase):
    def test_folders_become_canonical_tags(self):
        folders = {"de": "de", "zh_CN": "zh-CN", "pt-br": "pt-BR", "zh_hant_TW": "zh-Hant-TW", "EN": "en"}
        for folder, tag in folders.items():
            self.assertEqual(convert.language_tag(folder), tag)


if __name__ == "__main__":
    unittest.main()
