extension Duration {
    /// In milliseconds, with a precision of a microsecond.
    public var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1_000 + Double(attoseconds / 1_000_000_000_000) / 1_000
    }

    public var seconds: Double { milliseconds / 1_000 }
}
