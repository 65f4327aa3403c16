import WireProtocol

/// Which of several languages a reader would have.
struct ReaderLanguages: Sendable, Equatable {
    /// The best first: each language followed by what lookup falls back to.
    var preferred: [LanguageTag]
    /// Not wanted, with all that is more exact, unless ``preferred`` names it: taken only where nothing else is.
    var refused: [LanguageTag] = []

    static let any = ReaderLanguages(preferred: [])
}

extension ReaderLanguages {
    init(_ field: AcceptLanguage) {
        var seen = Set(field.refused)
        preferred = field.tags.flatMap(\.lookupChain).filter { seen.insert($0).inserted }
        refused = field.refused
    }
}
