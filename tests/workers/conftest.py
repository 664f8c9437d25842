from tests.gateway.fixtures import make_line, quiz, stand_in  # noqa: F401
