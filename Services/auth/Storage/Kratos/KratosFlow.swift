import WireProtocol

/// A self-service flow, as far as it matters here: login, registration, recovery and settings share it.
struct KratosFlow: Decodable, Sendable {
    var id: String
    var ui: Form?
    var identity: KratosIdentity?
    var continueWith: [Step]?

    struct Form: Decodable, Sendable {
        var messages: [Message]?
        var nodes: [Node]?
    }

    struct Node: Decodable, Sendable {
        var attributes: Attributes
        var messages: [Message]?
    }

    struct Attributes: Decodable, Sendable {
        var name: String?
    }

    /// Its number never changes its meaning; see `text/id.go` in Kratos's sources.
    struct Message: Decodable, Sendable {
        var id: Int
        var text: String
    }

    /// What the client may do next.
    struct Step: Decodable, Sendable {
        struct Flow: Decodable, Sendable {
            var id: String
        }

        var action: String
        var sessionToken: String?
        var flow: Flow?

        enum CodingKeys: String, CodingKey {
            case action, flow
            case sessionToken = "ory_session_token"
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, ui, identity
        case continueWith = "continue_with"
    }

    var messages: [Message] {
        (ui?.messages ?? []) + (ui?.nodes ?? []).flatMap { $0.messages ?? [] }
    }

    func has(_ numbers: Set<Int>) -> Bool {
        messages.contains { numbers.contains($0.id) }
    }

    /// What is wrong with a new password, for its owner to read.
    var passwordFault: String? {
        ui?.nodes?.first { $0.attributes.name == "password" }?.messages?.first?.text
    }
}
