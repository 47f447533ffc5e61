// The hotline language as a table: the steps.

import YAML

/// Every key of every kind of step. The first key of a shape is its kind.
enum StepTable {
    private static let say = Shape(
        "say", "Plays.",
        [
            .init("say", .some(.prompt), "Played one after the other."),
            .init("interruptible", .yesNo, "A key goes on to the next step. Usually yes."),
            .init("language", .name, "Becomes the caller's language."),
            then,
        ])

    private static let menu = Shape(
        "menu", "One choice by key.",
        [
            .init("menu", .prompt, "The choice."),
            .init("keys", keys, "What may be pressed.", missing: "E004"),
            .init("tries", .integer(1...9), "How often it is asked. Usually 3."),
            .init("timeout", .seconds(1...60), "From the end of the prompt. Usually 6s."),
            .init("between_keys", .seconds(1...60), "Between the digits of one choice. Usually 2s."),
            .init("on_silence", .prompt, "Said before asking again after silence."),
            .init("on_wrong", .prompt, "Said before asking again after a wrong key."),
            otherwise,
        ])

    static let keys = Shape.Value.keyed("^[0-9*#]{1,8}$", .either([.step, .mapping(key)]))

    static let key = Shape(
        "key", "A key and all that pressing it does.",
        [
            then,
            .init("language", .name, "Becomes the caller's language."),
            .init("record", .onOff, "The caller may be recorded from now on, or not."),
            .init("tag", .name, "Labels the call for reports."),
        ])

    private static let ask = Shape(
        "ask", "Collects digits.",
        [
            .init("ask", .prompt, "The question."),
            .init(
                "digits", .pattern(#"^\d{1,2}( *- *\d{1,2})?$"#), "How many: 4-10. Given by `check` when it is missing."
            ),
            .init("end", .pattern("^([*#]|none)$"), "The key that ends the digits. Usually #."),
            .init("into", .name, "The variable.", missing: "E004"),
            .init("secret", .yesNo, "Not in recordings, not in logs, not in texts."),
            .init("check", .choice(DigitCheck.words), "What the digits must be."),
            .init("tries", .integer(1...9), "How often it is asked. Usually 3."),
            .init("timeout", .seconds(1...60), "From the end of the prompt. Usually 8s."),
            .init("between_keys", .seconds(1...60), "From one digit to the next. Usually 4s."),
            .init("on_silence", .prompt, "Said before asking again after silence."),
            .init("on_wrong", .prompt, "Said before asking again after wrong digits."),
            then, otherwise,
        ], atLeastOne: ["digits", "check"])

    private static let hours = Shape(
        "hours", "Open or not.",
        [
            .init("hours", .reference("calendar"), "The calendar."),
            .init("open", .step, "Where it goes while open.", missing: "E004"),
            .init("closed", .step, "Where it goes while closed.", missing: "E004"),
            .init("holiday", .step, "Where it goes on holidays; as closed when it is missing."),
        ])

    private static let when = Shape(
        "when", "The first condition that holds decides.",
        [
            .init(
                "when", .list(.mapping(branch)), "Conditions on a variable, the caller's number, the load of a queue."),
            .init("otherwise", .step, "Where callers go for whom no condition holds.", missing: "E004"),
        ])

    static let branch = Shape(
        "branch", "A condition and where it leads.",
        [.init("if", .text, "caller is anonymous · wait QUEUE above 10m · NAME is VALUE", missing: "E004"), then])

    private static let queue = Shape(
        "queue_step", "Waits for a consultant.",
        [
            .init("queue", .reference("queue"), "The queue."),
            .init("priority", .integer(0...9), "Instead of the queue's; higher first."),
            .init("skills", .some(.pattern(SkillLevel.form)), "Skills beside the queue's; they are not relaxed."),
            .init("busy", .mapping(busy), "Where callers go who would wait too long."),
            .init("full", .step, "Where callers go when as many wait as may."),
            .init("nobody", .step, "Where callers go when nobody is logged in.", missing: "E053"),
            .init("timeout", .step, "Where callers go after `max_wait`.", missing: "E053"),
            .init("keys", keys, "What may be pressed while waiting."),
            .init("after_call", .step, "Where callers go whose consultant hung up."),
        ])

    static let busy = Shape(
        "busy", "By the estimated wait at entry.",
        [.init("wait", .seconds(1...4 * LanguageTable.hour), "Longer than this.", missing: "E004"), then])

    private static let callback = Shape(
        "callback", "Keeps the place, hangs up.",
        [
            .init("callback", .reference("queue"), "The queue."),
            .init("say", .prompt, "What is said; with `number: ask` the question."),
            .init("number", .choice(CallbackStep.Number.words), "The caller's number, or one that is typed."),
            .init("attempts", .integer(1...10), "How often it is tried. Usually 3."),
            .init("every", .seconds(LanguageTable.minute...LanguageTable.day), "Between two attempts. Usually 30m."),
            .init("within", .reference("calendar"), "Only while this calendar is open."),
            .init("no_number", .step, "Where callers go whose number is withheld.", missing: "E004"),
            then,
        ])

    private static let voicemail = Shape(
        "voicemail", "Records a message.",
        [
            .init("voicemail", .reference("mailbox"), "The mailbox."),
            .init("say", .prompt, "Said before the tone."),
            .init("max", .seconds(5...30 * LanguageTable.minute), "Instead of the mailbox's."),
            then,
        ])

    private static let survey = Shape(
        "survey", "Asks, stores.",
        [
            .init("survey", .name, "The survey."),
            .init("questions", .list(.mapping(question)), "One after the other.", missing: "E004"),
            then,
        ])

    static let question = Shape(
        "question", "A question answered by one key.",
        [
            .init("say", .prompt, "The question.", missing: "E004"),
            .init("keys", .some(.pattern("^[0-9](-[0-9])?$")), "The answers: 1-5.", missing: "E004"),
            .init("name", .name, "Under which the answer is stored.", missing: "E004"),
        ])

    private static let transfer = Shape(
        "transfer", "Leaves the hotline.",
        [
            .init("transfer", .text, "A SIP address or a telephone number."),
            .init("ring", .seconds(5...300), "How long it rings there. Usually 30s."),
            .init("failed", .step, "Where callers go who did not get through.", missing: "E004"),
        ])

    private static let lookup = Shape(
        "lookup", "Asks an outside system.",
        [
            .init("lookup", .pattern("^https?://"), "The address, with {values} after the host."),
            .init("send", .some(.name), "Values sent as a JSON object."),
            .init("into", .some(.name), "The variables the answer must hold."),
            .init("within", .seconds(1...30), "How long the answer may take. Usually 5s."),
            then,
            .init("failed", .step, "Where callers go when there is no answer.", missing: "E004"),
        ])

    private static let hangup = Shape("hangup", "Ends.", [.init("hangup", .some(.prompt), "The last words.")])

    private static let then = Shape.Key("then", .step, "Where it goes on.", missing: "E004")
    private static let otherwise = Shape.Key(
        "otherwise", .step, "Where callers go after the last try.", missing: "E030",
        hint: "where a caller goes after the last try")

    static let kinds = [
        say, menu, ask, hours, when, queue, callback, voicemail, survey, transfer, lookup, hangup,
    ]
    static let words = kinds.map { $0.keys[0].name }
    static let step = Shape.Value.either(kinds.map { .mapping($0) })

    static func shape(of kind: String) -> Shape? { kinds.first { $0.keys[0].name == kind } }
}
