import Testing
import WireProtocol

@Suite("Language tags")
struct LanguageTagTests {
    @Test(
        "are kept in canonical case",
        arguments: [
            ("en", "en"), ("PT-br", "pt-BR"), ("zh-hANT-tw", "zh-Hant-TW"), ("es-419", "es-419"),
            ("sr-latn", "sr-Latn"),
            ("de-DE-1996", "de-DE-1996"), ("sl-rozaj-BISKE", "sl-rozaj-biske"), ("en-u-CA-gregory", "en-u-ca-gregory"),
            ("ca-valencia", "ca-valencia"), ("de-x-Test", "de-x-test"),
        ])
    func canonical(text: String, expected: String) {
        #expect(LanguageTag(text)?.description == expected)
    }

    @Test(
        "that are not well-formed are refused",
        arguments: [
            "", "-", "e", "en-", "-en", "en--GB", "en_GB", "english-languages", "en-GB-GB", "en-a", "en-a-bb-a-cc",
            "sl-rozaj-rozaj", "x-private", "i-klingon", "en\u{0}", "дe", "en-GB'; DROP TABLE x", "abcd",
            "en-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd",
        ])
    func malformed(text: String) {
        #expect(LanguageTag(text) == nil)
    }

    @Test("are looked up from the most exact to the base")
    func lookup() throws {
        let tag = try #require(LanguageTag("zh-Hant-TW"))
        #expect(tag.lookupChain.map(\.description) == ["zh-Hant-TW", "zh-Hant", "zh"])
        #expect(tag.base.description == "zh")
    }
}
