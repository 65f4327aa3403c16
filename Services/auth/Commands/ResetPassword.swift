import ArgumentParser

struct ResetPassword: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-password", abstract: "Set another password; every session of the account ends.",
        discussion: "Its owner is told by mail that it was changed, not what it is.")

    @OptionGroup var account: AccountArgument
    @OptionGroup var source: PasswordSource

    func run() async throws {
        try await Console.run { console in
            let user = try await console.user(account.text)
            let password = try source.password(for: user.email)
            try await console.administration.setPassword(of: user, to: password.text, from: console.origin)
            print("\(user.email) has another password")
            password.tell()
        }
    }
}
