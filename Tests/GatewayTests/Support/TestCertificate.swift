import Foundation
import ServiceKitTesting

/// A certificate for 127.0.0.1 with its key, made for one test.
struct TestCertificate: Sendable {
    struct NotMade: Error {}

    let chain: URL
    let key: URL

    /// - Throws: ``NotMade`` where openssl does not make one.
    init() async throws {
        let folder = URL.temporaryDirectory.appending(path: "certificate-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        chain = folder.appending(path: "chain.pem")
        key = folder.appending(path: "key.pem")
        let arguments =
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
            + ["-subj", "/CN=\(UUID())", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key.path()]
            + ["-out", chain.path()]
        let process = Process("/usr/bin/openssl", arguments)
        process.standardError = FileHandle.nullDevice
        guard try await process.start().status() == 0 else { throw NotMade() }
    }

    var environment: [String: String] { ["TLS_CERTIFICATE": chain.path(), "TLS_KEY": key.path()] }

    func copy(over other: TestCertificate) throws {
        try Data(contentsOf: key).write(to: other.key)
        try Data(contentsOf: chain).write(to: other.chain)
    }
}
