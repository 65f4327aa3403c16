/// What the IANA language subtag registry prefers to deprecated subtags, and to grandfathered and redundant tags
/// (RFC 5646 §4.5).
enum LanguageRegistry {
    enum Verdict {
        case regular
        case replaced(String)
        /// Grandfathered, with nothing that is preferred to it: valid as it is.
        case unreplaced
    }

    /// - Parameter tag: a whole tag in lower case.
    static func grandfathered(_ tag: String) -> Verdict {
        if let preferred = preferredTags[tag] { return .replaced(preferred) }
        return unreplacedTags.contains(tag) ? .unreplaced : .regular
    }
}
