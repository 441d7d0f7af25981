"""What whoever runs the machine needs: settings, backup, restore, verify, move, upgrade, doctor, health."""
