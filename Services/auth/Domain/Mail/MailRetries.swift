/// When a mail that did not go is tried again: after 15 s, then after twice as long each time, an hour at most; and
/// when it is given up: after 14 tries, about 6 hours, or at once when the other side refuses it for good.
struct MailRetries: Sendable {
    var first: Duration = .seconds(15)
    var longest: Duration = .seconds(3_600)
    var attempts = 14

    /// - Returns: `nil` to give up.
    func pause(after attempt: Int, _ error: any Error) -> Duration? {
        if case MailFault.refused = error { return nil }
        guard attempt < attempts else { return nil }
        return min(first * (1 << min(attempt - 1, 20)), longest)
    }
}
