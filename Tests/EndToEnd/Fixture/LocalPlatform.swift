import Foundation
import Testing

/// The whole platform in a folder and on ports of its own: the real binaries, started and stopped by the scripts
/// behind `make start`.
struct LocalPlatform: Sendable {
    typealias Service = Platform.Service

    @TaskLocal static var running: LocalPlatform?

    /// The platform that the suite runs in.
    static var current: LocalPlatform {
        get throws { try #require(running, "only suites inside EndToEnd have a platform") }
    }

    let folder: URL
    let firstPort: Int

    static func start() async throws -> LocalPlatform {
        let folder = Workspace.root.appending(path: ".local/test/end-to-end")
        let ports = try await Command(
            "/bin/bash", "-c", "source deploy/native/lib.sh && free_port_base 7"
        ).output()
        let platform = LocalPlatform(folder: folder, firstPort: try #require(Int(ports)))
        // What a run that was killed left behind.
        if FileManager.default.fileExists(atPath: folder.path) {
            try await platform.script("stop")
            try FileManager.default.removeItem(at: folder)
        }
        try await platform.script("start")
        return platform
    }

    func stop() async throws {
        try await script("stop")
    }

    /// Starts services that don't run, with `settings` over their usual ones; returns when they can serve.
    func start(_ services: Service..., settings: [String: String] = [:]) async throws {
        try await script(["start"] + services.map(\.rawValue), settings)
    }

    /// SIGTERM; returns when they have ended.
    func stop(_ services: Service...) async throws {
        try await script(["stop"] + services.map(\.rawValue))
    }

    /// SIGKILL, in the middle of whatever it does.
    func kill(_ service: Service) throws {
        Glibc.kill(try processID(of: service), SIGKILL)
    }

    /// SIGTERM, without waiting.
    func terminate(_ service: Service) throws {
        Glibc.kill(try processID(of: service), SIGTERM)
    }

    func processID(of service: Service) throws -> pid_t {
        let text = try String(contentsOf: folder.appending(path: "run/\(service.rawValue).pid"), encoding: .utf8)
        return try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    /// Whether it takes a connection and answers on it at once.
    func answers(_ service: Service) async throws -> Bool {
        try await Command("curl", "-sf", "-m", "1", "-o", "/dev/null", url(of: service) + "/health").run().status == 0
    }

    /// The most that a service has held in memory since its start, in bytes (`VmHWM` of proc(5)).
    func highestMemory(of service: Service) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(processID(of: service))/status", encoding: .utf8)
        return try #require(status.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int($0.1) }) * 1024
    }

    static func isAlive(_ processID: pid_t) -> Bool { Glibc.kill(processID, 0) == 0 }

    /// Takes PostgreSQL down as a crash would, and starts it again.
    func crashDatabase() async throws {
        try await databaseScript("kill")
        try await databaseScript("start")
    }

    /// One value that PostgreSQL answers, as text.
    func query(_ sql: String, in database: String = "lyceum") async throws -> String {
        try await databaseScript("psql", database, "-c", sql)
    }

    func url(of service: Service) -> String { "http://127.0.0.1:\(port(of: service))" }

    private func port(of service: Service) -> Int {
        firstPort + ([.gateway, .auth, .content, .media, .analytics].firstIndex(of: service) ?? 0)
    }

    /// What tells a service's own commands where it listens.
    func operationsPorts(of service: Service) -> [String: String] {
        ["PORT": String(port(of: service)), "METRICS_PORT": String(firstPort + 6)]
    }

    var visitor: APIClient { Platform(url: url(of: .gateway)).visitor }

    /// What the service has logged since it was started.
    func log(of service: Service) throws -> String {
        try String(contentsOf: folder.appending(path: "logs/\(service.rawValue).log"), encoding: .utf8)
    }

    /// A value that the platform's folder keeps, such as a password.
    func secret(_ name: String) throws -> String {
        let lines = try String(contentsOf: folder.appending(path: "env"), encoding: .utf8).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix(name + "=") })
        return String(line.dropFirst(name.count + 1))
    }

    /// What one of auth's commands prints.
    func auth(_ arguments: String...) async throws -> String {
        try await command(of: .auth, arguments).output()
    }

    /// One of a service's own commands, on the platform's database.
    func command(of service: Service, _ arguments: [String], settings: [String: String] = [:]) throws -> Command {
        let password = try secret("\(service.rawValue.uppercased())_DATABASE_PASSWORD")
        let usual = [
            "DATABASE_URL": "postgres://\(service.rawValue):\(password)@127.0.0.1:\(firstPort + 5)/lyceum",
            "INTERNAL_SECRET": try secret("INTERNAL_SECRET"),
        ]
        return Command(service.program, arguments, environment: usual.merging(settings) { _, new in new })
    }

    @discardableResult
    func databaseScript(_ arguments: String...) async throws -> String {
        try await Command("deploy/native/postgres.sh", arguments, environment: environment).output()
    }

    private func script(_ arguments: String...) async throws {
        try await script(arguments)
    }

    private func script(_ arguments: [String], _ settings: [String: String] = [:]) async throws {
        let environment = environment.merging(settings) { _, new in new }
        _ = try await Command("deploy/native/platform.sh", arguments, environment: environment).output()
    }

    private var environment: [String: String] {
        [
            "LYCEUM_DATA": folder.path, "LYCEUM_PORT_BASE": String(firstPort),
            "LYCEUM_BINARIES": Workspace.products.path, "LOG_LEVEL": "info",
        ]
    }
}
