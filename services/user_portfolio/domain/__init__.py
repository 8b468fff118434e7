"""The rules of holding and settling: pure Python, no clock, no chance, no input or output."""
