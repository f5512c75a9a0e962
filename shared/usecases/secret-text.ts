import type { Deps } from '../ports.ts';

/** 256 bits in 43 characters that may stand in a URL: also what RFC 7636 §4.1 wants of a verifier. */
export const secretText = (deps: Pick<Deps, 'random'>): string =>
  Buffer.from(deps.random.bytes(32)).toString('base64url');
