import ArgumentParser
import ServiceKit
import WireProtocol

struct CreateUser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an account.",
        discussion: "With --no-password nobody can log in until its owner has asked for a new password by mail.")

    @Argument(help: "The e-mail address.")
    var email: String

    @Option(help: "\(Role.allCases.map(\.rawValue).joined(separator: ", ")).")
    var role = Role.student

    @Option(help: "The display name.")
    var name: String?

    @Option(help: "The language of mails, such as de or pt-BR.")
    var locale: String?

    @Flag(help: "Set no password.")
    var noPassword = false

    @OptionGroup var source: PasswordSource

    func validate() throws {
        if noPassword, source.isGiven { throw ValidationError("--no-password goes with no other password") }
        guard EmailAddress(email) != nil else { throw ValidationError("\(email) is no e-mail address") }
        if let locale, LanguageTag(locale) == nil { throw ValidationError("\(locale) is no language tag") }
        var validation = Validation()
        validation.displayName(name)
        if let error = validation.errors.first { throw ValidationError("--name \(error.message)") }
    }

    func run() async throws {
        guard let address = EmailAddress(email) else { return }
        let password = noPassword ? nil : try source.password(for: email)
        try await Console.run { console in
            let user = try await console.administration.create(
                address, password: password?.text,
                Profile(displayName: name, locale: locale.flatMap { LanguageTag($0) }), role: role, by: nil,
                from: console.origin)
            print("\(user.email) has the id \(user.id) and is a \(user.role.rawValue)")
            password?.tell()
        }
    }
}
