import ArgumentParser
import WireProtocol

/// A command that changes one account.
protocol ChangeUser: AsyncParsableCommand {
    var account: AccountArgument { get }
    var change: UserChange { get }
    var outcome: String { get }
}

extension ChangeUser {
    func run() async throws {
        let (account, change, outcome) = (account.text, change, outcome)
        try await Console.run { console in
            let user = try await console.user(account)
            _ = try await console.administration.change(user, change, by: nil, from: console.origin)
            print("\(user.email) \(outcome)")
        }
    }
}

struct AccountArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The e-mail address or the id.", valueName: "account"))
    var text: String
}

struct DisableUser: ChangeUser {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Disable an account; its sessions end within seconds.")

    @OptionGroup var account: AccountArgument

    var change: UserChange { UserChange(isDisabled: true) }
    var outcome: String { "is disabled" }
}

struct EnableUser: ChangeUser {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let a disabled account log in again.")

    @OptionGroup var account: AccountArgument

    var change: UserChange { UserChange(isDisabled: false) }
    var outcome: String { "is enabled" }
}

struct ChangeRole: ChangeUser {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Give an account another role; tokens with the old one end within seconds.")

    @OptionGroup var account: AccountArgument

    @Argument(help: "\(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
    var role: Role

    var change: UserChange { UserChange(role: role) }
    var outcome: String { "is a \(role.rawValue)" }
}
