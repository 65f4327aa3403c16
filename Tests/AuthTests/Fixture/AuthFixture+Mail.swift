import Foundation
import ServiceKitTesting
import Testing
import WireProtocol

@testable import Auth

/// A mail as the folder transport left it.
struct WrittenMail: Sendable {
    let source: String

    /// The text with its encoding undone as far as links need it.
    var plain: String { source.replacing("=\r\n", with: "").replacing("=3D", with: "=") }

    var token: String? {
        plain.firstMatch(of: /#token=([A-Za-z0-9_-]{43})/).map { String($0.1) }
    }
}

extension AuthFixture {
    var mailFolder: String {
        guard case .folder(let path) = settings.mail.route else { return "" }
        return path
    }

    /// What was mailed to `email` with `path` in its link, in no order.
    func written(to email: String, _ path: String) throws -> [WrittenMail] {
        guard FileManager.default.fileExists(atPath: mailFolder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: mailFolder).filter { $0.hasSuffix(".eml") }
            .map { WrittenMail(source: try String(contentsOfFile: "\(mailFolder)/\($0)", encoding: .utf8)) }
            .filter { $0.source.contains("\r\nTo: \(email)\r\n") && $0.plain.contains(path) }
    }

    /// The one mail to `email` with `path` in its link, once it is there, and not noted as `known`.
    func mail(to email: String, _ path: String, after known: [String] = []) async throws -> WrittenMail {
        try await eventually { try unknown(to: email, path, known).first != nil }
        return try #require(try unknown(to: email, path, known).first)
    }

    private func unknown(to email: String, _ path: String, _ known: [String]) throws -> [WrittenMail] {
        try written(to: email, path).filter { !known.contains($0.token ?? "") }
    }

    func forgot(_ email: String, from address: String = "203.0.113.5") async throws -> Answer {
        try await post("/auth/password/forgot", ["email": .string(email)], from: address)
    }

    func reset(_ token: String?, _ password: String = "eight white swans") async throws -> Answer {
        try await post(
            "/auth/password/reset", ["token": .string(token ?? ""), "password": .string(password)])
    }

    func verify(_ token: String?) async throws -> Answer {
        try await post("/auth/email/verify", ["token": .string(token ?? "")])
    }

    /// A token from a mail about a forgotten password.
    func resetToken(_ email: String, after known: [String] = []) async throws -> String {
        try #require(try await forgot(email).status == .accepted)
        return try #require(try await mail(to: email, "/reset-password", after: known).token)
    }

    /// Returns once all mails that were ordered are out.
    func mailQueueIsEmpty() async throws {
        try await eventually { try await count("SELECT count(*) FROM mails") == 0 }
    }

    /// Lets every delivery fail from now on: where the folder was, there is a file.
    func breakMailFolder() throws {
        try FileManager.default.removeItem(atPath: mailFolder)
        _ = FileManager.default.createFile(atPath: mailFolder, contents: nil)
    }
}

func removeMails(_ settings: Settings) throws {
    guard case .folder(let path) = settings.mail.route, FileManager.default.fileExists(atPath: path) else { return }
    try FileManager.default.removeItem(atPath: path)
}
