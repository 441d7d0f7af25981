"""The roster workbook: read with its faults and differences, written from what is stored."""
