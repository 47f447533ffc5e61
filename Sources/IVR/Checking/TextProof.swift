// E020: a prompt without a text in a language in which callers hear it; W025: a text that nobody can speak.

import YAML

struct TextProof {
    let hotline: Hotline
    let surroundings: Surroundings
    let log: FindingLog

    func run(_ walk: Walk) {
        var seen: Set<[String]> = []
        for place in walk.places {
            guard let step = hotline.steps[place.step] else { continue }
            let language = place.spokenLanguage(step)
            for reference in step.kind.prompts + hotline.saidWhileWaiting(step) {
                guard let prompt = hotline.prompts[reference.name], seen.insert([prompt.name, language]).inserted else {
                    continue
                }
                check(prompt, language, place)
            }
        }
    }

    private func check(_ prompt: PromptText, _ language: String, _ place: Place) {
        guard let wording = prompt.wording(in: language) else {
            log.error(
                "E020", at: prompt.position,
                "prompt \(quoted(prompt.name)) has no text in '\(language)', in which callers hear it at step "
                    + "\(quoted(place.step))")
            return
        }
        if surroundings.speaksTexts == false, wording.file == nil, prompt.takes[language] == nil {
            log.warning(
                "W025", at: wording.position,
                "prompt \(quoted(prompt.name)) has no recording in '\(language)', and text to speech is off: callers hear "
                    + "nothing")
        }
    }
}
