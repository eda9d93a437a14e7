"""The one place where the version of Mouqataa is written."""

VERSION = "0.1.0"
