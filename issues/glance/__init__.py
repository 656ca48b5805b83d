"""A glance before the public: what looks like a person in a text. Pure rules, but for the gazetteer."""
