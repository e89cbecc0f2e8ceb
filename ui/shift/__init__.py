"""The guided shift and the gallery: they drive the real screens of real windows, with simulated devices at the other end of real ports."""
