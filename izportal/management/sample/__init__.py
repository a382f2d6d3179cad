"""Invented rows for a portal that nobody uses yet: people, plots, projects and dossiers in every state, all marked
`is_sample`. The same day gives the same rows."""
