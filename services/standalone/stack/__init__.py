"""Every service as processes of its own, on real servers, on this machine: what `make stack` starts."""
