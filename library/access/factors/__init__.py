"""2段階認証: the second factor of the staff, beside the password: a passkey, codes of an app, recovery codes."""
