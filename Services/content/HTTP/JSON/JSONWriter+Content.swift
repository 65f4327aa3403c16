import WireProtocol

extension JSONWriter {
    /// - Parameter html: the body rendered.
    mutating func item(_ item: ContentItem, html: String? = nil) {
        raw("{")
        members(of: item)
        if let html {
            raw(#","html":"#)
            string(html)
        }
        raw("}")
    }

    /// What a bulk load takes for the item.
    mutating func line(_ fields: ContentFields) {
        raw("{")
        members(of: fields)
        raw("}\n")
    }

    /// The item, and why it was found.
    mutating func hit(_ hit: SearchHit) {
        raw("{")
        members(of: hit.item)
        raw(#","match":"#)
        string(hit.key.match.rawValue)
        raw(#","rank":"#)
        raw(hit.key.rank.description)
        raw(#","highlight":{"title":"#)
        string(hit.highlight.title)
        raw(#","body":"#)
        string(hit.highlight.body)
        raw("}}")
    }

    private mutating func members(of item: ContentItem) {
        raw(#""id":"#)
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

    mutating func page<Item>(_ page: Page<Item>, _ write: (inout JSONWriter, Item) -> Void) {
        raw(#"{"items":["#)
        for (index, item) in page.items.enumerated() {
            if index > 0 { raw(",") }
            write(&self, item)
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
        raw(#","publish_at":"#)
        if fields.status == .draft, let time = fields.publishAt {
            string(Timestamp.text(of: time))
        } else {
            raw("null")
        }
    }
}
