import WireProtocol

/// One file of the demonstration data. Its bytes are made by code, and are the same every time.
struct DemoFile: Sendable {
    let id: Identifier
    let details: MediaDetails
    let bytes: @Sendable () -> [UInt8]

    /// Several kinds and sizes, of every visibility, for the demonstration's knowledge items.
    static let all: [DemoFile] = [
        file(1, "three-quarters.png", .public, knowledge: 0, chapter: 0) {
            DemoImage(width: 640, height: 360).fractionBar(parts: 4, filled: 3)
        },
        file(2, "number-line.svg", .public, knowledge: 0, chapter: 1) { DemoText.numberLine },
        file(3, "adding-fractions-worksheet.pdf", .authenticated, knowledge: 0, chapter: 2) {
            DemoDocument.page(title: "Adding fractions", lines: DemoText.worksheet)
        },
        file(4, "light-taken-in.png", .public, knowledge: 1, chapter: 1) {
            DemoImage(width: 1_280, height: 720).fractionBar(parts: 12, filled: 5)
        },
        file(5, "reading-aloud-photosynthesis.wav", .authenticated, knowledge: 1, chapter: 1) {
            DemoSound.tone(hertz: 220, seconds: 30, samplesPerSecond: 44_100, channels: 2)
        },
        file(6, "reading-aloud-photosynthesis.vtt", .authenticated, knowledge: 1, chapter: 1) { DemoText.captions },
        file(7, "water-drop.wav", .public, knowledge: 2, chapter: 0) {
            DemoSound.tone(hertz: 880, seconds: 2, samplesPerSecond: 8_000, channels: 1)
        },
        file(8, "notes-for-the-lesson.txt", .private, knowledge: 2, chapter: 2) { DemoText.notes },
    ]

    private static func file(
        _ number: Int, _ name: String, _ visibility: Visibility, knowledge: Int, chapter: Int,
        bytes: @escaping @Sendable () -> [UInt8]
    ) -> DemoFile {
        let item = DemoData.knowledge[knowledge]
        return DemoFile(
            id: Identifier("00000000-0000-4000-8000-00000000010\(number)")!,
            details: MediaDetails(
                filename: name, visibility: visibility, knowledgeID: item.id, chapterID: item.chapters[chapter].id),
            bytes: bytes)
    }
}
