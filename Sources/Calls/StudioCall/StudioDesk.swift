// The telephone line of the prompts studio: who calls it, and how many may.

import IVR
import Logging
import SIP
import Store

/// The registry of live studio calls.
@Signalling
final class StudioDesk {
    /// Each has sounds made ready for it.
    private static let mostCalls = 4

    let studio: PromptStudio
    let store: Store
    let services: CallServices
    let directories: (recordings: String, exports: String)
    private let number: String?
    private var calls: [ObjectIdentifier: StudioCall] = [:]
    /// Accounts that record.
    private var accounts: Set<Int64> = []

    init(studio: PromptStudio, store: Store, configuration: CallCentreConfiguration, services: CallServices) {
        self.studio = studio
        self.store = store
        self.services = services
        number = configuration.studioNumber
        directories = (configuration.recordingsDirectory, configuration.exportsDirectory)
    }

    var count: Int { calls.count }

    func isCalled(by dialled: String) -> Bool { number != nil && PhoneNumber.normalised(dialled) == number }

    func begin(_ caller: Caller, _ party: Party, _ leg: MediaLeg) -> StudioCall {
        let call = StudioCall(
            desk: self, caller: caller, party: party, leg: leg, isOneTooMany: calls.count >= Self.mostCalls)
        calls[ObjectIdentifier(call)] = call
        services.log.info("studio.call.begin")
        return call
    }

    /// False when this account records in another call.
    func claim(_ account: Int64) -> Bool { accounts.insert(account).inserted }

    func ended(_ call: StudioCall) {
        calls[ObjectIdentifier(call)] = nil
        if let account = call.account { accounts.remove(account.id) }
        services.log.info("studio.call.end")
    }

    /// For a stop of the server.
    func endAll(reason: String) {
        for call in calls.values { call.end(by: .system, reason: reason) }
    }
}
