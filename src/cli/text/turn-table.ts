/** Lists of turns and sessions for people. Pure. */
import type { SessionSummary, TurnSummary } from '../../client/index.js';
import { when } from '../../logger/wording.js';
import { table } from './table.js';
import { took } from './words.js';

export function turnTable(turns: readonly TurnSummary[]): string {
  const rows = turns.map(({ turn_id, agent, status, started_at, closed_at, session_id = '' }) => [
    turn_id,
    agent,
    status,
    when(started_at),
    took(started_at, closed_at),
    session_id,
  ]);
  return table(['TURN', 'AGENT', 'STATUS', 'STARTED', 'TOOK', 'SESSION'], rows);
}

export function sessionTable(sessions: readonly SessionSummary[]): string {
  const rows = sessions.map(({ session_id, agent, status, started_at }) => [
    session_id,
    agent,
    status,
    when(started_at),
  ]);
  return table(['SESSION', 'AGENT', 'STATUS', 'STARTED'], rows);
}
