import FoundationEssentials
import WireProtocol

/// A place in a list, as opaque text: the list's name and the sort key of the last item seen, as base64url of JSON.
/// It grants nothing, so it is not signed; what comes back is validated like any input.
enum Cursor {
    private struct Content<Key: Codable>: Codable {
        var list: String
        var key: Key
    }

    static func encode(_ key: some Codable, list: String) throws -> String {
        try WireJSON.encode(Content(list: list, key: key)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// `nil` for what is no cursor, or one of another list.
    static func decode<Key: Codable>(_ type: Key.Type, _ text: String, list: String) -> Key? {
        var base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - base64.count % 4) % 4)
        guard let json = Data(base64Encoded: base64),
            let content = try? WireJSON.decode(Content<Key>.self, from: json), content.list == list
        else { return nil }
        return content.key
    }
}
