extension MailTemplates {
    /// By file name. They are in the folder Templates.
    static var builtIn: [String: String] {
        files.mapValues { String(decoding: $0, as: UTF8.self) }
    }

    private static var files: [String: [UInt8]] {
        [
            "email-verification.ar.html": PackageResources.email_verification_ar_html,
            "email-verification.ar.txt": PackageResources.email_verification_ar_txt,
            "email-verification.de.html": PackageResources.email_verification_de_html,
            "email-verification.de.txt": PackageResources.email_verification_de_txt,
            "email-verification.en.html": PackageResources.email_verification_en_html,
            "email-verification.en.txt": PackageResources.email_verification_en_txt,
            "email-verification.es.html": PackageResources.email_verification_es_html,
            "email-verification.es.txt": PackageResources.email_verification_es_txt,
            "email-verification.pt.html": PackageResources.email_verification_pt_html,
            "email-verification.pt.txt": PackageResources.email_verification_pt_txt,
            "layout.html": PackageResources.layout_html,
            "password-changed.ar.html": PackageResources.password_changed_ar_html,
            "password-changed.ar.txt": PackageResources.password_changed_ar_txt,
            "password-changed.de.html": PackageResources.password_changed_de_html,
            "password-changed.de.txt": PackageResources.password_changed_de_txt,
            "password-changed.en.html": PackageResources.password_changed_en_html,
            "password-changed.en.txt": PackageResources.password_changed_en_txt,
            "password-changed.es.html": PackageResources.password_changed_es_html,
            "password-changed.es.txt": PackageResources.password_changed_es_txt,
            "password-changed.pt.html": PackageResources.password_changed_pt_html,
            "password-changed.pt.txt": PackageResources.password_changed_pt_txt,
            "password-reset.ar.html": PackageResources.password_reset_ar_html,
            "password-reset.ar.txt": PackageResources.password_reset_ar_txt,
            "password-reset.de.html": PackageResources.password_reset_de_html,
            "password-reset.de.txt": PackageResources.password_reset_de_txt,
            "password-reset.en.html": PackageResources.password_reset_en_html,
            "password-reset.en.txt": PackageResources.password_reset_en_txt,
            "password-reset.es.html": PackageResources.password_reset_es_html,
            "password-reset.es.txt": PackageResources.password_reset_es_txt,
            "password-reset.pt.html": PackageResources.password_reset_pt_html,
            "password-reset.pt.txt": PackageResources.password_reset_pt_txt,
        ]
    }
}
