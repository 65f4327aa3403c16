extension TokenVerifier {
    /// Takes the tokens of every issuer that is set.
    public convenience init(_ settings: TokenSettings) {
        self.init(issuer: settings.issuer, audience: settings.audience, others: settings.otherIssuers)
    }
}
