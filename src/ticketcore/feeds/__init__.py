"""What a desk can be fed from: files of other programs, read into values."""
