"""What holds for every feature, setting, text, table and request alike."""
