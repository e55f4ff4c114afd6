"""What is said about wrong input, in the voice of the house; Django's own words would show otherwise."""

FILL_IN = {"required": "Please fill this in."}
TEXT = FILL_IN | {
    "max_length": "At most %(limit_value)d characters.",
    "null_characters_not_allowed": "This holds a sign that cannot be stored.",
}
NUMBER = {
    "required": "Say how many.",
    "invalid": "Give a whole number.",
    "min_value": "At least %(limit_value)s.",
    "max_value": "At most %(limit_value)s.",
}
PARTY = NUMBER | {"required": "Say how many come.", "max_value": "At most %(limit_value)s can be booked at once."}
CHOICE = {"required": "Choose one of the list.", "invalid_choice": "Choose one of the list."}
