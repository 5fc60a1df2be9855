"""All checks of a project at once, whatever its size. Argument: its folder."""

import sys

from onehealthkg.checks.check import check
from onehealthkg.dataset.dataset import read_dataset
from onehealthkg.paths import Project

print(len(check(read_dataset(Project(sys.argv[1])))))
