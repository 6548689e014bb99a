"""Keeping on (続ける備え): copies that are tried out, and copies for a machine out of the server's reach."""
