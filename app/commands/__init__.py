"""One file a command of `nghedan`."""
