import HTTPTypes
import ServiceKit
import WireProtocol

extension AuthError: ProblemConvertible {
    var problem: HTTPProblem {
        switch self {
        case .wrongCredentials:
            .unauthorized("The e-mail address or the password is wrong.")
        case .refreshRefused:
            .unauthorized("The refresh token is not good any more. Log in again.")
        case .accountGone:
            .unauthorized("The account of this token can't be used any more.", invalidToken: true)
        case .emailTaken:
            .conflict("There is an account with this e-mail address already.")
        case .notFound:
            .notFound()
        case .changedMeanwhile:
            .preconditionFailed()
        case .ownAccount:
            .conflict("Administrators can't disable, demote or delete themselves; another one has to do it.")
        case .lastAdmin:
            .conflict("This is the last administrator; make somebody else one first.")
        case .noLongerAdmin:
            .forbidden()
        case .wrongCurrentPassword:
            .invalid("current_password", "is wrong")
        case .challenged(let challenge):
            HTTPProblem(.forbidden, challenge.advice, challenge: challenge)
        case .challengeRefused:
            .unauthorized("This login has expired, or is complete already. Log in again.")
        case .wrongSecondFactor:
            .unauthorized("The code is wrong, or was used before.")
        case .wrongCode:
            .invalid("code", "is wrong, or was used before")
        case .twoFactorOn:
            .conflict("The account has an authenticator already. Take that away first.")
        case .twoFactorOff:
            .conflict("The account has no authenticator.")
        case .twoFactorRequired:
            .conflict("Accounts of this role need a second factor.")
        case .tooManyFailures(let exceeded):
            HTTPProblem(
                .tooManyRequests, "There were too many failed attempts. Try again later.", headers: exceeded.headers)
        case .tooManySignUps(let exceeded):
            HTTPProblem(
                .tooManyRequests, "Too many accounts were signed up for from your network. Try again later.",
                headers: exceeded.headers)
        case .passwordRefused(let fault):
            .invalid("password", fault)
        case .identityServerDown:
            .unavailable("Accounts can't be reached just now. Try again shortly.", retryAfter: 5)
        case .tokenRefused:
            .invalid("token", "is not good any more; ask for another mail")
        case .tooManyMails(let exceeded):
            HTTPProblem(
                .tooManyRequests, "Too many mails were asked for. Look into your mailbox, or try again later.",
                headers: exceeded.headers)
        case .busy:
            .unavailable("Too many logins are waiting. Try again shortly.", retryAfter: 2)
        }
    }
}

extension LoginChallenge {
    fileprivate var advice: String {
        switch step {
        case .code:
            "A second step is needed: send challenge.token and a code of the authenticator app, or a recovery code, to "
                + "POST /auth/login/two-factor."
        case .enrolment:
            "Accounts of this role need an authenticator app: send challenge.token to POST /auth/login/enrolment, and "
                + "then with the app's first code to POST /auth/login/enrolment/confirm."
        }
    }
}

extension LoginLimit.Exceeded {
    fileprivate var headers: HTTPFields {
        [
            .retryAfter: String(resetsIn),
            .rateLimitLimit: String(limit),
            .rateLimitRemaining: "0",
            .rateLimitReset: String(resetsIn),
        ]
    }
}

extension HTTPField.Name {
    fileprivate static let rateLimitLimit = Self("RateLimit-Limit")!
    fileprivate static let rateLimitRemaining = Self("RateLimit-Remaining")!
    fileprivate static let rateLimitReset = Self("RateLimit-Reset")!
}
