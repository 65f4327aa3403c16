import ServiceKit

extension MediaItem {
    /// Whether `caller` (`nil`: somebody without a token) may know of this file and read it.
    func isVisible(to caller: Caller?) -> Bool {
        if let caller, caller.userID == ownerID || caller.role >= .teacher { return true }
        guard status == .available else { return false }
        switch details.visibility {
        case .public: return true
        case .authenticated: return caller != nil
        case .private: return false
        }
    }

    /// Whether `caller` may change or delete it.
    func isOwned(by caller: Caller) -> Bool {
        caller.userID == ownerID || caller.role == .admin
    }
}
