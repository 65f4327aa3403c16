import NIOCore
import NIOPosix
import NIOSSL
import ServiceKit

/// Opens connections: TCP, TLS where asked for, handshake, HELLO and LOGON.
struct BoltDialler: Sendable {
    /// As servers list it.
    static let userAgent = "lyceum-content/1"

    private let options: BoltOptions
    private let tls: NIOSSLContext?
    private let group: any EventLoopGroup
    private let resolver = HostResolver()

    init(_ options: BoltOptions, on group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) throws {
        self.options = options
        self.group = group
        switch options.url.encryption {
        case .none: tls = nil
        case .verified:
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.trustRoots = options.trustRoots
            tls = try NIOSSLContext(configuration: configuration)
        case .unverified:
            var configuration = TLSConfiguration.makeClientConfiguration()
            configuration.certificateVerification = .none
            tls = try NIOSSLContext(configuration: configuration)
        }
    }

    /// - Throws: ``BoltError``; what the server says against HELLO or LOGON is a ``BoltError/server(_:)``.
    func open(_ address: BoltAddress) async throws -> BoltConnection {
        let (channel, version) = try await connect(address)
        let connection = BoltConnection(channel: channel, version: version, address: address)
        do {
            _ = try await connection.exchange(greeting(version))
            return connection
        } catch {
            connection.close()
            throw error
        }
    }

    private func connect(_ address: BoltAddress) async throws -> (any Channel, BoltVersion) {
        let loop = group.next()
        let outcome = loop.makePromise(of: BoltVersion.self)
        let (tls, timeout) = (tls, options.answerTimeout)
        do {
            let dial = { @Sendable (peer: SocketAddress) in
                ClientBootstrap(group: loop)
                    .connectTimeout(TimeAmount(options.connectTimeout))
                    .channelOption(.socketOption(.so_keepalive), value: 1)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture {
                            if let tls {
                                try channel.pipeline.syncOperations.addHandler(Self.tlsHandler(tls, for: address))
                            }
                            try channel.pipeline.syncOperations.addHandler(
                                BoltHandshakeHandler(outcome: outcome) { version in
                                    BoltChannelHandler(version: version, answerTimeout: timeout)
                                })
                        }
                    }
                    .connect(to: peer)
            }
            let attempt = resolver.addresses(of: address.host, port: address.port, on: loop)
                .flatMap { Self.firstOf($0, on: loop, dial) }
            let channel = try await arrival(of: attempt, on: loop)
            let patience = loop.scheduleTask(in: TimeAmount(options.connectTimeout)) {
                outcome.fail(BoltError.connection("\(address) does not answer the handshake"))
                channel.close(promise: nil)
            }
            outcome.futureResult.whenComplete { _ in patience.cancel() }
            let version = try await withTaskCancellationHandler {
                try await outcome.futureResult.get()
            } onCancel: {
                channel.close(promise: nil)
            }
            return (channel, version)
        } catch {
            outcome.fail(error)
            try Task.checkCancellation()
            throw error as? BoltError ?? .connection("\(address): \(error)")
        }
    }

    /// The first that can be connected to, asked in turn.
    private static func firstOf(
        _ addresses: [SocketAddress], on loop: any EventLoop,
        _ dial: @escaping @Sendable (SocketAddress) -> EventLoopFuture<any Channel>
    ) -> EventLoopFuture<any Channel> {
        let none: EventLoopFuture<any Channel> = loop.makeFailedFuture(BoltError.connection("the name has no address"))
        return addresses.reduce(none) { attempt, address in attempt.flatMapError { _ in dial(address) } }
    }

    /// Looking up a name and TCP's handshake can't be stopped: who is cancelled, or has waited long enough, goes without.
    private func arrival(of attempt: EventLoopFuture<any Channel>, on loop: any EventLoop) async throws -> any Channel {
        let arrival = loop.makePromise(of: (any Channel).self)
        let giveUp = { @Sendable (error: any Error) in
            arrival.fail(error)
            attempt.whenSuccess { $0.close(promise: nil) }
        }
        let patience = loop.scheduleTask(in: TimeAmount(options.connectTimeout)) {
            giveUp(BoltError.connection("no connection within \(options.connectTimeout)"))
        }
        attempt.whenComplete { _ in patience.cancel() }
        attempt.cascade(to: arrival)
        return try await withTaskCancellationHandler {
            try await arrival.futureResult.get()
        } onCancel: {
            giveUp(CancellationError())
        }
    }

    private static func tlsHandler(_ context: NIOSSLContext, for address: BoltAddress) throws -> NIOSSLClientHandler {
        do {
            return try NIOSSLClientHandler(context: context, serverHostname: address.host)
        } catch let error as NIOSSLExtraError where error == .cannotUseIPAddressInSNI {
            return try NIOSSLClientHandler(context: context, serverHostname: nil)
        }
    }

    /// Before 5.1 the credentials are a part of HELLO.
    private func greeting(_ version: BoltVersion) -> [BoltRequest] {
        var hello: BoltMap = ["user_agent": .string(Self.userAgent)]
        if options.url.isRouted { hello["routing"] = .map(options.url.boltRoutingContext) }
        if version.wantsBoltAgent {
            hello["bolt_agent"] = .map(["product": .string(Self.userAgent), "platform": "Linux", "language": "Swift/6"])
        }
        guard !version.hasLogon else { return [.hello(hello), .logon(authentication)] }
        hello.merge(authentication) { own, _ in own }
        return [.hello(hello)]
    }

    private var authentication: BoltMap {
        guard let credentials = options.url.credentials else { return ["scheme": "none"] }
        return [
            "scheme": "basic", "principal": .string(credentials.user), "credentials": .string(credentials.password),
        ]
    }
}
