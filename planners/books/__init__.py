"""What every engine plans on: tables of who may stand where, a draft seat by seat, pins."""
