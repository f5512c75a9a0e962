import type { Reply } from './server.ts';

/** A refusal of X's API v2: RFC 7807, `type` ends in a name of X's. */
export const problem = (status: number, type: string, detail: string, more: object = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/problem+json' },
  body: { ...problemOf(type, detail), status, ...more },
});

export const problemOf = (type: string, detail: string) => ({
  type: type === 'about:blank' ? type : `https://api.x.com/2/problems/${type}`,
  title: detail,
  detail,
});
