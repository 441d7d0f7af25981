"""Proves what no plan of a problem can beat: cost, pairs, missing heads. Plans nothing."""
