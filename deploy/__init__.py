"""What a workshop needs to run this for a room, or for many."""
