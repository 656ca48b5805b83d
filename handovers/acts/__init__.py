"""What a person may do with one problem or with many: forms, bulk runs, undoing, forwarding."""
