// Every place of a hotline at which a caller can begin to be recorded.

import YAML

/// One such place as a caller reaches it.
struct RecordingPlace {
    enum Kind: Hashable {
        /// The talk with a consultant, or the wait too.
        case queue
        /// The talk when the caller is called back.
        case callback
        /// A message after the tone.
        case voicemail
        /// The key that turns recording on takes effect at once.
        case key(String)
        /// From the first word on, before anything can be said.
        case start
    }

    let place: Place
    let kind: Kind
    /// Where the file says so.
    let position: Position
    /// Every caller who is recorded here has been played the notice.
    let isNoticed: Bool
    /// The way out of the place at which recording begins; nil: in the place.
    var exit: FindingText?
}

extension Hotline {
    /// In the order of the walk.
    func recordings(_ walk: Walk, hearing notices: Set<String>? = nil) -> [RecordingPlace] {
        var found: [RecordingPlace] = []
        if recording.byDefault, recording.from == .start, let first = walk.places.first {
            found.append(RecordingPlace(place: first, kind: .start, position: start.position, isNoticed: false))
        }
        for place in walk.places {
            guard let step = steps[place.step] else { continue }
            found += keyRecordings(place, step, notices)
            switch step.kind {
            case .queue where place.isRecordingOn && recording.from != .start:
                found.append(
                    RecordingPlace(place: place, kind: .queue, position: step.position, isNoticed: place.hasHeardNotice)
                )
            case .callback where place.isRecordingOn:
                found.append(
                    RecordingPlace(
                        place: place, kind: .callback, position: step.position, isNoticed: place.hasHeardNotice))
            case .voicemail:
                let hears = notices?.contains(step.name) ?? true
                let isNoticed = place.hasHeardNotice || (hears && step.kind.speaksNotice(self))
                found.append(
                    RecordingPlace(place: place, kind: .voicemail, position: step.position, isNoticed: isNoticed))
            case .say, .menu, .ask, .hours, .when, .queue, .callback, .survey, .transfer, .lookup, .hangup, .unknown:
                continue
            }
        }
        return found
    }

    private func keyRecordings(_ place: Place, _ step: Step, _ notices: Set<String>?) -> [RecordingPlace] {
        exits(of: step, in: place.language).compactMap { exit in
            guard let key = exit.key, key.record == true else { return nil }
            let next = Walk.follow(exit, from: place, step, self, hearing: notices)
            guard recording.from == .start || next.hasQueued else { return nil }
            return RecordingPlace(
                place: place, kind: .key(key.digits), position: key.position, isNoticed: next.hasHeardNotice,
                exit: exit.spoken)
        }
    }
}
