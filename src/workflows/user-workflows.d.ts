/** Set by the bundler to the user's workflowsPath. */
declare module 'durable-turns-user-workflows' {
  const workflow: unknown;
  export default workflow;
}
