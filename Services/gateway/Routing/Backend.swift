/// A service behind the gateway.
enum Backend: Int, Sendable, CaseIterable {
    case auth, content, media, analytics

    var name: String {
        switch self {
        case .auth: "auth"
        case .content: "content"
        case .media: "media"
        case .analytics: "analytics"
        }
    }

    /// Without an instance of these the platform is down: nobody can log in, nothing can be read.
    var isVital: Bool { self == .auth || self == .content }
}
