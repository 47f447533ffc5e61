// A caller who answers the questions of a survey.

import Timing

struct SurveyTurn: Sendable {
    let survey: SurveyStep
    /// The question now; the last one is followed by the end.
    var index = 0
    var asked = 1
    var isPlaying = true

    var question: SurveyStep.Question { survey.questions[index] }
}

extension IVRMachine {
    /// A question is asked twice; whoever does not answer it is asked the next.
    private static let surveyTries = 2
    private static let surveyTimeout = Duration.seconds(6)

    mutating func enter(_ survey: SurveyStep, _ now: Moment, _ actions: inout [Action]) {
        typedAhead = TypedDigits()
        guard !survey.questions.isEmpty else { return go(to: survey.then, now, &actions) }
        ask(SurveyTurn(survey: survey), now, &actions)
    }

    private mutating func ask(_ turn: SurveyTurn, _ now: Moment, _ actions: inout [Action]) {
        var turn = turn
        turn.isPlaying = true
        state = .surveying(turn)
        guard !play([turn.question.say?.name].compactMap { $0 }, now, &actions) else { return }
        listen(turn, now, &actions)
    }

    mutating func listen(_ turn: SurveyTurn, _ now: Moment, _ actions: inout [Action]) {
        guard turn.isPlaying else { return }
        var turn = turn
        turn.isPlaying = false
        state = .surveying(turn)
        deadline = now.instant + Self.surveyTimeout
    }

    mutating func answer(_ digit: Character, _ turn: SurveyTurn, _ now: Moment, _ actions: inout [Action]) {
        let question = turn.question
        if turn.isPlaying, question.say.map(isNotice) == true { return }
        if turn.isPlaying { actions.append(.silence) }
        guard question.keys.contains(digit) else { return notAnswered(turn, now, &actions) }
        actions.append(.answer(survey: turn.survey.name, question: question.name, value: String(digit)))
        next(turn, now, &actions)
    }

    mutating func answerTimedOut(_ turn: SurveyTurn, _ now: Moment, _ actions: inout [Action]) {
        turn.isPlaying ? listen(turn, now, &actions) : notAnswered(turn, now, &actions)
    }

    private mutating func notAnswered(_ turn: SurveyTurn, _ now: Moment, _ actions: inout [Action]) {
        guard turn.asked < Self.surveyTries else { return next(turn, now, &actions) }
        var turn = turn
        turn.asked += 1
        ask(turn, now, &actions)
    }

    private mutating func next(_ turn: SurveyTurn, _ now: Moment, _ actions: inout [Action]) {
        guard turn.index + 1 < turn.survey.questions.count else { return go(to: turn.survey.then, now, &actions) }
        ask(SurveyTurn(survey: turn.survey, index: turn.index + 1), now, &actions)
    }
}
