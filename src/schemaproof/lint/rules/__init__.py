"""The rules: one harm a file; each looks at a step and yields what it found."""
