import WireProtocol

extension GenerationReport {
    /// What others are told: nothing before the generator has ended.
    func events(about item: ContentItem) -> [Event] {
        guard outcome != .generating else { return [] }
        let place = item.fields.place
        let generated = ContentGenerated(
            knowledgeID: place.knowledgeID, chapterID: place.chapterID, language: place.language,
            contentType: place.contentType, generationTime: generationTime, success: outcome == .published,
            errorMessage: errorMessage)
        return [Event(.contentGenerated(generated))]
    }
}
