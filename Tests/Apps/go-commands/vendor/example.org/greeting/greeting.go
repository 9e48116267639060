package greeting

// Text is what the programs say.
const Text = "Hello from a vendored package"
