/// The bytes by which a format is known: where they stand, and what they are.
struct MagicNumber {
    let offset: Int
    let bytes: [UInt8]

    init(_ bytes: [UInt8], at offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    init(_ text: String, at offset: Int = 0) {
        self.init(Array(text.utf8), at: offset)
    }

    func matches(_ head: [UInt8]) -> Bool {
        head.dropFirst(offset).starts(with: bytes)
    }

    /// Formats that one place in the file tells for certain.
    static let formats: [(type: String, marks: [MagicNumber])] = [
        ("image/png", [MagicNumber([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])]),
        ("image/jpeg", [MagicNumber([0xFF, 0xD8, 0xFF])]),
        ("image/gif", [MagicNumber("GIF87a")]),
        ("image/gif", [MagicNumber("GIF89a")]),
        ("image/webp", [MagicNumber("RIFF"), MagicNumber("WEBPVP8", at: 8)]),
        ("audio/wav", [MagicNumber("RIFF"), MagicNumber("WAVE", at: 8)]),
        ("application/pdf", [MagicNumber("%PDF-")]),
        ("audio/mpeg", [MagicNumber("ID3")]),
        ("audio/flac", [MagicNumber("fLaC")]),
        ("application/gzip", [MagicNumber([0x1F, 0x8B, 0x08])]),
    ]
}
