"""The officers' pages: first look, cases, figures, reports, and what could not be sent."""
