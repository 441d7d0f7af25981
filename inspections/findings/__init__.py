"""One problem, one working paper, with its photographs and its signatures."""
