// Where one call stands in its hotline.

extension IVRMachine {
    enum State: Sendable {
        /// goes to: any by `.entered`
        case new
        /// A `say` plays. goes to: `then`
        case saying(SayStep, isInterruptible: Bool)
        /// goes to: a key's step, `otherwise`
        case choosing(MenuTurn)
        /// Digits are awaited. goes to: `then`, `otherwise`, or callingBack
        case asking(AskTurn)
        /// The load of queues is awaited. goes to: a branch, `otherwise`
        case measuring(WhenTurn)
        /// In the queue. goes to: talking, `busy`, `full`, `nobody`, `timeout`, a key's step, an overflow
        case waiting(QueueTurn)
        /// goes to: waiting by `.returned`, `after_call`, over
        case talking(QueueTurn)
        /// goes to: `then`, `no_number`
        case callingBack(CallbackTurn)
        /// goes to: `then`
        case leavingMessage(MessageTurn)
        /// goes to: `then`
        case surveying(SurveyTurn)
        /// goes to: away, `failed`
        case transferring(TransferTurn)
        /// goes to: `then`, `failed`
        case lookingUp(LookupTurn)
        /// Joined with somebody outside of the hotline. goes to: over
        case away
        /// The last prompt plays. goes to: over
        case parting
        case over
    }
}

extension IVRMachine {
    /// Some digits of a choice or a number are typed, and more may follow.
    var isBetweenKeys: Bool {
        switch state {
        case .choosing(let turn): !turn.typed.isEmpty
        case .asking(let turn): !turn.typed.isEmpty
        case .new, .saying, .measuring, .waiting, .talking, .callingBack, .leavingMessage, .surveying, .transferring,
            .lookingUp, .away, .parting, .over:
            false
        }
    }
}
