import WireProtocol

/// What differs between two versions of a content item.
struct VersionDiff: Sendable {
    /// Lines around a change that are told too.
    static let context = 3

    struct Hunk: Sendable {
        /// Where the hunk begins in the body of either version, from 1.
        let fromLine: Int
        let toLine: Int
        var lines: [Line]
    }

    struct Line: Sendable {
        enum Operation: String, Sendable {
            case keep, remove, add
        }

        let operation: Operation
        let text: String
    }

    struct Field: Sendable {
        let name: String
        let from: Value
        let to: Value
    }

    /// The same as another only byte by byte, so that a change of the normal form is one.
    enum Value: Sendable, Equatable {
        case null
        case integer(Int)
        case text(String)
        case object(JSONObjectText)

        static func == (a: Value, b: Value) -> Bool {
            switch (a, b) {
            case (.null, .null): true
            case (.integer(let a), .integer(let b)): a == b
            case (.text(let a), .text(let b)): a.utf8.elementsEqual(b.utf8)
            case (.object(let a), .object(let b)): a.text.utf8.elementsEqual(b.text.utf8)
            case (.null, _), (.integer, _), (.text, _), (.object, _): false
            }
        }
    }

    let from: Int
    let to: Int
    /// Fields that differ, but for the body.
    let fields: [Field]
    /// Where the body differs, from front to back.
    let body: [Hunk]
}

extension VersionDiff {
    init(from old: ContentVersion, to new: ContentVersion) {
        from = old.version
        to = new.version
        fields = zip(old.fields.comparable, new.fields.comparable).compactMap { before, after in
            before.value == after.value ? nil : Field(name: before.name, from: before.value, to: after.value)
        }
        body = Self.hunks(
            from: old.fields.body.split(separator: "\n", omittingEmptySubsequences: false),
            to: new.fields.body.split(separator: "\n", omittingEmptySubsequences: false))
    }

    private static func hunks(from old: [Substring], to new: [Substring]) -> [Hunk] {
        let steps = LineDiff(old.map(\.utf8), new.map(\.utf8)).steps
        var hunks: [Hunk] = []
        var (fromLine, toLine, lastChange) = (1, 1, -2 * context - 2)
        for (index, step) in steps.enumerated() {
            if case .keep = step {
                if index - lastChange <= context { hunks[hunks.count - 1].lines.append(line(step, old, new)) }
            } else {
                let gap = index - lastChange - 1
                if gap > 2 * context {
                    let lead = min(context, index)
                    hunks.append(Hunk(fromLine: fromLine - lead, toLine: toLine - lead, lines: []))
                    hunks[hunks.count - 1].lines += steps[(index - lead)..<index].map { line($0, old, new) }
                } else if gap > context {
                    hunks[hunks.count - 1].lines += steps[(lastChange + context + 1)..<index].map { line($0, old, new) }
                }
                hunks[hunks.count - 1].lines.append(line(step, old, new))
                lastChange = index
            }
            switch step {
            case .keep: (fromLine, toLine) = (fromLine + 1, toLine + 1)
            case .remove: fromLine += 1
            case .add: toLine += 1
            }
        }
        return hunks
    }

    private static func line(_ step: LineDiff.Step, _ old: [Substring], _ new: [Substring]) -> Line {
        switch step {
        case .keep(let position, _): Line(operation: .keep, text: String(old[position]))
        case .remove(let position): Line(operation: .remove, text: String(old[position]))
        case .add(let position): Line(operation: .add, text: String(new[position]))
        }
    }
}

extension ContentFields {
    /// Everything but the body, by the names that clients know.
    fileprivate var comparable: [(name: String, value: VersionDiff.Value)] {
        [
            ("knowledge_id", .integer(place.knowledgeID)), ("chapter_id", .text(place.chapterID)),
            ("language", .text(place.language.description)), ("content_type", .text(place.contentType)),
            ("title", .text(title)), ("format", .text(format.rawValue)), ("metadata", .object(metadata)),
            ("status", .text(status.rawValue)),
            ("publish_at", publishAt.map { .text(Timestamp.text(of: $0)) } ?? .null),
        ]
    }
}
