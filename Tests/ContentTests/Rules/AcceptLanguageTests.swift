import Testing
import WireProtocol

@testable import Content

struct AcceptLanguageTests {
    @Test(arguments: [
        ("en", ["en"]), ("en, de", ["en", "de"]), ("en;q=0.5, de;q=0.6", ["de", "en"]), ("a", []), ("", []),
        (",,;;", []),
        ("*", []), ("en;q=0", []), ("en;q=1.1, de", ["de"]), ("en;q=nan, de", ["de"]), ("en;q=inf, de", ["de"]),
        ("en;q=-1, de", ["de"]), ("en;level=1, de", ["de"]), ("ZH-hant-tw", ["zh-Hant-TW"]), (" en ; q=0.1 ", ["en"]),
        ("en\tde", []), ("e n", []), ("en;q= 1, de", ["de"]), ("en;q=0x1, de", ["de"]), ("en;q=1e-3, de", ["de"]),
        ("en;q=.5, de", ["de"]), ("en;q=0.1234, de", ["de"]), ("en;q=01, de", ["de"]), ("en;q=+1, de", ["de"]),
        ("en;q=1.001, de", ["de"]), ("en;q=, de", ["de"]), ("en;, de", ["de"]),
        ("en;Q=0.001, de;q=1.000, fr;q=0.", ["de", "en"]), ("en;q=1., de", ["en", "de"]),
        ("en;q=0.5,de;q=0.5,fr;q=0.5", ["en", "de", "fr"]),
    ])
    func `Languages come in the order of their weights`(field: String, tags: [String]) {
        #expect(AcceptLanguage(field).tags.map(\.description) == tags)
    }

    @Test func `What has weight 0 is refused, and not fallen back to`() {
        let languages = ReaderLanguages(AcceptLanguage("zh-Hant-TW, zh;q=0, de;q=0.5, de-AT;q=0, *;q=0"))
        #expect(languages.preferred.map(\.description) == ["zh-Hant-TW", "zh-TW", "zh-Hant", "de"])
        #expect(languages.refused.map(\.description) == ["zh", "de-AT"])
    }

    @Test func `Random bytes give tags or nothing, and a long field costs little`() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("enDE-;q=.,*0159 \t\u{E9}")
        for _ in 0..<2_000 {
            let field = String(
                (0..<Int.random(in: 0...60, using: &random)).compactMap { _ in alphabet.randomElement(using: &random) })
            #expect(AcceptLanguage(field).tags.count <= AcceptLanguage.maximumEntries)
        }
        let long = Array(repeating: "en-US;q=0.5", count: 100_000).joined(separator: ",")
        #expect(AcceptLanguage(long).tags.count <= AcceptLanguage.maximumEntries)
    }
}
