// The recording certificate as an inspector reads it, in Polish and in English.

public import YAML

extension RecordingCertificate {
    /// Plain text, lines of any length.
    public func text(in language: ReportLanguage) -> String {
        (heading(language) + policyLines(language) + entryLines(language) + wordingLines(language))
            .joined(separator: "\n")
    }

    private func heading(_ language: ReportLanguage) -> [String] {
        let proof =
            entries.isEmpty
            ? language.text("Ta infolinia nikogo nie nagrywa.", "This hotline records nobody.")
            : language.text(
                "Nikt nie może zostać nagrany, zanim nie odtworzono mu komunikatu o nagrywaniu.",
                "Nobody can be recorded before the recording notice has been played to them.")
        return [
            language.text("ZAŚWIADCZENIE O NAGRYWANIU", "RECORDING CERTIFICATE"),
            language.text("Infolinia", "Hotline") + ": \(title) (\(hotline)), \(file)", "", proof,
            language.text(
                "Sprawdzono każdą drogę rozmówcy: \(stepCount) kroków w \(placeCount) położeniach (krok, język, zgoda, komunikat).",
                "Every way of a caller was checked: \(stepCount) steps in \(placeCount) places (step, language, consent, notice)."
            ),
        ]
    }

    private func policyLines(_ language: ReportLanguage) -> [String] {
        var lines = [""]
        let start =
            switch policy.from {
            case .answer: language.text("od odebrania przez konsultanta", "from a consultant's answer")
            case .queue: language.text("od wejścia do kolejki", "from entering the queue")
            case .start: language.text("od włączenia", "from being turned on")
            }
        let usual =
            policy.byDefault
            ? language.text("domyślnie włączone", "on by default")
            : language.text("domyślnie wyłączone", "off by default")
        lines.append(language.text("Nagrywanie", "Recording") + ": \(usual), \(start).")
        for consent in consents {
            let effect =
                consent.isOn
                ? language.text("włącza nagrywanie", "turns it on") : language.text("wyłącza", "turns it off")
            lines.append(
                "  - " + language.text("klawisz \(consent.key) w kroku", "key \(consent.key) at step")
                    + " '\(consent.step)' \(effect)")
        }
        if let keep = policy.keep {
            lines.append(
                language.text(
                    "Nagrania są usuwane po \(days(keep, language)).",
                    "Recordings are erased after \(days(keep, language))."))
        }
        for mailbox in mailboxes {
            guard let keep = mailbox.keep else { continue }
            lines.append(
                language.text(
                    "Wiadomości skrzynki '\(mailbox.name)' są usuwane po \(days(keep, language)).",
                    "Messages of mailbox '\(mailbox.name)' are erased after \(days(keep, language))."))
        }
        return lines
    }

    private func entryLines(_ language: ReportLanguage) -> [String] {
        var lines: [String] = []
        for (index, entry) in entries.enumerated() {
            let place = language.text(
                "krok '\(entry.step)', wiersz \(entry.line)", "step '\(entry.step)', line \(entry.line)")
            lines += ["", "\(index + 1). \(what(entry, language)) (\(place))"]
            if entry.notices.isEmpty {
                lines.append(
                    "   " + language.text("na każdej drodze jeden z komunikatów:", "on every way one of these notices:")
                )
            } else {
                lines.append("   " + language.text("zawsze po komunikacie:", "always after the notice:"))
            }
            for notice in entry.notices + entry.alternatives {
                lines.append(
                    "   - '\(notice.prompt)' "
                        + language.text(
                            "w kroku '\(notice.step)', wiersz \(notice.line)",
                            "at step '\(notice.step)', line \(notice.line)"))
            }
            lines.append("   " + language.text("najkrótsza droga: ", "shortest way: ") + entry.path.text(in: language))
        }
        return lines
    }

    private func what(_ entry: Entry, _ language: ReportLanguage) -> String {
        switch entry.kind {
        case .queue: language.text("Rozmowa w kolejce '\(entry.name)'", "A conversation in queue '\(entry.name)'")
        case .callback:
            language.text(
                "Rozmowa po oddzwonieniu z kolejki '\(entry.name)'",
                "A conversation after a callback from queue '\(entry.name)'")
        case .voicemail: language.text("Wiadomość do skrzynki '\(entry.name)'", "A message for mailbox '\(entry.name)'")
        case .key(let key): language.text("Klawisz \(key) włącza nagrywanie", "Key \(key) turns recording on")
        case .start: language.text("Cała rozmowa", "The whole call")
        }
    }

    private func wordingLines(_ language: ReportLanguage) -> [String] {
        guard !wordings.isEmpty else { return [] }
        return ["", language.text("Treść komunikatów:", "What the notices say:")]
            + wordings.map { "  \($0.prompt) (\($0.language)): \($0.text)" }
    }

    private func days(_ time: Duration, _ language: ReportLanguage) -> String {
        let days = Int(time.components.seconds / 86_400)
        return language.text("\(days) \(days == 1 ? "dniu" : "dniach")", "\(days) \(days == 1 ? "day" : "days")")
    }
}
