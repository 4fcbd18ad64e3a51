/** The worker, an agent or a tool is set up in a way that cannot work. Thrown before anything runs. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}
