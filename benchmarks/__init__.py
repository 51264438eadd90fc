"""How fast the site is beside what people paste: ``make bench``."""
