// Who may use a route.

import Store

/// Written beside each route in `Routes`, checked by `Gate` before the route's code runs.
enum Access: Sendable, Equatable {
    /// Files that are the same for all: who asks is not even looked up.
    case files
    case everyone
    /// Any account, even one that still has its one-time password.
    case account
    case roles(Set<Role>)

    enum Verdict: Equatable { case welcome, logIn, changePassword, forbidden }

    func verdict(for account: Account?) -> Verdict {
        switch (self, account) {
        case (.files, _), (.everyone, _): .welcome
        case (.account, nil), (.roles, nil): .logIn
        case (.account, _?): .welcome
        case (.roles(let roles), let account?):
            account.mustChangePassword ? .changePassword : roles.contains(account.role) ? .welcome : .forbidden
        }
    }

    static let anyRole = Access.roles([.consultant, .supervisor, .administrator])
    static let consultants = Access.roles([.consultant])
    /// Recordings are personal data: whoever runs the server need not hear them.
    static let supervisors = Access.roles([.supervisor])
    static let administrators = Access.roles([.administrator])
    static let overseers = Access.roles([.supervisor, .administrator])
}
