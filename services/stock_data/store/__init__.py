"""All SQL of stock_data: what changes in `unit`, what is looked up in `reader`."""
