import ArgumentParser
import WireProtocol

struct ListUsers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract:
            "Print accounts by e-mail, one a line: id, e-mail, role, enabled or disabled, display name; with tabs.")

    @Option(help: "Only those of this role: \(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
    var role: Role?

    @Option(name: .customLong("q"), help: "Only those with this in the e-mail address or display name.")
    var text: String?

    func run() async throws {
        try await Console.run { console in
            let filter = UserFilter(text: text, role: role)
            var last: String?
            repeat {
                let users = try await console.administration.directory.users(filter, limit: 100, after: last)
                for user in users.prefix(100) { print(user.line) }
                last = users.count > 100 ? users[99].email : nil
            } while last != nil
        }
    }
}

extension User {
    fileprivate var line: String {
        [
            id.description, email, role.rawValue, isDisabled ? "disabled" : "enabled",
            // A name may hold what would look like another line or column.
            displayName?.split(whereSeparator: \.isWhitespace).joined(separator: " ") ?? "",
        ].joined(separator: "\t")
    }
}

extension Role: ExpressibleByArgument {}
