"""Everything that knows the planner: question, plan, change by hand, repair, verdict, publication."""
