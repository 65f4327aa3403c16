import JWTKit
import Logging
import Metrics
import ServiceKit
import WireProtocol

/// Keeps what this replica knows of keys and revocations level with the database.
actor TokenState {
    private let store: any TokenStateStore
    private let ring: SigningKeyRing
    private let verifier: TokenVerifier
    private let logger: Logger
    private let inForce = Meter(label: "auth_revocations")
    private var running: Task<Void, any Error>?
    private var waiting: Task<Void, any Error>?

    init(store: any TokenStateStore, ring: SigningKeyRing, verifier: TokenVerifier, logger: Logger) {
        self.store = store
        self.ring = ring
        self.verifier = verifier
        self.logger = logger
    }

    /// Returns when everything that was in the database before the call is in force here.
    ///
    /// One reading runs at a time, so that an older one never overtakes a newer; whoever comes meanwhile shares the
    /// next one.
    func refresh() async throws {
        if let waiting { return try await waiting.value }
        let previous = running
        let task = Task {
            _ = await previous?.result
            try await self.load()
        }
        waiting = task
        try await task.value
    }

    /// To be called after a change that is in the database already: it can't fail any more. Should the reading fail,
    /// the next one, within a second, makes up for it.
    func follow() async {
        do {
            try await refresh()
        } catch {
            logger.warning("the revocations could not be read again", metadata: ["error": "\(error)"])
        }
    }

    private func load() async throws {
        running = waiting
        waiting = nil
        let keys = try await store.signingKeys()
        let known = ring.keys
        if !keys.elementsEqual(known, by: { $0.schedule == $1.schedule }) {
            try await ring.use(keys)
            try verifier.use(JWKS(keys: keys.map(\.publicKey)))
        }
        let revocations = try await store.revocations()
        verifier.use(RevocationList(revocations: revocations))
        inForce.set(revocations.count)
    }
}

extension SigningKey {
    /// All that may change of a key, and which it is.
    fileprivate var schedule: [AnyHashable] { [id, activeAt, retiredAt] }

    fileprivate var publicKey: JWK {
        .ecdsa(
            .es256, identifier: JWKIdentifier(string: id), x: publicPoint.x, y: publicPoint.y, curve: .p256)
    }
}
