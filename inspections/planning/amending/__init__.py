"""Changes to a published plan that need a second person: its withdrawal, new dates, a cancelled round."""
