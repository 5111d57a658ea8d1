"""What the tables of a database hold, as hashes that no order of rows changes; what differs afterwards."""

from schemaproof.contents.comparison import Change, Kind, compare_contents
from schemaproof.contents.contents import Contents, Held, Name, name_of
from schemaproof.contents.taking import take_contents

__all__ = ["Change", "Contents", "Held", "Kind", "Name", "compare_contents", "name_of", "take_contents"]
