/// What a token is worth.
public enum TokenVerdict<Token> {
    case valid(Token)
    case invalid
    /// Said to be signed by a key that its issuer is not known to have; it may be a new one.
    case unknownKey(of: TrustedIssuer)
    /// Its issuer's keys have never been seen: it can't be judged.
    case noKeys(of: TrustedIssuer)
}
