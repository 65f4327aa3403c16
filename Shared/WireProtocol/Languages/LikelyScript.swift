/// In which script a language is most likely written, for languages in wide use that have several (a part of the
/// Unicode CLDR's likely subtags): what is tagged by region and what is tagged by script then find each other.
enum LikelyScript {
    private static let scripts: [Substring: (usual: Substring, inRegions: [Substring: Substring])] = [
        "az": ("Latn", ["IR": "Arab", "RU": "Cyrl"]), "kk": ("Cyrl", ["CN": "Arab"]),
        "ku": ("Latn", ["IQ": "Arab", "IR": "Arab"]), "ky": ("Cyrl", ["CN": "Arab", "TR": "Latn"]),
        "mn": ("Cyrl", ["CN": "Mong"]), "pa": ("Guru", ["PK": "Arab"]), "sd": ("Arab", ["IN": "Deva"]),
        "sr": ("Cyrl", ["ME": "Latn", "RO": "Latn", "TR": "Latn"]), "tg": ("Cyrl", ["PK": "Arab"]),
        "uz": ("Latn", ["AF": "Arab", "CN": "Cyrl"]), "yue": ("Hant", ["CN": "Hans"]),
        "zh": ("Hans", ["HK": "Hant", "MO": "Hant", "TW": "Hant"]),
    ]

    /// Tags that mean the same as one of language, script and region only, the nearest first: `zh-Hant-TW` and
    /// `zh-Hant` for `zh-TW`, `zh-TW` for `zh-Hant-TW`; `zh-Hans` for `zh`, unless `whole` is in another script.
    static func equivalents(of subtags: [Substring], shortenedFrom whole: [Substring]) -> [[Substring]] {
        guard let language = subtags.first, let (usual, inRegions) = scripts[language] else { return [] }
        switch subtags.count {
        case 1: return script(of: whole) == usual ? [[language, usual]] : []
        case 2 where subtags[1].count == 2:
            let script = inRegions[subtags[1]] ?? usual
            return [[language, script, subtags[1]], [language, script]]
        case 3 where subtags[1].count == 4 && subtags[2].count == 2:
            return subtags[1] == inRegions[subtags[2]] ?? usual ? [[language, subtags[2]]] : []
        default: return []
        }
    }

    private static func script(of subtags: [Substring]) -> Substring? {
        guard let (usual, inRegions) = scripts[subtags[0]], subtags.count > 1 else { return scripts[subtags[0]]?.usual }
        return subtags[1].count == 4 ? subtags[1] : inRegions[subtags[1]] ?? usual
    }
}
