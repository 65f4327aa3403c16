import Foundation
import NIOCore
import ServiceKitTesting

@testable import Gateway

/// `gateway hold-port` as a process of its own.
struct HolderProcess: Sendable {
    /// For `PORT_HOLDER`.
    let path: String
    let address: SocketAddress
    let processID: pid_t
    private let ended: ProcessEnd

    /// A path for a Unix socket in a folder of its own, which must be short.
    static func path() throws -> String {
        let folder = "/tmp/port-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return "\(folder)/port.sock"
    }

    /// - Parameter port: 0 takes a free one.
    static func start(at path: String, port: Int = 0) async throws -> HolderProcess {
        let log = URL(filePath: path).deletingLastPathComponent().appending(path: "\(UUID()).log")
        try Data().write(to: log)
        let process = process(at: path, port: port)
        process.standardError = try FileHandle(forWritingTo: log)
        let ended = try process.start()
        let address: @Sendable () throws -> SocketAddress? = {
            let text = try String(contentsOf: log, encoding: .utf8)
            guard let port = text.firstMatch(of: /"holding".*127\.0\.0\.1:(\d+)"/).flatMap({ Int($0.1) }) else {
                return nil
            }
            return try SocketAddress(ipAddress: "127.0.0.1", port: port)
        }
        try await eventually { try address() != nil }
        guard let found = try address() else { throw TestConnection.Ended() }
        return HolderProcess(path: path, address: found, processID: process.processIdentifier, ended: ended)
    }

    /// Not started.
    static func process(at path: String, port: Int = 0, _ arguments: [String] = []) -> Process {
        let process = Process(GatewayProcess.program.path(), ["hold-port"] + arguments)
        process.environment = ["HOST": "127.0.0.1", "PORT": "\(port)", "PORT_HOLDER": path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        return process
    }

    /// - Returns: the status with which it has ended.
    @discardableResult
    func end(_ signal: CInt = SIGTERM) async -> Int32 {
        kill(processID, signal)
        return await ended.status()
    }
}
