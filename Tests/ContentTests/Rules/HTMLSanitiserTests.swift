import Testing

@testable import Content

struct HTMLSanitiserTests {
    @Test(arguments: [
        ("<p>One &amp; two</p>", "<p>One &amp; two</p>"),
        ("<H1 CLASS='x' ID=y lang=ar dir='rtl'>T</H1>", #"<h1 lang="ar" dir="rtl">T</h1>"#),
        (#"<img src=/media/1/content alt='a "b"'>"#, #"<img src="/media/1/content" alt="a &quot;b&quot;">"#),
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("1 &lt 2 &eacute; &#x41; &#0; &;", "1 &amp;lt 2 &eacute; &#x41; &amp;#0; &amp;;"),
        ("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"), ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b><i>x</b></i>", "<b><i>x</i></b>"), ("</p>x</b>", "x"), ("<br/>a<hr />", "<br>a<hr>"),
        ("<table><tr><td>1<td>2<tr><td>3</table>", "<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"),
        ("<font color=red><blink>x</blink></font>", "x"), ("<unknown-element>x", "x"),
        (
            "<code class=language-swift>x</code><code class='a b'>y</code>",
            #"<code class="language-swift">x</code><code>y</code>"#
        ),
        ("<a href='?a=1&b=2'>x</a>", #"<a href="?a=1&amp;b=2">x</a>"#),
        ("<a href=mailto:a@b.example>x</a>", #"<a href="mailto:a@b.example">x</a>"#),
        ("<a href=//example.org/>x</a>", #"<a href="//example.org/">x</a>"#),
        ("<a href='#p:1'>x</a>", ##"<a href="#p:1">x</a>"##),
        ("<details open><summary>x</details>", #"<details open=""><summary>x</summary></details>"#),
        ("text only", "text only"), ("", ""), ("<", "&lt;"), ("x<p", "x"), ("<>", "&lt;&gt;"),
    ])
    func `What is allowed stays, tidied`(html: String, expected: String) {
        #expect(HTMLSanitiser.sanitised(html) == expected)
    }

    @Test(arguments: [
        ("<script>alert(1)</script>x", "x"), ("<SCRIPT >a</script\n>b", "b"), ("<script>never closed", ""),
        ("<style>p{}</style>", ""), ("<p onclick=alert(1) style='x'>a</p>", "<p>a</p>"),
        ("<a href='javascript:alert(1)'>x</a>", "<a>x</a>"), ("<a href=' \u{1}JaVaScRiPt:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href='java\nscript:alert(1)'>x</a>", "<a>x</a>"), ("<a href='&#106;avascript:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href='javascript&colon;alert(1)'>x</a>", "<a>x</a>"),
        ("<a href='java&Tab;script:alert(1)'>x</a>", "<a>x</a>"),
        ("<a href='data:text/html,<script>'>x</a>", "<a>x</a>"), ("<img src=x onerror=alert(1)>", #"<img src="x">"#),
        ("<img src='data:image/svg+xml,x'>", "<img>"), ("<img src='mailto:a'>", "<img>"),
        ("<svg><a href=x>y</a></svg>z", "z"), ("<iframe src=x></iframe>y", "y"), ("<object>x</object>", ""),
        ("<!-- <b>c</b> -->d<!doctype html><?php x ?>e", "de"), ("<!--><script>x</script>-->y", "--&gt;y"),
        ("<p title='\"><script>x</script>'>a</p>", #"<p title="&quot;&gt;&lt;script&gt;x&lt;/script&gt;">a</p>"#),
        ("<p title=\"a\"onclick=b>c</p>", #"<p title="a">c</p>"#),
        ("<p/onclick=a/title=b>c</p>", "<p>c</p>"),
        ("<noscript><p title='</noscript><script>x</script>'></noscript>y", "'&gt;y"),
        ("<math><mi xlink:href='javascript:x'>", ""), ("<form action=x><input name=y>z</form>", "z"),
        ("<base href=x><meta http-equiv=refresh><link rel=x>y", "y"), ("<textarea></textarea><script>x</script>", ""),
        ("<a href='jav&#x09;ascript&#58;x'>y</a>", "<a>y</a>"), ("<scr<script>ipt>x</script>", "ipt&gt;x"),
        ("<a\u{0}href=x>y</a>", "y"),
    ])
    func `What could do harm goes`(html: String, expected: String) {
        #expect(HTMLSanitiser.sanitised(html) == expected)
    }

    @Test func `Elements nested without end are left out below a depth`() {
        let html = HTMLSanitiser.sanitised(String(repeating: "<b>", count: 100_000) + "x")
        #expect(html == String(repeating: "<b>", count: 100) + "x" + String(repeating: "</b>", count: 100))
    }

    @Test(.timeLimit(.minutes(1))) func `A tag with attributes without end is read in time`() {
        let attributes = (0..<150_000).map { "a\($0)" }.joined(separator: " ")
        #expect(HTMLSanitiser.sanitised("<p \(attributes) title=a title=b>x") == #"<p title="a">x</p>"#)
    }

    @Test(arguments: 1...20)
    func `Whatever comes in, only what is allowed comes out, and stays as it is`(seed: UInt64) {
        var random = SplitMix(seed: seed)
        for _ in 0..<100 { HTMLProperties.check(HTMLProperties.html(&random)) }
    }
}

/// What holds for any HTML that was sanitised.
enum HTMLProperties {
    static let pieces = [
        "<", ">", "/", "\"", "'", "=", " ", "&", ";", "#", "-", "!", "\n", "\u{0}", "x", "é", "<p>", "</p>", "<a href=",
        "javascript:", "<script>", "</script>", "<!--", "-->", "<b", "title=\"", "&lt;", "&#106;", "onclick=", "<svg>",
        "<li>", "<td>", "<img src=", "https://x", "<style", "</style>", "&colon;", "<noscript>",
    ]

    static func html(_ random: inout SplitMix) -> String {
        (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in pieces.randomElement(using: &random) }.joined()
    }

    static func check(_ html: String) {
        let clean = HTMLSanitiser.sanitised(html)
        #expect(HTMLSanitiser.sanitised(clean) == clean, "\(html)")
        var tokenizer = HTMLTokenizer(clean)
        while let token = tokenizer.next() {
            switch token {
            case .text(let text): #expect(!text.contains(UInt8(ascii: "<")), "\(html)")
            case .endTag(let name): #expect(HTMLPolicy.elements.contains(name), "\(html)")
            case .startTag(let name, let attributes):
                #expect(HTMLPolicy.elements.contains(name), "\(html)")
                for attribute in attributes {
                    #expect(HTMLPolicy.allows(attribute.name, of: name), "\(html)")
                    let value = String(decoding: attribute.value, as: UTF8.self).lowercased()
                    #expect(!HTMLPolicy.isURL(attribute.name) || !value.hasPrefix("javascript:"), "\(html)")
                }
            }
        }
    }
}
