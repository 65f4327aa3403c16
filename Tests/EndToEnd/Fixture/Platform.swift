import Foundation

/// What is under test, as its users reach it.
struct Platform: Sendable {
    enum Service: String, CaseIterable {
        case auth, content, media, analytics, gateway

        static let withData: [Service] = [.auth, .content, .media, .analytics]
    }

    /// One that is up already, such as a Compose stack. It must have the demonstration data's accounts, and is written to.
    static let elsewhere = ProcessInfo.processInfo.environment["TEST_PLATFORM_URL"]
        .flatMap { $0.isEmpty ? nil : Platform(url: $0) }

    /// The platform that the suite calls.
    static var current: Platform {
        get throws { try elsewhere ?? Platform(url: LocalPlatform.current.url(of: .gateway)) }
    }

    /// Where its gateway listens.
    let url: String

    /// Where a service itself listens if its process is in reach, and the gateway otherwise.
    func url(nearest service: Service) -> String { LocalPlatform.running?.url(of: service) ?? url }

    /// A caller without a token, through the gateway.
    var visitor: APIClient { APIClient(base: url) }
}
