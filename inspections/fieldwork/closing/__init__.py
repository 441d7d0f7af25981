"""The end of a visit: by its date, by an act, or under the letter that rests on it."""
