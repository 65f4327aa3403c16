/// What can name a chapter: content's rule.
enum ChapterID {
    static let rule = "must have 1 to 50 characters, and no control characters"

    static func isValid(_ text: String) -> Bool {
        (1...50).contains(text.unicodeScalars.count)
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    }
}
