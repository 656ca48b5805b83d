"""Open311 GeoReport v2: other systems read our problems and send us theirs."""
