import ServiceKit

/// All of `/graph`.
struct GraphRoutes {
    let graph: any GraphStore
    let titles: any ChapterTitles
    let progress: any LearnerProgress

    var routes: [Route] {
        ConceptRoutes(graph: graph).routes
            + PrerequisiteRoutes(graph: graph).routes
            + LearningPathRoutes(graph: graph, titles: titles, progress: progress).routes
            + ChapterConceptRoutes(graph: graph, titles: titles).routes
            + GraphImportRoutes(graph: graph).routes
    }
}
