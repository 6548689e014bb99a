"""続ける備え: backups that are tried out, and the times at which they were last put out of reach."""
