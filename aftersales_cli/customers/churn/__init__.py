"""Who is leaving: models, the rule they fall back to, likely reasons, and a test against the past."""
