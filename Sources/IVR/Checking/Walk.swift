// Every way a caller can go: all places, with what is true of the caller there.

import YAML

/// One step as a caller reaches it.
struct Place: Hashable, Sendable {
    var step: String
    var language: String
    var isRecordingOn: Bool
    var hasHeardNotice: Bool
    /// Has waited in a queue: with `recording: from: queue` consent counts at once from there on. Else always false.
    var hasQueued = false

    /// The language in which the step itself speaks.
    func spokenLanguage(_ step: Step) -> String {
        switch step.kind {
        case .say(let say): say.language ?? language
        case .menu, .ask, .hours, .when, .queue, .callback, .voicemail, .survey, .transfer, .lookup, .hangup, .unknown:
            language
        }
    }
}

/// The breadth-first walk from the start: finite, for a place is a step, a language and two facts.
struct Walk {
    /// In the order of the number of steps from the start.
    private(set) var places: [Place] = []
    private(set) var steps: Set<String> = []
    /// False when an exit leads nowhere or a step cannot be read: then what is not reached proves nothing.
    private(set) var isComplete = true
    /// How each place was reached first.
    private var origins: [Place: (place: Place, exit: StepExit)] = [:]

    /// With `hearing` only the notices of these steps count.
    init(_ hotline: Hotline, hearing notices: Set<String>? = nil) {
        let start = Place(
            step: hotline.start.step, language: hotline.languages[0], isRecordingOn: hotline.recording.byDefault,
            hasHeardNotice: false)
        guard hotline.steps[start.step] != nil else {
            isComplete = false
            return
        }
        places = [start]
        var seen: Set<Place> = [start]
        var next = 0
        while next < places.count {
            let place = places[next]
            next += 1
            steps.insert(place.step)
            guard let step = hotline.steps[place.step] else { continue }
            if !step.kind.isWhole { isComplete = false }
            for exit in hotline.exits(of: step, in: place.language) {
                guard hotline.steps[exit.exit.step] != nil else {
                    isComplete = false
                    continue
                }
                let following = Self.follow(exit, from: place, step, hotline, hearing: notices)
                guard seen.insert(following).inserted else { continue }
                origins[following] = (place, exit)
                places.append(following)
            }
        }
    }

    /// `powitanie → jezyk → (key 1) zgoda`
    func path(to place: Place) -> FindingText {
        var parts: [FindingText] = []
        var place = place
        while let origin = origins[place] {
            parts.append(origin.exit.label == "then" ? .name(place.step) : "(\(origin.exit.spoken)) \(place.step)")
            place = origin.place
        }
        return parts.reversed().reduce(.name(place.step)) { "\($0) → \($1)" }
    }

    static func follow(
        _ exit: StepExit, from place: Place, _ step: Step, _ hotline: Hotline, hearing notices: Set<String>? = nil
    ) -> Place {
        var next = place
        next.step = exit.exit.step
        next.language = exit.key?.language ?? place.spokenLanguage(step)
        next.isRecordingOn = exit.key?.record ?? place.isRecordingOn
        // A key with `record: off` may cut the notice short, so whoever pressed it has not surely heard it.
        let hears = notices?.contains(step.name) ?? true
        let mayCut = exit.key?.record == false
        next.hasHeardNotice = place.hasHeardNotice || (hears && !mayCut && step.kind.speaksNotice(hotline))
        if case .queue = step.kind, hotline.recording.from == .queue { next.hasQueued = true }
        return next
    }
}

extension StepKind {
    /// Whoever leaves the step has been played the recording notice. Remarks on silence and wrong keys do not count.
    func speaksNotice(_ hotline: Hotline) -> Bool {
        func isNotice(_ prompt: Reference) -> Bool { hotline.prompts[prompt.name]?.isRecordingNotice == true }
        return switch self {
        case .say(let say): say.prompts.contains(where: isNotice)
        case .menu(let menu): menu.prompt.map(isNotice) ?? false
        case .ask(let ask): ask.wanted.prompt.map(isNotice) ?? false
        case .voicemail(let voicemail): voicemail.say.map(isNotice) ?? false
        case .hours, .when, .queue, .callback, .survey, .transfer, .lookup, .hangup, .unknown: false
        }
    }
}
