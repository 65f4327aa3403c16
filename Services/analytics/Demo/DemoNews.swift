import FoundationEssentials
import WireProtocol

/// What the other services would have told in the demonstration month.
enum DemoNews {
    static var all: [Event] { courses + generations + operations }

    private static var courses: [Event] {
        DemoData.knowledge.flatMap { course in
            [
                event(
                    "knowledge/\(course.id)", at: DemoClass.firstDay,
                    .knowledgeSaved(
                        KnowledgeSaved(
                            knowledgeID: course.id, title: course.title, defaultLanguage: course.defaultLanguage)))
            ]
                + course.chapters.enumerated().map { index, chapter in
                    event(
                        "chapter/\(course.id)/\(chapter.id)", at: DemoClass.firstDay,
                        .chapterSaved(
                            ChapterSaved(
                                knowledgeID: course.id, chapterID: chapter.id, title: chapter.title,
                                position: index + 1)))
                }
        }
    }

    /// Every chapter in every language, some of it at the second try.
    private static var generations: [Event] {
        var random = RandomSource(seed: 8_084)
        return DemoData.knowledge.flatMap { course in
            course.chapters.flatMap { chapter in
                DemoData.languages.flatMap { language in
                    ["lesson", "quiz"].flatMap { type in
                        let time = DemoClass.firstDay + (random.fraction() * 86_400).rounded()
                        let tries = random.chance(0.12) ? [false, true] : [true]
                        return tries.enumerated().map { number, success in
                            event(
                                "generation/\(course.id)/\(chapter.id)/\(language)/\(type)/\(number)",
                                at: time + Double(number) * 60,
                                .contentGenerated(
                                    ContentGenerated(
                                        knowledgeID: course.id, chapterID: chapter.id, language: language,
                                        contentType: type, generationTime: 2 + 18 * random.fraction(),
                                        success: success,
                                        errorMessage: success ? nil : "the generator did not answer within 20 s")))
                        }
                    }
                }
            }
        }
    }

    private static var operations: [Event] {
        let kinds = [
            ("content", "content.bulk", 900.0), ("media", "media.upload", 240.0), ("auth", "auth.login", 180.0),
        ]
        var random = RandomSource(seed: 8_080)
        return (0..<DemoClass.days).flatMap { day in
            kinds.flatMap { service, operation, typical in
                (0..<8).map { number in
                    let time = DemoClass.firstDay + Double(day) * 86_400 + Double(number) * 7_200 + 28_800
                    let success = !random.chance(0.03)
                    return event(
                        "operation/\(operation)/\(day)/\(number)", at: time,
                        .operationCompleted(
                            OperationCompleted(
                                service: service, operationType: operation,
                                duration: (typical
                                    * (0.5 + random.fraction() + 2 * random.fraction() * random.fraction()))
                                    .rounded(),
                                success: success, errorCount: success ? 0 : 1)))
                }
            }
        }
    }

    private static func event(_ content: String, at time: Date, _ payload: EventPayload) -> Event {
        Event(id: Identifier(UUID(demo: content)), occurredAt: time, payload)
    }
}
