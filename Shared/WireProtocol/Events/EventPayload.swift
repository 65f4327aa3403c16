/// What an ``Event`` tells, by its `type`. A receiver older than the sender sees ``unknown(type:)`` and keeps the id
/// only, so that services can be deployed one by one.
public enum EventPayload: Sendable, Equatable {
    case knowledgeSaved(KnowledgeSaved)
    case knowledgeDeleted(KnowledgeDeleted)
    case chapterSaved(ChapterSaved)
    case chapterDeleted(ChapterDeleted)
    case contentSaved(ContentSaved)
    case contentDeleted(ContentDeleted)
    case contentGenerated(ContentGenerated)
    case operationCompleted(OperationCompleted)
    case userDeleted(UserDeleted)
    case mediaDeleted(MediaDeleted)
    case unknown(type: String)

    public var type: String {
        switch self {
        case .knowledgeSaved: "knowledge.saved"
        case .knowledgeDeleted: "knowledge.deleted"
        case .chapterSaved: "chapter.saved"
        case .chapterDeleted: "chapter.deleted"
        case .contentSaved: "content.saved"
        case .contentDeleted: "content.deleted"
        case .contentGenerated: "content.generated"
        case .operationCompleted: "operation.completed"
        case .userDeleted: "user.deleted"
        case .mediaDeleted: "media.deleted"
        case .unknown(let type): type
        }
    }

    init(type: String, from decoder: any Decoder) throws {
        self =
            switch type {
            case "knowledge.saved": .knowledgeSaved(try KnowledgeSaved(from: decoder))
            case "knowledge.deleted": .knowledgeDeleted(try KnowledgeDeleted(from: decoder))
            case "chapter.saved": .chapterSaved(try ChapterSaved(from: decoder))
            case "chapter.deleted": .chapterDeleted(try ChapterDeleted(from: decoder))
            case "content.saved": .contentSaved(try ContentSaved(from: decoder))
            case "content.deleted": .contentDeleted(try ContentDeleted(from: decoder))
            case "content.generated": .contentGenerated(try ContentGenerated(from: decoder))
            case "operation.completed": .operationCompleted(try OperationCompleted(from: decoder))
            case "user.deleted": .userDeleted(try UserDeleted(from: decoder))
            case "media.deleted": .mediaDeleted(try MediaDeleted(from: decoder))
            default: .unknown(type: type)
            }
    }

    func encodeData(to encoder: any Encoder) throws {
        switch self {
        case .knowledgeSaved(let data): try data.encode(to: encoder)
        case .knowledgeDeleted(let data): try data.encode(to: encoder)
        case .chapterSaved(let data): try data.encode(to: encoder)
        case .chapterDeleted(let data): try data.encode(to: encoder)
        case .contentSaved(let data): try data.encode(to: encoder)
        case .contentDeleted(let data): try data.encode(to: encoder)
        case .contentGenerated(let data): try data.encode(to: encoder)
        case .operationCompleted(let data): try data.encode(to: encoder)
        case .userDeleted(let data): try data.encode(to: encoder)
        case .mediaDeleted(let data): try data.encode(to: encoder)
        case .unknown: try [String: String]().encode(to: encoder)
        }
    }
}
