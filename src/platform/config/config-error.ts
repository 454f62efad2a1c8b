/** A mistake in the configuration or in the machine's state that stops the start: printed as one line, exit code 2, no stack trace. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
