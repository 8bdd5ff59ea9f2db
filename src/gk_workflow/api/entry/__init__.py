"""How a request comes in: framed, identified, admitted, led to its operation, given what it works with."""
