/** The door `durable-turns/gateway`: turns over HTTP and server-sent events. */
export { createGateway } from './gateway.js';
export type { Gateway } from './gateway.js';
export { GatewayConfigurationError } from './options.js';
export type { Authenticate, GatewayAuth, GatewayLimits, GatewayOptions, Principal } from './options.js';
export { serveGateway } from './serve.js';
export type { GatewayServer, ServeOptions } from './serve.js';
export { openApiDocument } from './openapi/document.js';
