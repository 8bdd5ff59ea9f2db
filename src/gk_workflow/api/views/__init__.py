"""What answers look like: cases, deadlines, entries as values with Chinese labels; they judge nothing."""
