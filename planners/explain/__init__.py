"""Why this person sits here, what a rule or quota costs. Changes no plan."""
