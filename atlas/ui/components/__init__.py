"""What pages place: each module draws one part of the interface."""
