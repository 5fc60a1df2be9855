"""The commands of the program: each parses its arguments, calls the package and prints."""
