import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Testing
import WireProtocol

/// The stand-in for Ory Kratos of `Tests/KratosStandIn`, started once for all tests. It ends with the process, which
/// alone holds its standard input open.
struct KratosStandIn: Sendable {
    enum Flow: String {
        case login, registration, settings
    }

    enum Fault {
        /// The flow has run out; Kratos has begun another.
        case expired
        case status(Int)
    }

    /// A Python with what `contract.py` needs, which `make test` installs.
    static let python = ProcessInfo.processInfo.environment["TEST_PYTHON"]
    static let isAvailable = python != nil
    private static let start = Task.detached { try await launch() }
    static var running: KratosStandIn {
        get async throws { try await start.value }
    }

    let open: Int
    let admin: Int
    private let input: Pipe

    var url: String { "kratos+http://127.0.0.1:\(open)?admin=http://127.0.0.1:\(admin)" }

    /// What was asked or answered outside Kratos's contract.
    func violations() async throws -> JSONValue {
        try await call("/stand-in/violations")
    }

    /// How many sessions an identity has open at Kratos.
    func sessions(of identity: String) async throws -> JSONValue {
        try await call("/stand-in/sessions?identity=\(identity)")
    }

    /// Lets the next such flow of an account end in a fault.
    func fail(_ flow: Flow, of account: String, with fault: Fault) async throws {
        let fault: JSONValue =
            switch fault {
            case .expired: "expired"
            case .status(let code): .integer(Int64(code))
            }
        _ = try await call(
            "/stand-in/faults", .POST,
            .object(["flow": .string(flow.rawValue), "account": .string(account), "fault": fault]))
    }

    /// As an administrator of Kratos does, beside auth.
    func call(_ path: String, _ method: HTTPMethod = .GET, _ body: JSONValue? = nil) async throws -> JSONValue {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(admin)\(path)")
        request.method = method
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try WireJSON.encode(body)))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let text = Data(try await response.body.collect(upTo: 1 << 20).readableBytesView)
        try #require(response.status.code < 300, "\(path): \(String(decoding: text, as: UTF8.self))")
        return text.isEmpty ? .null : try WireJSON.decode(JSONValue.self, from: text)
    }

    /// Another one, for whoever needs to know all that is in it; it ends when it is let go of.
    static func launch() async throws -> KratosStandIn {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../KratosStandIn/stand_in.py")
        let process = Process()
        process.executableURL = URL(filePath: try #require(python))
        process.arguments = [script.standardized.path]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let line = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: firstLine(output.fileHandleForReading)) }
        }
        let ports = line.split(separator: " ").compactMap { Int($0) }
        try #require(ports.count == 2, "the stand-in did not start: \(line)")
        return KratosStandIn(open: ports[0], admin: ports[1], input: input)
    }

    private static func firstLine(_ file: FileHandle) -> String {
        var text = Data()
        while !text.contains(UInt8(ascii: "\n")) {
            let more = file.availableData
            if more.isEmpty { break }
            text += more
        }
        return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

/// Where accounts are kept.
enum Keeper: String, CaseIterable, Sendable {
    case auth, kratos

    static let available = allCases.filter { $0 == .auth || KratosStandIn.isAvailable }
}

/// Runs `body` with a service whose accounts are kept there. For Kratos, every call must keep to its contract.
func withAuth(
    keptBy keeper: Keeper, _ environment: [String: String] = [:], _ body: @Sendable (AuthFixture) async throws -> Void
) async throws {
    guard keeper == .kratos else { return try await withAuth(environment, body) }
    let kratos = try await KratosStandIn.running
    try await withAuth(environment.merging(["IDENTITY_URL": kratos.url]) { $1 }, body)
    #expect(try await kratos.violations() == .array([]))
}
