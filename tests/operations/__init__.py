"""Tests of inspections.operations."""
