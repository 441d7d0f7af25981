"""Tests of cooperation zones."""
