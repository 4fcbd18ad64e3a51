import { describe, expect, test } from 'vitest';
import { capabilitiesOf, serverAt } from './server-capabilities.js';
import type { ModelServer, ServerCapabilities } from './server-capabilities.js';

const SERVERS: readonly ModelServer[] = [
  'openai',
  'azure',
  'ogx',
  'huggingface',
  'xai',
  'lm_studio',
  'deepseek',
  'bedrock',
  'openrouter',
  'github_copilot',
  'vllm',
];

/** The servers that have a flag set. */
const having = (flag: keyof ServerCapabilities): readonly ModelServer[] =>
  SERVERS.filter((server) => capabilitiesOf(server, undefined)[flag]);

describe('the servers', () => {
  test.each<[keyof ServerCapabilities, readonly ModelServer[]]>([
    ['previousResponseId', ['openai', 'azure', 'ogx', 'xai', 'lm_studio', 'bedrock']],
    ['conversations', ['openai', 'azure', 'ogx']],
    ['seesAddedItems', ['openai', 'azure']],
    ['keepsInputOrder', SERVERS.filter((server) => server !== 'ogx')],
    ['background', ['openai', 'azure', 'ogx']],
    ['streamResume', ['openai', 'azure']],
    ['store', ['openai', 'azure', 'ogx', 'xai', 'lm_studio', 'bedrock']],
    ['encryptedReasoning', ['openai', 'azure', 'xai', 'bedrock', 'openrouter', 'github_copilot']],
    ['customToolsAreServerSide', ['xai']],
    ['callIdsPerResponse', ['bedrock']],
    ['stripStatusOnReplay', ['vllm']],
    ['forbidsInterleavedCalls', ['deepseek']],
  ])('that have %s are %j', (flag, servers) => {
    expect(having(flag)).toEqual(servers);
  });

  test.each([
    ['https://api.openai.com/v1', 'openai'],
    ['https://mine.openai.azure.com/openai/v1', 'azure'],
    ['https://router.huggingface.co/v1', 'huggingface'],
    ['https://api.x.ai/v1', 'xai'],
    ['https://api.deepseek.com', 'deepseek'],
    ['https://bedrock-mantle.us-east-1.api.aws/v1', 'bedrock'],
    ['https://openrouter.ai/api/v1', 'openrouter'],
    ['https://api.githubcopilot.com', 'github_copilot'],
    ['http://localhost:8321/v1', undefined],
    ['https://notapi.x.ai.example', undefined],
    ['no url', undefined],
    [undefined, undefined],
  ])('are told by the address %s', (baseURL, server) => {
    expect(serverAt(baseURL)).toBe(server);
  });
});

describe('what a server can do', () => {
  test('is told by its address', () => {
    expect(capabilitiesOf(undefined, 'https://api.deepseek.com').forbidsInterleavedCalls).toBe(true);
  });

  test('is everything when nobody knows it', () => {
    const { previousResponseId, conversations, store } = capabilitiesOf(undefined, 'http://localhost:1/v1');
    expect([previousResponseId, conversations, store]).toEqual([true, true, true]);
  });

  test('is never taken for granted where no server says it', () => {
    const { seesAddedItems, keepsInputOrder } = capabilitiesOf(undefined, 'http://localhost:1/v1');
    expect([seesAddedItems, keepsInputOrder]).toEqual([false, false]);
  });

  test('is what is configured, by name or flag by flag', () => {
    expect(capabilitiesOf('vllm', 'https://api.openai.com/v1').conversations).toBe(false);
    const flags = capabilitiesOf({ conversations: false }, 'https://api.openai.com/v1');
    expect(flags).toMatchObject({ conversations: false, previousResponseId: true });
  });
});
