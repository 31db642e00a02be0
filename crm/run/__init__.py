"""How the product is started and watched: the supervisor, the embedded servers, the test command, the doctor."""
