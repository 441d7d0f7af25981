"""What villagers ask for (群众诉求): taken down without names, given to an office, answered, closed."""
