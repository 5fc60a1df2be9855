"""The people that an announcement names, their posts, and the bodies that they speak for."""
