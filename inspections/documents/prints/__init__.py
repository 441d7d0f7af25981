"""Forms and lists to print: working papers, the three lists, the plan, papers for the wall."""
