/// The id of a course, as it stands in a path.
struct KnowledgeID: LosslessStringConvertible {
    static let range = 1...Int(Int32.max)
    static let rule = "must be from 1 to \(Int32.max)"

    let value: Int

    var description: String { String(value) }

    /// `nil` for what can't be one.
    init?(_ text: String) {
        guard let value = Int(text), Self.range.contains(value) else { return nil }
        self.value = value
    }
}
