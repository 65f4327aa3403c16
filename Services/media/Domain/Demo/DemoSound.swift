/// Makes WAV files (RIFF, 16 bits a sample).
enum DemoSound {
    /// A triangle wave that swells and fades every second.
    static func tone(hertz: Int, seconds: Int, samplesPerSecond rate: Int, channels: Int) -> [UInt8] {
        var second: [UInt8] = []
        for sample in 0..<rate {
            let phase = sample * hertz % rate
            let wave = abs(2 * phase - rate) * 2 - rate
            let loudness = rate - abs(2 * sample - rate)
            let level = wave * loudness / rate * 8_000 / rate
            for _ in 0..<channels { second += littleEndian(level, bytes: 2) }
        }
        let length = second.count * seconds
        let format =
            littleEndian(1, bytes: 2) + littleEndian(channels, bytes: 2) + littleEndian(rate, bytes: 4)
            + littleEndian(rate * channels * 2, bytes: 4) + littleEndian(channels * 2, bytes: 2)
            + littleEndian(16, bytes: 2)
        return Array("RIFF".utf8) + littleEndian(36 + length, bytes: 4) + Array("WAVEfmt ".utf8)
            + littleEndian(16, bytes: 4) + format + Array("data".utf8) + littleEndian(length, bytes: 4)
            + Array(repeatElement(second, count: seconds).joined())
    }

    private static func littleEndian(_ number: Int, bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
