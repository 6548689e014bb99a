"""続ける備え: backups that are tried out, and encrypted ones for a machine out of the server's reach."""
