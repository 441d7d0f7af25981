"""What the papers say: from records to the facts and sentences of a letter."""
