/** Which page is shown, as the part of the address behind `#`: it survives a reload and can be sent to others. */
import { TURN_STATUSES } from './net/wire.js';
import type { SessionFilter, TurnFilter } from './net/wire.js';

/** What of a turn is shown: for people, or event by event. */
export type TurnView = 'timeline' | 'events';

export type SessionView = 'chat' | 'events';

export type Route =
  | { readonly page: 'turns'; readonly filter: TurnFilter }
  | { readonly page: 'turn'; readonly turnId: string; readonly view: TurnView }
  | { readonly page: 'sessions'; readonly filter: SessionFilter }
  | { readonly page: 'session'; readonly sessionId: string; readonly view: SessionView }
  | { readonly page: 'unknown'; readonly path: string };

export function parseRoute(hash: string): Route {
  const [path, query] = splitOnce(hash.replace(/^#/, ''), '?');
  const [place = '', id, ...rest] = path.split('/').filter((part) => part !== '');
  const parameters = new URLSearchParams(query);
  const named = id === undefined ? undefined : decoded(id);
  if (rest.length > 0 || (id !== undefined && named === undefined)) return { page: 'unknown', path };
  if (place === '' && id === undefined) return { page: 'turns', filter: {} };
  if (place === 'turns') {
    if (named === undefined) return { page: 'turns', filter: turnFilter(parameters) };
    return { page: 'turn', turnId: named, view: parameters.get('view') === 'events' ? 'events' : 'timeline' };
  }
  if (place === 'sessions') {
    if (named === undefined) return { page: 'sessions', filter: sessionFilter(parameters) };
    return {
      page: 'session',
      sessionId: named,
      view: parameters.get('view') === 'events' ? 'events' : 'chat',
    };
  }
  return { page: 'unknown', path };
}

export function formatRoute(route: Route): string {
  switch (route.page) {
    case 'turns':
      return `#/turns${queryOf(route.filter)}`;
    case 'turn':
      return turnHref(route.turnId, route.view);
    case 'sessions':
      return `#/sessions${queryOf(route.filter)}`;
    case 'session':
      return sessionHref(route.sessionId, route.view);
    case 'unknown':
      return `#${route.path}`;
  }
}

/** A turn's address. A session's turn id holds a `/`, so it is encoded. */
export function turnHref(turnId: string, view: TurnView = 'timeline'): string {
  return `#/turns/${encodeURIComponent(turnId)}${view === 'events' ? '?view=events' : ''}`;
}

export function sessionHref(sessionId: string, view: SessionView = 'chat'): string {
  return `#/sessions/${encodeURIComponent(sessionId)}${view === 'events' ? '?view=events' : ''}`;
}

function turnFilter(parameters: URLSearchParams): TurnFilter {
  const status = TURN_STATUSES.find((known) => known === parameters.get('status'));
  return { ...texts(parameters, ['agent', 'session_id', 'page']), ...(status ? { status } : {}) };
}

function sessionFilter(parameters: URLSearchParams): SessionFilter {
  const status = parameters.get('status');
  return {
    ...texts(parameters, ['agent', 'page']),
    ...(status === 'open' || status === 'closed' ? { status } : {}),
  };
}

function texts(parameters: URLSearchParams, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [name, parameters.get(name) ?? '']).filter(([, value]) => value !== ''),
  ) as Record<string, string>;
}

function queryOf(filter: TurnFilter | SessionFilter): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) if (value) query.set(name, String(value));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length)];
}

/** Undefined for what is no encoding, such as a lone `%`. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
