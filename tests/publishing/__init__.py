"""Tests of publishing: what strangers see changes only by users who may publish."""
