"""The graph in the forms that people ask for, and back."""
