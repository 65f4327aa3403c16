import CLibPQ
import Logging

/// The connection for notifications, beside the pool. Open as long as somebody listens.
extension Engine {
    struct Listener {
        var state = ListenerState<Subscription>()
        var session: Session?
    }

    func subscribe(_ subscription: Subscription) {
        guard stops.isEmpty else { return subscription.finish() }
        listener.state.subscribe(subscription, to: subscription.channel)
        sendListenerCommand()
    }

    func unsubscribe(_ subscription: Subscription) {
        listener.state.unsubscribe(subscription, from: subscription.channel)
        if listener.session != nil, !listener.state.isWanted {
            closeListener()
            listener.state.closed()
        }
        sendListenerCommand()
    }

    func listenerOpened(_ outcome: Result<Session, PostgresError>) {
        switch outcome {
        case .success(let session):
            listener.session = session
            listener.state.opened()
            poller.add(session.socket, token: Token.listener)
            sendListenerCommand()
        case .failure(let error):
            loseListener(error.description)
        }
    }

    func readListener(_ ready: Poller.Ready) {
        guard let session = listener.session else { return }
        for _ in 0..<(session.usesTLS ? 2 : 1) {
            guard ready.isReadable else { break }
            guard session.consumeInput() else { return loseListener(session.errorMessage) }
            receiveNotifications(session)
        }
        flushListener(session)
    }

    private func receiveNotifications(_ session: Session) {
        while !session.isBusy {
            guard let result = session.nextResult() else {
                if listener.state.awaitsAnswer { listener.state.answered() }
                break
            }
            let failed = PQresultStatus(result) == PGRES_FATAL_ERROR
            PQclear(result)
            if failed { return loseListener(session.errorMessage) }
        }
        while let (channel, payload) = session.nextNotification() {
            for subscription in listener.state.subscribers(of: channel) { subscription.yield(payload) }
        }
        sendListenerCommand()
    }

    private func sendListenerCommand() {
        guard let session = listener.session, let command = listener.state.nextCommand() else { return }
        let sql: SQL =
            switch command {
            case .listen(let channel): "LISTEN " + .identifier(channel)
            case .unlisten(let channel): "UNLISTEN " + .identifier(channel)
            }
        guard session.send(sql.text) else { return loseListener(session.errorMessage) }
        flushListener(session)
    }

    private func flushListener(_ session: Session) {
        switch session.flush() {
        case .done: poller.change(session.socket, token: Token.listener, reads: true, writes: false)
        case .waitsForSocket: poller.change(session.socket, token: Token.listener, reads: true, writes: true)
        case .failed: loseListener(session.errorMessage)
        }
    }

    private func loseListener(_ reason: String) {
        logger.warning("not listening for PostgreSQL's notifications for now", metadata: ["error": "\(reason)"])
        closeListener()
        listener.state.lost(now: now, jitter: .random(in: 0...1))
        turnsAgain = true
    }

    func closeListener() {
        if let session = listener.session { poller.remove(session.socket) }
        listener.session = nil
    }
}
