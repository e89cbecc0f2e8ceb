"""The demonstration plant: a maker of a 22G safety IV catheter in Suzhou, made through the product's own commands."""
