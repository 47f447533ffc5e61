// A caller who is handed to somebody outside of the hotline.

import Timing

struct TransferTurn: Sendable {
    let transfer: TransferStep
    let ticket: Ticket
}

extension IVRMachine {
    /// For setting the call up, beside the ringing.
    private static let transferGrace = Duration.seconds(5)

    mutating func enter(_ transfer: TransferStep, _ now: Moment, _ actions: inout [Action]) {
        guard let target = transfer.target else { return hangUp(.stuck, &actions) }
        typedAhead = TypedDigits()
        let turn = TransferTurn(transfer: transfer, ticket: nextTicket())
        state = .transferring(turn)
        deadline = now.instant + transfer.ring + Self.transferGrace
        actions.append(.transfer(TransferRequest(ticket: turn.ticket, target: target, ring: transfer.ring)))
    }

    mutating func transferred(_ ticket: Ticket) {
        guard case .transferring(let turn) = state, turn.ticket == ticket else { return }
        state = .away
        deadline = nil
    }

    mutating func transferFailed(_ ticket: Ticket, _ now: Moment, _ actions: inout [Action]) {
        guard case .transferring(let turn) = state, turn.ticket == ticket else { return }
        go(to: turn.transfer.failed, now, &actions)
    }
}
