/// Made by deploy/languages/preferred.py from IANA's registry of 2025-08-25.
extension LanguageRegistry {
    static let unreplacedTags: Set<String> = ["cel-gaulish", "i-default", "i-enochian", "i-mingo", "zh-min"]

    static let preferredTags = [
        "art-lojban": "jbo", "en-gb-oed": "en-GB-oxendict", "i-ami": "ami", "i-bnn": "bnn", "i-hak": "hak",
        "i-klingon": "tlh", "i-lux": "lb", "i-navajo": "nv", "i-pwn": "pwn", "i-tao": "tao", "i-tay": "tay",
        "i-tsu": "tsu", "no-bok": "nb", "no-nyn": "nn", "sgn-be-fr": "sfb", "sgn-be-nl": "vgt", "sgn-br": "bzs",
        "sgn-ch-de": "sgg", "sgn-co": "csn", "sgn-de": "gsg", "sgn-dk": "dsl", "sgn-es": "ssp", "sgn-fr": "fsl",
        "sgn-gb": "bfi", "sgn-gr": "gss", "sgn-ie": "isg", "sgn-it": "ise", "sgn-jp": "jsl", "sgn-mx": "mfs",
        "sgn-ni": "ncs", "sgn-nl": "dse", "sgn-no": "nsl", "sgn-pt": "psr", "sgn-se": "swl", "sgn-us": "ase",
        "sgn-za": "sfs", "zh-cmn": "cmn", "zh-cmn-hans": "cmn-Hans", "zh-cmn-hant": "cmn-Hant", "zh-gan": "gan",
        "zh-guoyu": "cmn", "zh-hakka": "hak", "zh-min-nan": "nan", "zh-wuu": "wuu", "zh-xiang": "hsn", "zh-yue": "yue",
    ]

    static let preferredLanguages = [
        "aam": "aas", "adp": "dz", "ajp": "apc", "ajt": "aeb", "asd": "snz", "aue": "ktz", "ayx": "nun", "bgm": "bcg",
        "bic": "bir", "bjd": "drl", "blg": "iba", "ccq": "rki", "cjr": "mom", "cka": "cmr", "cmk": "xch", "coy": "pij",
        "cqu": "quh", "dek": "sqm", "dit": "dif", "drh": "khk", "drr": "kzk", "drw": "prs", "gav": "dev", "gfx": "vaj",
        "ggn": "gvr", "gli": "kzk", "gti": "nyc", "guv": "duz", "hrr": "jal", "ibi": "opa", "ilw": "gal", "in": "id",
        "iw": "he", "jeg": "oyb", "ji": "yi", "jw": "jv", "kgc": "tdf", "kgh": "kml", "kgm": "plu", "koj": "kwv",
        "krm": "bmf", "ktr": "dtp", "kvs": "gdj", "kwq": "yam", "kxe": "tvd", "kxl": "kru", "kzj": "dtp", "kzt": "dtp",
        "lak": "ksp", "lii": "raq", "llo": "ngt", "lmm": "rmx", "meg": "cir", "mo": "ro", "mst": "mry", "mwj": "vaj",
        "myd": "aog", "myt": "mry", "nad": "xny", "ncp": "kdz", "nns": "nbr", "nnx": "ngv", "nom": "cbr", "nte": "eko",
        "nts": "pij", "nxu": "bpp", "oun": "vaj", "pat": "kxr", "pcr": "adx", "pmc": "huw", "pmk": "crr", "pmu": "phr",
        "ppa": "bfy", "ppr": "lcq", "prp": "gu", "pry": "prt", "puz": "pub", "sca": "hle", "skk": "oyb", "smd": "kmb",
        "snb": "iba", "szd": "umi", "tdu": "dtp", "thc": "tpo", "thw": "ola", "thx": "oyb", "tie": "ras", "tkk": "twm",
        "tlw": "weo", "tmk": "tdg", "tmp": "tyj", "tne": "kak", "tnf": "prs", "tpw": "tpn", "tsf": "taj", "uok": "ema",
        "xba": "cax", "xia": "acn", "xkh": "waw", "xrq": "dmw", "xss": "zko", "ybd": "rki", "yma": "lrr", "ymt": "mtm",
        "yos": "zom", "yuu": "yug", "zir": "scv", "zkb": "kjh",
    ]

    static let preferredRegions = ["BU": "MM", "DD": "DE", "FX": "FR", "TP": "TL", "YD": "YE", "ZR": "CD"]

    static let preferredVariants = ["heploc": "alalc97"]
}
