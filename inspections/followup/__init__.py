"""After the visit (交办整改): problems handed over, put right, verified on site, closed, looked at again."""
