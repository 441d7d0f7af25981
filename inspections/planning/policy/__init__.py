"""What a county decides before it plans: who crosses where, and how soon anybody goes again."""
