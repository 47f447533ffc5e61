// The hotline language as a table: the file and its sections. The steps stand in `StepTable`.

import YAML

/// Every key of the language. The reader cannot ask for a key that is not here.
enum LanguageTable {
    static let minute = 60
    static let hour = 3_600
    static let day = 86_400
    /// 08:00-17:00
    static let span = #"^\s*\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}\s*$"#
    static let date = #"^\d{4}-\d{2}-\d{2}$"#
    /// mon-fri, sat
    static let days = #"^ *(mon|tue|wed|thu|fri|sat|sun)( *[-,] *(mon|tue|wed|thu|fri|sat|sun))*$"#

    static let file = Shape(
        "file", "A hotline: one file, read from top to bottom.",
        [
            .init(
                "hotline", .choice(["1"]), "The version of the language.", missing: "E004",
                hint: "begin the file with 'hotline: 1'"),
            .init("name", .name, "Can be dialled instead of a number.", missing: "E004"),
            .init("title", .text, "For people; the name when it is missing."),
            .init("timezone", .text, "A place: Europe/Warsaw.", missing: "E004"),
            .init("languages", .some(.choice(["pl", "en"])), "A call begins in the first.", missing: "E004"),
            .init("numbers", .some(.text), "The numbers that lead here.", missing: "E004"),
            .init("start", .step, "The first step.", missing: "E004"),
            .init("calendars", .named(.mapping(calendar)), "Opening hours."),
            .init("prompts", .named(.mapping(prompt)), "Everything that is said.", missing: "E004"),
            .init("recording", .mapping(recording), "When and how calls are recorded."),
            .init("queues", .named(.mapping(queue)), "Where callers wait for consultants."),
            .init("mailboxes", .named(.mapping(mailbox)), "Where messages go."),
            .init("steps", .named(StepTable.step), "The hotline itself: a flat list of named steps.", missing: "E004"),
            .init("tests", .list(.mapping(test)), "Calls that somebody imagined, and what must happen in them."),
        ])

    static let calendar = Shape(
        "calendar", "Opening hours: exceptions win over holidays, holidays over the week.",
        [
            .init("holidays", .choice(["PL"]), "The country whose statutory days off are free."),
            .init("week", .keyed(days, .some(.pattern(span))), "Hours by days: mon-fri: 08:00-17:00.", missing: "E004"),
            .init("except", .keyed(date, .mapping(exception)), "Days with hours of their own."),
        ])

    static let exception = Shape(
        "exception", "A day with hours of its own: either open or closed.",
        [
            .init("open", .some(.pattern(span)), "When it is open that day."),
            .init("closed", .choice(["all day"]), "Closed all day."),
            .init("why", .text, "For people."),
        ], exactlyOne: ["open", "closed"])

    static let prompt = Shape(
        "prompt", "What is said: a text per language, or `any` for all of them.",
        [
            .init("pl", wording, "In Polish."),
            .init("en", wording, "In English."),
            .init("any", wording, "In every language without a text of its own."),
            .init("notice", .choice(["recording"]), "Marks the legal notice that is heard before any recording."),
        ])

    static let wording = Shape.Value.either([.text, .mapping(forms), .mapping(recorded)])

    static let forms = Shape(
        "forms", "A text for each plural form (CLDR).",
        [.init("count", .text, "The value that counts: ahead.", missing: "E004", hint: .name("count: ahead"))]
            + ["zero", "one", "two", "few", "many", "other"].map {
                .init($0, .text, "The text for the plural form '\($0)'.")
            })

    static let recorded = Shape(
        "recorded", "A recording and its text.",
        [
            .init("file", .text, "A path inside the folder of prompts.", missing: "E004"),
            .init(
                "text", .text, "What the recording says.", missing: "E004",
                hint: "the text is spoken while the recording is not there"),
        ])

    static let recording = Shape(
        "recording", "When and how calls are recorded.",
        [
            .init("default", .onOff, "On: recorded without a key. Usually off."),
            .init("from", .choice(RecordingPolicy.Start.words), "From where on a caller is recorded."),
            .init("tracks", .choice(RecordingPolicy.Tracks.words), "Stereo: caller left, consultant right."),
            .init("export", .some(.choice(RecordingPolicy.Export.words)), "The files that are made."),
            .init("keep", .seconds(day...3_650 * day), "How long recordings are kept."),
            .init("pause", .some(.choice(RecordingPolicy.Pause.words)), "What interrupts a recording."),
        ])

