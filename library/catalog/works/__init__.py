"""作品: works, each with the titles that are its editions and volumes."""
