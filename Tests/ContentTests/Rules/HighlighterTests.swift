import Testing

@testable import Content

struct HighlighterTests {
    private func highlight(_ words: String, _ body: String, format: ContentFormat = .plain) -> String {
        Highlighter(words: words).highlight(title: "", body: body, format: format).body
    }

    @Test func `Terms are marked in any case, the longest first, but for what is excluded`() {
        #expect(highlight("ab abc", "xABCab") == "x<mark>ABC</mark><mark>ab</mark>")
        #expect(highlight("-ab or \"cd e\"", "ab or cd e") == "ab or <mark>cd</mark> <mark>e</mark>")
        #expect(highlight("Ä", "äÄ") == "<mark>ä</mark><mark>Ä</mark>")
        #expect(highlight("", "a&b<c>") == "a&amp;b&lt;c&gt;")
    }

    @Test func `An excerpt is around the first term`() {
        let text = String(repeating: "x", count: 1_000) + "here" + String(repeating: "y", count: 1_000)
        let excerpt = highlight("here", text)
        #expect(excerpt.contains("x<mark>here</mark>y"))
        #expect(excerpt.count == Highlighter.excerptLength + "<mark></mark>".count)
        #expect(highlight("absent", text) == String(repeating: "x", count: Highlighter.excerptLength))
    }

    @Test func `Tags are no text`() {
        #expect(highlight("b", "<b class=\"b\">b &amp; c</b>", format: .html) == "<mark>b</mark> &amp; c")
    }
}
