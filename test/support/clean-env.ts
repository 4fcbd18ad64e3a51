// Tests go to the servers that were started for them, whatever this machine's settings point at. Without this
// a forgotten option would quietly reach somebody's namespace or account.

const settings = /^(OPENAI|TEMPORAL)_/;

for (const name of Object.keys(process.env)) {
  if (settings.test(name) && name !== 'TEMPORAL_CLI_PATH') delete process.env[name];
}
