import FoundationEssentials
import Testing

@testable import Content

/// The loop around all of them.
enum Fuzzing {
    private static let environment = ProcessInfo.processInfo.environment
    static let seconds = environment["FUZZ_SECONDS"].flatMap(Double.init)
    static let seed = environment["FUZZ_SEED"].flatMap(UInt64.init) ?? 1

    /// Calls `check` with input made of `samples` and `pieces` until the time is over.
    static func run(
        _ samples: [String], pieces: [String], _ check: ([UInt8], inout SplitMix) throws -> Void
    ) throws {
        try run(samples.map { Array($0.utf8) }, pieces: pieces.map { Array($0.utf8) }, check)
    }

    static func run(
        _ samples: [[UInt8]], pieces: [[UInt8]], _ check: ([UInt8], inout SplitMix) throws -> Void
    ) throws {
        var random = SplitMix(seed: seed)
        let end = ContinuousClock.now + .seconds(seconds ?? 0)
        var inputs = 0
        while ContinuousClock.now < end {
            let input = mutated(samples, pieces, &random)
            try check(input, &random)
            inputs += 1
        }
        #expect(inputs > 0)
    }

    static func text(_ line: LineSplitter.Line) -> [UInt8]? {
        if case .text(let bytes) = line { Array(bytes) } else { nil }
    }

    private static func mutated(_ samples: [[UInt8]], _ pieces: [[UInt8]], _ random: inout SplitMix) -> [UInt8] {
        var bytes = samples.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 0...12, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0...6, using: &random) {
            case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 1: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
            case 2: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...8, using: &random)))
            case 3 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
            case 4:
                let other = samples.randomElement(using: &random) ?? []
                bytes = bytes.prefix(place) + other.suffix(Int.random(in: 0...other.count, using: &random))
            case 5:
                let part = bytes[place..<min(bytes.count, place + Int.random(in: 1...20, using: &random))]
                bytes.insert(contentsOf: part, at: place)
            default:
                bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in .random(in: 0...255, using: &random) }
            }
        }
        return bytes
    }
}
