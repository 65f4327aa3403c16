import Logging
import NIOCore
import ServiceKit
import WireProtocol

/// The files of the platform: their bytes in the store, and what is known of them in the catalogue, in the one order
/// that loses nothing: bytes first and for certain, then the row; the row first, then the bytes when they go.
struct MediaLibrary: Sendable {
    let catalogue: any MediaCatalogue
    let objects: any ObjectStore
    let rules: Intake.Rules
    let logger: Logger

    /// - Throws: ``MediaError/notFound`` also for what `caller` may not see.
    func item(_ id: Identifier, for caller: Caller?) async throws -> MediaItem {
        guard let item = try await catalogue.item(id), item.isVisible(to: caller) else { throw MediaError.notFound }
        return item
    }

    /// - Throws: ``MediaError/notFound``, ``MediaError/notOwned``.
    func ownItem(_ id: Identifier, for caller: Caller) async throws -> MediaItem {
        let item = try await item(id, for: caller)
        guard item.isOwned(by: caller) else { throw MediaError.notOwned }
        return item
    }

    /// Starts to take a file in.
    func deposit() async throws -> Deposit {
        let key = ObjectKey()
        return Deposit(key: key, writer: try await objects.writer(for: key), intake: Intake(rules))
    }

    /// Makes a file known whose bytes are in the store. When that fails the bytes go, unless it may have succeeded all
    /// the same: then they stay, for maintenance to decide.
    func add(_ new: NewMedia) async throws -> Addition {
        do {
            let addition = try await catalogue.add(new)
            if case .repeated = addition { await discard(new.file.key) }
            return addition
        } catch let error as CatalogueOutcomeUnknown {
            throw error
        } catch {
            await discard(new.file.key)
            throw error
        }
    }

    /// Removes bytes that nothing refers to, even in a cancelled task. If the store fails here, maintenance finds them.
    func discard(_ key: ObjectKey) async {
        await Task { [objects, logger] in
            do {
                try await objects.remove(key)
            } catch {
                logger.warning(
                    "an object without a row stays until maintenance",
                    metadata: ["key": "\(key.rawValue)", "error": "\(error)"])
            }
        }.value
    }
}

/// The answer to a commit got lost: the row may be there or not.
struct CatalogueOutcomeUnknown: Error {
    let cause: any Error
}
