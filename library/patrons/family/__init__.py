"""家族: cards that a patron looks at with the consent of both, further rights, and changes as the child grows up."""
