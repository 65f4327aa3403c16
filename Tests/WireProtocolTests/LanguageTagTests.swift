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
        "take what the registry prefers to deprecated subtags",
        arguments: [
            ("iw", "he"), ("IW-il", "he-IL"), ("in", "id"), ("ji-Hebr", "yi-Hebr"), ("jw", "jv"), ("mo-MD", "ro-MD"),
            ("my-BU", "my-MM"), ("de-dd", "de-DE"), ("fr-CD", "fr-CD"), ("fr-ZR", "fr-CD"), ("zh-yue-HK", "yue-HK"),
            ("ar-arb", "arb"), ("sgn-ase-US", "ase-US"), ("ja-Latn-hepburn-heploc", "ja-Latn-hepburn-alalc97"),
            ("i-klingon", "tlh"), ("I-Lux", "lb"), ("art-lojban", "jbo"), ("zh-min-nan", "nan"), ("no-bok", "nb"),
            ("en-GB-oed", "en-GB-oxendict"), ("sgn-BE-FR", "sfb"), ("sgn-NO", "nsl"),
            ("sgn-FX", "fsl"), ("aam", "aas"), ("drh", "khk"), ("gav-ET", "dev-ET"), ("kzj", "dtp"), ("prp", "gu"),
            ("lak-Latn", "ksp-Latn"), ("zh-cmn-Hant", "cmn-Hant"),
            ("en-u-ca-gregory-a-foo", "en-a-foo-u-ca-gregory"), ("en-x-a-b-u", "en-x-a-b-u"), ("zh-CN", "zh-CN"),
        ])
    func preferred(text: String, expected: String) {
        #expect(LanguageTag(text)?.description == expected)
        #expect(LanguageTag(expected)?.description == expected)
    }

    @Test(
        "of private use only, and grandfathered ones that nothing is preferred to, stay as they are",
        arguments: [
            ("x-own", "x-own", ["x-own"]), ("X-Own-A-1", "x-own-a-1", ["x-own-a-1", "x-own"]),
            ("i-default", "i-default", ["i-default"]), ("I-Mingo", "i-mingo", ["i-mingo"]),
            ("zh-MIN", "zh-min", ["zh-min", "zh", "zh-Hans"]), ("cel-Gaulish", "cel-gaulish", ["cel-gaulish", "cel"]),
        ])
    func unreplaced(text: String, expected: String, chain: [String]) throws {
        let tag = try #require(LanguageTag(text))
        #expect(tag.description == expected)
        #expect(tag.lookupChain.map(\.description) == chain)
        #expect(LanguageTag(tag.base.description) == tag.base)
    }

    @Test(
        "that are not well-formed are refused",
        arguments: [
            "", "-", "e", "en-", "-en", "en--GB", "en_GB", "english-languages", "en-GB-GB", "en-a", "en-a-bb-a-cc",
            "sl-rozaj-rozaj", "x", "x-", "x-a--b", "x-private-subtags-é", "x-abcdefghi", "i", "i-x", "i-else", "en-x",
            "en-u-", "en\u{0}", "дe",
            "en-GB'; DROP TABLE x", "abcd",
            "en-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd",
        ])
    func malformed(text: String) {
        #expect(LanguageTag(text) == nil)
    }

    @Test(
        "are looked up from the most exact to the base, and by the script that is usual",
        arguments: [
            ("de-CH-1996", ["de-CH-1996", "de-CH", "de"]), ("zh-Hant-TW", ["zh-Hant-TW", "zh-TW", "zh-Hant", "zh"]),
            ("zh-TW", ["zh-TW", "zh-Hant-TW", "zh-Hant", "zh"]), ("zh-CN", ["zh-CN", "zh-Hans-CN", "zh-Hans", "zh"]),
            ("zh", ["zh", "zh-Hans"]), ("zh-Hant", ["zh-Hant", "zh"]), ("zh-Hant-CN", ["zh-Hant-CN", "zh-Hant", "zh"]),
            ("sr-ME", ["sr-ME", "sr-Latn-ME", "sr-Latn", "sr"]), ("sr-Latn", ["sr-Latn", "sr"]),
            ("en-a-bb-x-c", ["en-a-bb-x-c", "en-a-bb", "en"]), ("en-x-y-zz", ["en-x-y-zz", "en"]),
            ("es-419", ["es-419", "es"]), ("sgn-FR-x-a", ["sgn-FR-x-a", "fsl", "sgn"]),
        ])
    func lookup(text: String, chain: [String]) throws {
        let tag = try #require(LanguageTag(text))
        #expect(tag.lookupChain.map(\.description) == chain)
    }

    @Test("have a base") func base() throws {
        #expect(try #require(LanguageTag("zh-Hant-TW")).base.description == "zh")
    }
}
