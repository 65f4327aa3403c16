import ArgumentParser
import AsyncHTTPClient
import Hummingbird
import Logging
import NIOPosix
import ServiceKit

@main
enum GatewayService: LyceumService {
    static let name = "gateway"
    static let summary = "The one public port: routes, verifies tokens, limits, balances and proxies."
    static var commands: [any ParsableCommand.Type] { [HoldPortCommand.self] }

    static func application(_ settings: Settings, logger: Logger) async throws -> any ApplicationProtocol {
        try await Gateway(settings, logger: logger).application
    }
}
