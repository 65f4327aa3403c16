import NIOCore

/// When an endpoint that answers badly, or late, is left out for a while, and how it is brought back.
struct EndpointRules: Sendable, Equatable {
    /// Bad or late answers in a row after which it is left out; 0: never.
    var failuresToEject = 5
    /// An answer that begins later than this counts as a bad one.
    var slowAnswer = TimeAmount.seconds(10)
    /// For the first time; twice as long each time after that, until it has served that long without being left out.
    var ejectionTime = TimeAmount.seconds(5)
    var longestEjection = TimeAmount.seconds(300)
    /// Over this time after coming back, or coming new, its share of the requests grows from a tenth to the whole.
    var slowStart = TimeAmount.seconds(10)
}
