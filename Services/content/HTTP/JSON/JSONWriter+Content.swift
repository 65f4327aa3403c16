import WireProtocol

extension JSONWriter {
    mutating func item(_ item: ContentItem) {
        raw(#"{"id":"#)
        raw(String(item.id))
        raw(",")
        members(of: item.fields)
        raw(#","version":"#)
        raw(String(item.version))
        raw(#","created_by":"#)
        string(item.createdBy.description)
        raw(#","created_at":"#)
        string(Timestamp.text(of: item.createdAt))
        raw(#","updated_at":"#)
        string(Timestamp.text(of: item.updatedAt))
        raw("}")
    }

    /// - Parameter id: of the item.
    mutating func version(_ version: ContentVersion, of id: Int) {
        raw(#"{"id":"#)
        raw(String(id))
        raw(",")
        members(of: version.fields)
        raw(#","version":"#)
        raw(String(version.version))
        raw(#","created_by":"#)
        string(version.author.description)
        raw(#","created_at":"#)
        string(Timestamp.text(of: version.createdAt))
        raw("}")
    }

    mutating func page(_ page: Page<ContentItem>) {
        raw(#"{"items":["#)
        for (index, item) in page.items.enumerated() {
            if index > 0 { raw(",") }
            self.item(item)
        }
        raw(#"],"next_cursor":"#)
        if let cursor = page.nextCursor { string(cursor) } else { raw("null") }
        if let total = page.total {
            raw(#","total":"#)
            raw(String(total))
        }
        raw("}")
    }

    private mutating func members(of fields: ContentFields) {
        raw(#""knowledge_id":"#)
        raw(String(fields.place.knowledgeID))
        raw(#","chapter_id":"#)
        string(fields.place.chapterID)
        raw(#","language":"#)
        string(fields.place.language.description)
        raw(#","content_type":"#)
        string(fields.place.contentType)
        raw(#","title":"#)
        string(fields.title)
        raw(#","body":"#)
        string(fields.body)
        raw(#","format":"#)
        string(fields.format.rawValue)
        raw(#","metadata":"#)
        raw(fields.metadata.text)
        raw(#","status":"#)
        string(fields.status.rawValue)
    }
}
