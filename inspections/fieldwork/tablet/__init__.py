"""What passes between the server and the tablets: the protocol, devices, packages, the quarantine."""
