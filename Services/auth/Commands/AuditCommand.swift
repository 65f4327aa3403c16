import ArgumentParser
import FoundationEssentials
import Glibc
import WireProtocol

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Print who did what, when, from where; the newest last.",
        discussion: """
            One a line: time, action, then actor, target, address and request id where known, and details as JSON. \
            With --json each line is an object, as GET /auth/audit has them.
            """)

    @Option(help: "Only what was done by this account: its e-mail address or id.")
    var actor: String?

    @Option(help: "Only what was done to this account: its e-mail address or id.")
    var target: String?

    @Option(help: "Only this action, such as session.login_failed.")
    var action: AuditAction?

    @Option(name: .shortAndLong, help: "How many of the newest to begin with.")
    var lines = 20

    @Flag(name: .shortAndLong, help: "Go on with what comes, until Ctrl-C.")
    var follow = false

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (0...100_000).contains(lines) else { throw ValidationError("--lines must be from 0 to 100000") }
    }

    func run() async throws {
        try await Console.run { console in
            var filter = AuditFilter(action: action)
            if let actor { filter.actor = try await console.user(actor).id }
            if let target { filter.target = try await console.user(target).id }
            let newest = try await console.audit.records(filter, limit: max(lines, 100), before: nil)
            for record in newest.prefix(lines).reversed() { try show(record) }
            guard follow else { return }
            var follower = AuditFollower(seen: newest)
            while true {
                try await Task.sleep(for: .milliseconds(500))
                var last: Int? = follower.floor
                while let after = last {
                    let records = try await console.audit.records(filter, after: after, limit: 1_000)
                    for record in follower.new(records, at: Date()) { try show(record) }
                    last = records.count == 1_000 ? records.last?.id : nil
                }
            }
        }
    }

    private func show(_ record: AuditRecord) throws {
        print(json ? String(decoding: try WireJSON.encode(RecordAnswer(record)), as: UTF8.self) : try record.line)
        // Whoever reads a pipe is to have each line at once.
        fflush(nil)
    }
}

extension AuditRecord {
    fileprivate var line: String {
        get throws {
            var words = [Timestamp.text(of: at), action]
            if let actor { words.append("actor=\(actor)") }
            if let target { words.append("target=\(target)") }
            if let address { words.append("ip=\(address)") }
            if let requestID { words.append("request=\(requestID)") }
            if !detail.isEmpty { words.append(String(decoding: try WireJSON.encode(detail), as: UTF8.self)) }
            return words.joined(separator: " ")
        }
    }
}

extension AuditAction: ExpressibleByArgument {}
