import FoundationEssentials
import ServiceKit

/// What to do with a refresh token that is presented, given what is known of it. All the rules of rotation are here.
enum RefreshDecision: Equatable {
    /// First use: a successor takes its place.
    case rotate
    /// Used within the time of grace, as two tabs do, or a client that did not get the answer: the same successor.
    case repeatSuccessor(nonce: [UInt8])
    /// Used long ago: somebody has a copy, so nobody may go on with this session.
    case revokeSession
    /// Expired, or its session or account ended.
    case refuse

    /// A refresh token as it is kept, with the state of its session and account.
    struct Facts: Equatable {
        var expiresAt: Date
        var usedAt: Date?
        var successorNonce: [UInt8]?
        /// Neither logged out nor disabled, nor opened without the second factor that the role needs by now.
        var isSessionLive: Bool
    }

    init(_ facts: Facts, at now: Date, grace: Duration) {
        guard facts.isSessionLive, now < facts.expiresAt else {
            self = .refuse
            return
        }
        guard let usedAt = facts.usedAt else {
            self = .rotate
            return
        }
        let isWithinGrace = now.timeIntervalSince(usedAt) <= grace.seconds
        if isWithinGrace, let nonce = facts.successorNonce {
            self = .repeatSuccessor(nonce: nonce)
        } else {
            self = .revokeSession
        }
    }
}
