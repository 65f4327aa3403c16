/// What the IANA language subtag registry prefers to deprecated subtags and grandfathered tags (RFC 5646 §4.5): all
/// grandfathered and redundant tags, regions and two-letter languages, and those longer languages that were merged
/// into one in wide use.
enum LanguageRegistry {
    enum Verdict {
        case regular
        case replaced(String)
        /// Grandfathered, with nothing that is preferred to it.
        case obsolete
    }

    /// - Parameter tag: a whole tag in lower case.
    static func grandfathered(_ tag: String) -> Verdict {
        if let preferred = preferredTags[tag] { return .replaced(preferred) }
        return obsoleteTags.contains(tag) ? .obsolete : .regular
    }

    private static let obsoleteTags: Set<String> = [
        "cel-gaulish", "i-default", "i-enochian", "i-mingo", "zh-min",
    ]

    private static let preferredTags = [
        "art-lojban": "jbo", "en-gb-oed": "en-GB-oxendict", "i-ami": "ami", "i-bnn": "bnn", "i-hak": "hak",
        "i-klingon": "tlh", "i-lux": "lb", "i-navajo": "nv", "i-pwn": "pwn", "i-tao": "tao", "i-tay": "tay",
        "i-tsu": "tsu", "no-bok": "nb", "no-nyn": "nn", "zh-guoyu": "cmn", "zh-hakka": "hak", "zh-min-nan": "nan",
        "zh-xiang": "hsn",
        "sgn-be-fr": "sfb", "sgn-be-nl": "vgt", "sgn-br": "bzs", "sgn-ch-de": "sgg", "sgn-co": "csn", "sgn-de": "gsg",
        "sgn-dk": "dsl", "sgn-es": "ssp", "sgn-fr": "fsl", "sgn-gb": "bfi", "sgn-gr": "gss", "sgn-ie": "isg",
        "sgn-it": "ise", "sgn-jp": "jsl", "sgn-mx": "mfs", "sgn-ni": "ncs", "sgn-nl": "dse", "sgn-no": "nsl",
        "sgn-pt": "psr", "sgn-se": "swl", "sgn-us": "ase", "sgn-za": "sfs",
    ]

    static let preferredLanguages = [
        "in": "id", "iw": "he", "ji": "yi", "jw": "jv", "mo": "ro",
        "adp": "dz", "aue": "ktz", "bjd": "drl", "ccq": "rki", "cjr": "mom", "cka": "cmr", "drw": "prs", "ggn": "gvr",
        "mst": "mry", "myt": "mry", "ppr": "lcq", "tie": "ras", "tkk": "twm", "tlw": "weo", "tnf": "prs", "ybd": "rki",
        "yma": "lrr",
    ]

    static let preferredRegions = ["BU": "MM", "DD": "DE", "FX": "FR", "TP": "TL", "YD": "YE", "ZR": "CD"]

    static let preferredVariants = ["heploc": "alalc97"]
}
