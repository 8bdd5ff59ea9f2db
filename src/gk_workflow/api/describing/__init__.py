"""The OpenAPI document, made from the operations; it answers no request about a case."""