    static let queue = Shape(
        "queue", "Callers who wait, and the consultants who answer them.",
        [
            .init("agents", .name, "The group of consultants who answer.", missing: "E004"),
            .init("strategy", .choice(QueueStrategy.words), "Who of the free consultants is asked."),
            .init("ring", .seconds(5...600), "How long one consultant is offered a call."),
            .init("wrap_up", .seconds(0...hour), "A consultant's time after a call."),
            .init("on_no_answer", .choice(["pause", "next"]), "What becomes of a consultant who does not answer."),
            .init("max_wait", .seconds(5...4 * hour), "The longest wait."),
            .init("max_waiting", .integer(1...10_000), "How many may wait."),
            .init("target", .pattern(#"^\d{1,3}% in \d{1,6}[smhd]$"#), "The service level: 80% in 20s."),
            .init("short_abandon", .seconds(0...60), "Who gives up within it is not counted as abandoned."),
            .init("music", .text, "A file of the folder of prompts."),
            .init("reduce_noise", .onOff, "Consultants hear callers without steady noise. Usually off."),
            .init("even_level", .onOff, "Consultants hear all callers equally loud. Usually off."),
            .init("priority", .integer(0...9), "Higher first."),
            .init("last_agent", .mapping(lastAgent), "Who last spoke with the caller is asked first."),
            .init("raise", .mapping(raise), "How the priority grows with the wait."),
            .init(
                "skills", .some(.pattern(SkillLevel.form)),
                "Skills a consultant must have, with the lowest level: permits 3; `language` is the caller's language."),
            .init(
                "prefer", .some(.pattern(SkillLevel.form)), "Consultants with more of these skills are asked first."),
            .init("relax", .list(.mapping(relaxation)), "Skills that are enough after some time."),
            .init("announce", .mapping(announce), "What is said to those who wait."),
            .init("offer", .mapping(offer), "What those are offered who have waited for some time."),
            .init("overflow", .list(.mapping(overflow)), "What becomes of those who have waited too long."),
        ])

    static let lastAgent = Shape(
        "last_agent", "By the caller's number, in any hotline.",
        [
            .init("within", .seconds(hour...366 * day), "How long ago that may have been.", missing: "E004"),
            .init(
                "wait", .seconds(0...10 * minute), "How long one who is busy is waited for; not at all when missing."),
        ])

    static let raise = Shape(
        "raise", "By one for each `every` of waiting.",
        [
            .init("every", .seconds(5...4 * hour), "How long a caller waits for one more.", missing: "E004"),
            .init("to", .integer(1...9), "The highest; 9 when it is missing."),
        ])

    static let relaxation = Shape(
        "relaxation", "From then on consultants with these skills are asked as well.",
        [
            .init("after", .seconds(1...4 * hour), "Since the wait began.", missing: "E004"),
            .init(
                "skills", .some(.pattern(SkillLevel.form)), "Instead of the queue's; an empty list: none.",
                missing: "E004"),
        ])

    static let announce = Shape(
        "announce", "Announcements to those who wait.",
        [
            .init("first", .seconds(1...hour), "After entering the queue."),
            .init("every", .seconds(5...hour), "Between the end of one and the next."),
            .init("say", .some(.prompt), "Said one after the other.", missing: "E004"),
        ])

    static let offer = Shape(
        "offer", "Said once; its keys hold from then on.",
        [
            .init("after", .seconds(1...4 * hour), "Since the wait began.", missing: "E004"),
            .init("say", .prompt, "The offer.", missing: "E004"),
            .init("keys", StepTable.keys, "What may be pressed.", missing: "E004"),
        ])

    static let overflow = Shape(
        "overflow", "Either `also` or `go`.",
        [
            .init("after", .seconds(0...4 * hour), "Since the wait began.", missing: "E004"),
            .init("also", .reference("queue"), "Another queue's consultants are asked as well."),
            .init("go", .step, "The caller leaves the queue."),
        ], exactlyOne: ["also", "go"])

    static let mailbox = Shape(
        "mailbox", "Where messages of callers go.",
        [
            .init(
                "to", .text,
                "`tickets` (the page \"To do\" only), or where messages are sent as well: an address of mail, or an http(s) address.",
                missing: "E004"),
            .init("max", .seconds(5...30 * minute), "The longest message."),
            .init("keep", .seconds(day...3_650 * day), "How long messages are kept."),
        ])

    static let test = Shape(
        "test", "A call that somebody imagined, and what must happen in it.",
        [
            .init("test", .text, "Its name.", missing: "E004"),
            .init("at", .pattern(#"^\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}$"#), "The local time: 2026-02-03 10:15."),
            .init("from", .text, "The caller's number, or `anonymous`."),
            .init(
                "given", .keyed(#"^(wait|ahead|nobody|full|failed|value) \S+$"#, .text), "The load, and the outside."),
            .init(
                "caller", .some(.pattern(#"^(press [0-9*#]+|silence|talk|hang up)$"#)),
                "What the caller does, in order."
            ),
            .init("expect", .some(.text), "What must happen, in this order.", missing: "E004"),
        ])
}
