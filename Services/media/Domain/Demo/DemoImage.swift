/// Draws PNG images (ISO/IEC 15948) with a palette, uncompressed.
struct DemoImage {
    let width: Int
    let height: Int

    private static let palette: [UInt8] = [0xFF, 0xFF, 0xFF, 0x2E, 0x7D, 0x32, 0xE0, 0xE0, 0xE0]

    /// A bar in equal parts, some of them filled.
    func fractionBar(parts: Int, filled: Int) -> [UInt8] {
        let left = width / 10
        let part = (width - 2 * left) / parts
        let rows = height / 3..<2 * height / 3
        return png { x, y in
            let place = x - left
            guard rows.contains(y), (0..<part * parts).contains(place), place % part > 3 else { return 0 }
            return place / part < filled ? 1 : 2
        }
    }

    private func png(_ colour: (Int, Int) -> UInt8) -> [UInt8] {
        var pixels: [UInt8] = []
        pixels.reserveCapacity((width + 1) * height)
        for y in 0..<height {
            pixels.append(0)
            for x in 0..<width { pixels.append(colour(x, y)) }
        }
        let header = bigEndian(width) + bigEndian(height) + [8, 3, 0, 0, 0]
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", header) + chunk("PLTE", Self.palette) + chunk("IDAT", zlib(pixels)) + chunk("IEND", [])
    }

    private func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        return bigEndian(content.count) + body + bigEndian(Int(crc32(body)))
    }

    /// Stored blocks only (RFC 1950, RFC 1951 §3.2.4).
    private func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        for start in stride(from: 0, to: bytes.count, by: 65_535) {
            let block = bytes[start..<min(start + 65_535, bytes.count)]
            let length = UInt16(block.count)
            stream.append(start + block.count == bytes.count ? 1 : 0)
            stream += [UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
            stream += block
        }
        return stream + bigEndian(Int(adler32(bytes)))
    }

    private func adler32(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    private func crc32(_ bytes: [UInt8]) -> UInt32 {
        let table = (0..<256).map { (index: UInt32) in
            (0..<8).reduce(index) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
        }
        return ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 255)] ^ $0 >> 8 }
    }

    private func bigEndian(_ number: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
