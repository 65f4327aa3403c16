import WireProtocol

/// What differs between two versions of a content item.
struct VersionDiff: Sendable, Encodable {
    /// Lines around a change that are told too.
    static let context = 3

    struct Hunk: Sendable, Equatable, Encodable {
        /// Where the hunk begins in the body of either version, from 1.
        let fromLine: Int
        let toLine: Int
        var lines: [Line]

        enum CodingKeys: String, CodingKey {
            case lines
            case fromLine = "from_line"
            case toLine = "to_line"
        }
    }

    struct Line: Sendable, Equatable, Encodable {
        enum Operation: String, Sendable, Encodable {
            case keep, remove, add
        }

        let operation: Operation
        let text: String

        enum CodingKeys: String, CodingKey {
            case text
            case operation = "op"
        }
    }

    struct Values: Sendable, Encodable {
        let from: JSONValue
        let to: JSONValue
    }

    let from: Int
    let to: Int
    /// Fields that differ, but for the body.
    let fields: [String: Values]
    /// Where the body differs, from front to back.
    let body: [Hunk]
}

extension VersionDiff {
    init(from old: ContentVersion, to new: ContentVersion) throws {
        from = old.version
        to = new.version
        var fields: [String: Values] = [:]
        let values = try zip(old.fields.comparable(), new.fields.comparable())
        for ((name, before), (_, after)) in values where before != after {
            fields[name] = Values(from: before, to: after)
        }
        self.fields = fields
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
    fileprivate func comparable() throws -> [(name: String, value: JSONValue)] {
        [
            ("knowledge_id", .integer(Int64(place.knowledgeID))), ("chapter_id", .string(place.chapterID)),
            ("language", .string(place.language.description)), ("content_type", .string(place.contentType)),
            ("title", .string(title)), ("format", .string(format.rawValue)), ("metadata", try metadata.value()),
            ("status", .string(status.rawValue)),
            ("publish_at", publishAt.map { .string(Timestamp.text(of: $0)) } ?? .null),
        ]
    }
}
