import ArgumentParser

/// What an operator does to accounts, without an account of the operator's own: the same rules hold as for the API, and
/// the audit log tells of each change, as from `console`.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "List, make and change accounts.",
        discussion: "Passwords are asked for, read from standard input or generated; never arguments.",
        subcommands: [
            ListUsers.self, CreateUser.self, DisableUser.self, EnableUser.self, ChangeRole.self, ResetPassword.self,
        ])
}

/// Why a command did nothing: told on standard error, with exit code 1.
struct CommandRefused: Error, CustomStringConvertible {
    let description: String
}
