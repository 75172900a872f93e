"""The only place that knows openpyxl and HTML; it only writes."""
