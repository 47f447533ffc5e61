// A store without accounts gets the first ones, each with a password that works once.

import Store

enum FirstAccounts {
    private static let wanted: [(name: String, display: String, role: Role, groups: [String])] = [
        ("admin", "Administrator", .administrator, []),
        ("kierownik", "Kierownik", .supervisor, []),
        ("konsultant", "Konsultant", .consultant, ["demo", "fbc"]),
        ("konsultant2", "Konsultant 2", .consultant, ["demo", "fbc", "fbc-lider"]),
    ]

    /// One line for each account made: `account NAME ROLE one-time-password PASSWORD`; none when there are accounts.
    static func create(in store: Store) async throws -> [String] {
        guard try await store.accounts().isEmpty else { return [] }
        var lines: [String] = []
        for account in wanted {
            let (_, password) = try await store.createAccount(
                NewAccount(
                    name: account.name, displayName: account.display, role: account.role, groups: account.groups,
                    languages: ["pl", "en"]))
            lines.append("account \(account.name) \(account.role.rawValue) one-time-password \(password)")
        }
        return lines
    }
}
