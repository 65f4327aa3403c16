import FoundationEssentials
import Logging
import NIOConcurrencyHelpers
import NIOSSL
import ServiceKit

/// The certificate that new connections are served with. It is looked at again every few seconds, so that whoever renews
/// it need tell nobody; one that can't be read, or does not fit its key, is refused and the old one stays.
final class ServerCertificate: Sendable {
    private struct State {
        var context: NIOSSLContext
        var contents: [Data]
    }

    private let settings: TLSSettings
    private let logger: Logger
    private let state: NIOLockedValueBox<State>

    /// - Throws: what keeps the files from being read, or used together.
    init(_ settings: TLSSettings, logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        let contents = try Self.read(settings)
        state = NIOLockedValueBox(State(context: try Self.context(of: contents), contents: contents))
    }

    var context: NIOSSLContext { state.withLockedValue { $0.context } }

    func watch(every interval: Duration) -> RecurringWork {
        RecurringWork(
            every: interval, whenFailing: "the certificate can't be used; the one before stays", logger: logger,
            lookAgain)
    }

    /// - Throws: what keeps the files from being read, or used together.
    @Sendable func lookAgain() throws {
        let contents = try Self.read(settings)
        guard contents != state.withLockedValue({ $0.contents }) else { return }
        let context = try Self.context(of: contents)
        state.withLockedValue { $0 = State(context: context, contents: contents) }
        logger.notice("certificate read again", metadata: ["file": "\(settings.certificates)"])
    }

    private static func read(_ settings: TLSSettings) throws -> [Data] {
        try [settings.certificates, settings.key].map { try Data(contentsOf: URL(filePath: $0)) }
    }

    private static func context(of contents: [Data]) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMBytes(Array(contents[0])).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = try NIOSSLPrivateKey(bytes: Array(contents[1]), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
