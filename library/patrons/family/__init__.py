"""家族: whose card a patron looks at with the consent of both, what more the child lets them do, and what changes as the child grows up."""
