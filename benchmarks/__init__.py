"""Speed against the figures of the issue; `make bench` writes docs/benchmarks.md."""
