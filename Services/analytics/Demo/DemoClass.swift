import FoundationEssentials
import WireProtocol

/// A class that reads the demonstration courses in the 30 days up to 31 March 2026, the same on every machine: some
/// quickly, some slowly, some not to the end.
struct DemoClass {
    /// 2 March 2026, midnight UTC.
    static let firstDay = Date(timeIntervalSince1970: 1_772_409_600)
    static let days = 30

    /// The demonstration student, and forty who exist in analytics only.
    static let learners =
        [DemoData.student.id.rawValue] + (1...40).map { UUID(demo: "learner/\($0)") }

    /// All that one learner does, oldest first in each course.
    static func events(ofLearner number: Int) -> [LearningEvent] {
        var reader = DemoReader(learner: number)
        return DemoData.knowledge.flatMap { reader.read($0) }
    }
}

/// One learner on the way through the courses.
private struct DemoReader {
    private let learner: Int
    private let language: LanguageTag
    /// From 0.2 to 1: how likely a chapter gets finished.
    private let diligence: Double
    private var random: RandomSource

    init(learner: Int) {
        self.learner = learner
        random = RandomSource(seed: 20_260_331 + UInt64(learner))
        language = DemoData.languages[Int(random.next() % UInt64(DemoData.languages.count))]
        diligence = 0.2 + 0.8 * random.fraction()
    }

    mutating func read(_ course: DemoData.Knowledge) -> [LearningEvent] {
        guard random.chance(0.85) else { return [] }
        var events: [LearningEvent] = []
        var day = Int(random.next() % 12)
        for chapter in course.chapters {
            let sittings = 1 + Int(random.next() % 3)
            let isFinished = random.chance(diligence)
            for sitting in 1...sittings {
                guard day < DemoClass.days else { return events }
                let start = DemoClass.firstDay + Double(day) * 86_400 + 28_800 + (random.fraction() * 36_000).rounded()
                let seconds = (60 + 840 * random.fraction() * random.fraction()).rounded()
                add(.view, course, chapter, at: start, to: &events)
                add(.timeSpent, course, chapter, at: start + seconds, seconds: seconds, to: &events)
                if isFinished && sitting == sittings {
                    add(.completion, course, chapter, at: start + seconds + 5, to: &events)
                }
                day += Int(random.next() % 4)
            }
            guard isFinished || random.chance(0.4) else { return events }
        }
        return events
    }

    private func add(
        _ kind: LearningEvent.Kind, _ course: DemoData.Knowledge, _ chapter: DemoData.Chapter, at time: Date,
        seconds: Double? = nil, to events: inout [LearningEvent]
    ) {
        let id = UUID(
            demo: "event/\(learner)/\(course.id)/\(chapter.id)/\(kind.rawValue)/\(Int(time.timeIntervalSince1970))")
        events.append(
            LearningEvent(
                id: id, kind: kind, knowledgeID: course.id, chapterID: chapter.id, language: language,
                seconds: seconds, occurredAt: time))
    }
}
