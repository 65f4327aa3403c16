/// A file was deleted; links to it lead nowhere now.
public struct MediaDeleted: Sendable, Equatable, Codable {
    public var id: Identifier

    public init(id: Identifier) {
        self.id = id
    }
}
