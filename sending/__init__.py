"""Mail and push: what they say, their templates, and the ways out: SMTP and Web Push."""
