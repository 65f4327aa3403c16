import WireProtocol

/// What a caller of the auth service can be refused for.
enum AuthError: Error, Equatable {
    /// Unknown e-mail, wrong password or disabled account: which one is told to nobody.
    case wrongCredentials
    /// The refresh token is unknown, expired, used before, or its session has ended.
    case refreshRefused
    /// The account of the access token is gone or disabled.
    case accountGone
    case emailTaken
    case notFound
    /// Someone else changed it since it was read.
    case changedMeanwhile
    /// Administrators can't disable, demote or delete themselves, so that one is always left.
    case ownAccount
    /// Without this administrator there would be none.
    case lastAdmin
    /// Who asked is no administrator any more.
    case noLongerAdmin
    case wrongCurrentPassword
    /// The token from a mail is unknown, used, expired, replaced by a newer one or meant for something else: which one
    /// is told to nobody.
    case tokenRefused
    case tooManyMails(LoginLimit.Exceeded)
    /// The login needs a second step.
    case challenged(LoginChallenge)
    /// There is no login that waits for this step, any more.
    case challengeRefused
    /// At a login's second step.
    case wrongSecondFactor
    /// Of who is logged in.
    case wrongCode
    case twoFactorOn
    case twoFactorOff
    /// The account's role needs the second factor.
    case twoFactorRequired
    case tooManyFailures(LoginLimit.Exceeded)
    case tooManySignUps(LoginLimit.Exceeded)
    /// The identity server has rules of its own for passwords; says, for the owner to read, what is wrong.
    case passwordRefused(String)
    /// The identity server does not answer, or not as it should.
    case identityServerDown
    /// More passwords wait to be hashed than is reasonable.
    case busy
}
