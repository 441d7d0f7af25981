"""Townships to cooperation zones (片区), rooms and stationed groups to zones. Knows no plan."""
