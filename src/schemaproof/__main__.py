"""`python -m schemaproof`."""

from schemaproof.cli import main

main()
