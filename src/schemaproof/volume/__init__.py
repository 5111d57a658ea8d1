"""Volume: a model of how many rows of what shape; sampled from pools, copied in, indexed, proved and analysed."""

from schemaproof.volume.loading import Loaded, Progress, load, open_streams
from schemaproof.volume.model import PROFILES, Model
from schemaproof.volume.parameters import TenantSizes, row_of, tenant_sizes
from schemaproof.volume.reading import load_model

__all__ = [
    "PROFILES",
    "Loaded",
    "Model",
    "Progress",
    "TenantSizes",
    "load",
    "load_model",
    "open_streams",
    "row_of",
    "tenant_sizes",
]
