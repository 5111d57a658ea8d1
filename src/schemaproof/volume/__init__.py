"""Volume: a model of how many rows of what shape; sampled from pools, copied in, indexed, proved and analysed."""

from schemaproof.volume.default import default_model
from schemaproof.volume.loading import Loaded, Progress, copy_stream, load, open_streams
from schemaproof.volume.model import PROFILES, Model
from schemaproof.volume.parameters import TenantSizes, row_of, tenant_sizes
from schemaproof.volume.progress import progress_bars
from schemaproof.volume.reading import load_model

__all__ = [
    "PROFILES",
    "Loaded",
    "Model",
    "Progress",
    "TenantSizes",
    "copy_stream",
    "default_model",
    "load",
    "load_model",
    "open_streams",
    "progress_bars",
    "row_of",
    "tenant_sizes",
]
