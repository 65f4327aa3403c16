/// The parts of a language tag: langtag = language [-extlang] [-script] [-region] *(-variant) *(-extension)
/// [-privateuse] (RFC 5646 §2.1), in canonical case.
struct LanguageSubtags: CustomStringConvertible {
    /// Of a grandfathered tag, or one of private use only, all of it.
    private(set) var language: String
    private var extlangs: [String] = []
    private var script: String?
    private var region: String?
    private var variants: [String] = []
    /// Each with its singleton first; private use comes last.
    private var extensions: [[String]] = []

    var description: String {
        ([language] + extlangs + [script, region].compactMap(\.self) + variants + extensions.joined())
            .joined(separator: "-")
    }

    /// `nil` when `text` is not well-formed.
    init?(canonicalising text: String) {
        let lowercased = text.lowercased()
        switch LanguageRegistry.grandfathered(lowercased) {
        case .replaced(let preferred): self.init(parsing: preferred.lowercased())
        case .unreplaced: self.init(whole: lowercased)
        case .regular: self.init(parsing: lowercased)
        }
        canonicalise()
        // sgn-FX is sgn-FR now, which is fsl.
        if case .replaced(let preferred) = LanguageRegistry.grandfathered(description.lowercased()) {
            guard let replacement = LanguageSubtags(canonicalising: preferred) else { return nil }
            self = replacement
        }
    }

    private init(whole tag: String) {
        language = tag
    }

    private mutating func canonicalise() {
        // An extended language is a language of its own (RFC 5646 §4.5, rule 3).
        if let extlang = extlangs.first {
            language = extlang
            extlangs = []
        }
        language = LanguageRegistry.preferredLanguages[language] ?? language
        region = region.map { LanguageRegistry.preferredRegions[$0] ?? $0 }
        variants = variants.map { LanguageRegistry.preferredVariants[$0] ?? $0 }
        extensions.sort { a, b in (a[0] == "x" ? 1 : 0, a[0]) < (b[0] == "x" ? 1 : 0, b[0]) }
    }

    /// - Parameter text: in lower case.
    private init?(parsing text: String) {
        var rest = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)[...]
        if rest.first == "x" {
            guard let parts = Self.takeExtension(from: &rest), rest.isEmpty else { return nil }
            language = parts.joined(separator: "-")
            return
        }
        guard let first = rest.popFirst(), Self.isAlpha(first, 2...8), first.utf8.count != 4 else { return nil }
        language = first
        while extlangs.count < 3, language.utf8.count <= 3, let next = rest.first, Self.isAlpha(next, 3...3) {
            extlangs.append(rest.removeFirst())
        }
        if let next = rest.first, Self.isAlpha(next, 4...4) {
            script = next.prefix(1).uppercased() + next.dropFirst()
            rest.removeFirst()
        }
        if let next = rest.first, Self.isAlpha(next, 2...2) || Self.isDigits(next, 3) {
            region = next.uppercased()
            rest.removeFirst()
        }
        while let next = rest.first, Self.isVariant(next) {
            guard !variants.contains(next) else { return nil }
            variants.append(rest.removeFirst())
        }
        while let singleton = rest.first, singleton.utf8.count == 1, Self.isAlphanumeric(singleton) {
            guard let parts = Self.takeExtension(from: &rest), !extensions.contains(where: { $0[0] == singleton })
            else { return nil }
            extensions.append(parts)
        }
        guard rest.isEmpty else { return nil }
    }

    /// A singleton and what belongs to it; `nil` when nothing does. All that follows `x` belongs to it.
    private static func takeExtension(from rest: inout ArraySlice<String>) -> [String]? {
        let singleton = rest.removeFirst()
        let lengths = singleton == "x" ? 1...8 : 2...8
        let parts = rest.prefix { lengths.contains($0.utf8.count) && isAlphanumeric($0) }
        rest = rest.dropFirst(parts.count)
        return parts.isEmpty ? nil : [singleton] + parts
    }

    private static func isVariant(_ subtag: String) -> Bool {
        guard isAlphanumeric(subtag) else { return false }
        let length = subtag.utf8.count
        return (5...8).contains(length) || (length == 4 && isDigits(String(subtag.prefix(1)), 1))
    }

    private static func isAlpha(_ text: String, _ length: ClosedRange<Int>) -> Bool {
        length.contains(text.utf8.count)
            && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    private static func isDigits(_ text: String, _ length: Int) -> Bool {
        text.utf8.count == length
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isAlphanumeric(_ text: String) -> Bool {
        !text.isEmpty && text.unicodeScalars.allSatisfy { isAlpha(String($0), 1...1) || isDigits(String($0), 1) }
    }
}
