"""专项治理 as a project: why, who leads, what each township does by when, with which results."""
