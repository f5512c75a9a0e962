import { randomBytes } from 'node:crypto';
import type { Random } from '../../ports.ts';

/** The operating system's random numbers. */
export function systemRandom(): Random {
  return { bytes: (count) => new Uint8Array(randomBytes(count)) };
}
