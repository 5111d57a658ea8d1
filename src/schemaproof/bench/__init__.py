"""`schemaproof bench`: the query catalogue on volume data: which index each query uses and needs, under whose eyes."""

from schemaproof.bench.data import SAMPLE, Data
from schemaproof.bench.document import bench_schema
from schemaproof.bench.run import Options, run_bench

__all__ = ["SAMPLE", "Data", "Options", "bench_schema", "run_bench"]
