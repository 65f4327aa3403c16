import ArgumentParser
import AsyncHTTPClient
import FoundationEssentials
import NIOCore

struct HealthcheckCommand<Service: LyceumService>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "healthcheck",
            abstract: "Ask the running service on this host whether it can serve; exit with 1 when it can't.",
            discussion: """
                For containers and supervisors: it needs no other program, and the same environment as serve. A service that is \
                degraded, since something is missing that it does most of its work without, can serve.
                """)
    }

    @Flag(help: "Only whether the process answers, whatever becomes of what it depends on.")
    var live = false

    func run() async throws {
        var reader = SettingsReader(environment: ProcessInfo.processInfo.environment)
        // What else may be wrong in the settings is for `serve` to tell.
        let address = Service.Settings(from: &reader).operationsAddress
        let url = "\(address.urlFromHere)/\(live ? "health" : "ready")"
        do {
            let response = try await HTTPClient.shared.execute(HTTPClientRequest(url: url), timeout: .seconds(3))
            let body = try await response.body.collect(upTo: 65_536)
            print("\(url): \(response.status.code) \(String(buffer: body))")
            guard response.status == .ok else { throw ExitCode.failure }
        } catch let error where !(error is ExitCode) {
            print("\(url): \(error)")
            throw ExitCode.failure
        }
    }
}
