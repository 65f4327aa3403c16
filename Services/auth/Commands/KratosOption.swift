import ArgumentParser
import Logging

/// Which Kratos a command is about.
struct KratosOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where it listens, like IDENTITY_URL, which is taken without this option.",
            valueName: "kratos+http://…?admin=http://…"))
    var url: String?

    func admin(_ settings: Settings, logger: Logger) throws -> KratosAdmin {
        guard let address = url.map(KratosAddress.init) ?? settings.kratos else {
            throw ValidationError(
                "--url or IDENTITY_URL must be like kratos+http://kratos:4433?admin=http://kratos:4434")
        }
        return KratosAdmin(client: KratosClient(address, logger: logger))
    }
}
