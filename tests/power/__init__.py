"""Power cuts: what the application writes is written again through a file system that forgets."""
