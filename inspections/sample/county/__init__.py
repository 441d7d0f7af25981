"""A fictional county's lists with known truth: people, what offices know of them, planted faults,
ordinary noise."""
