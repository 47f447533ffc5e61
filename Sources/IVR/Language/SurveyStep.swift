// `survey`: questions that are answered by one key each.

import YAML

struct SurveyStep: Sendable {
    struct Question: Sendable {
        var say: Reference?
        /// The keys that are answers, one digit each.
        var keys: [Character]
        var name: String
        let position: Position
    }

    var name: String
    var questions: [Question]
    var then: Exit?
}
