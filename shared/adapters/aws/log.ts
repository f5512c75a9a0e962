import type { Log } from '../../ports.ts';

type Level = 'info' | 'warn' | 'error';

/**
 * Writes one line of JSON per call: `{level, at, message, …fields}`, without the level where it is `info`. Values
 * under names that sound like secrets are left out, and so are e-mail addresses; long texts are clipped, errors are
 * told with their causes. `stamped: false`: CloudWatch dates every line itself, and each byte is paid for.
 */
export function jsonLog(write: (line: string) => void = toStdout, { stamped = true } = {}): Log {
  const at =
    (level: Level) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      const told = presentable(fields, 0) as Record<string, unknown>;
      const head = {
        ...(level === 'info' ? {} : { level }),
        ...(stamped ? { at: new Date().toISOString() } : {}),
      };
      write(`${JSON.stringify({ ...head, message, ...told })}\n`);
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

export const toStdout = (line: string): void => void process.stdout.write(line);
const SECRET = /credential|authorization|password|passphrase|token|secret|cookie|apikey|api_key|datakey/i;
const LONGEST_TEXT = 2_000;
/** Deeper than anything worth logging, and what ends a value that contains itself. */
const DEEPEST = 6;

function presentable(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return clipped(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '[deeper]';
  if (value instanceof Error) return presentableError(value, depth);
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (Array.isArray(value)) return value.map((item) => presentable(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      SECRET.test(name) ? '[redacted]' : presentable(item, depth + 1),
    ]),
  );
}

/** Only what every error has: SDK errors carry the whole answer, which may hold anything. */
function presentableError(error: Error, depth: number): Record<string, unknown> {
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: clipped(error.message),
    ...(typeof code === 'string' && { code }),
    ...(error.stack && { stack: clipped(error.stack) }),
    ...(error.cause !== undefined && { cause: presentable(error.cause, depth + 1) }),
  };
}

function clipped(text: string): string {
  const bounded = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  return bounded.replace(ADDRESS, '…@…');
}

const ADDRESS = /[\w.+-]+@[\w-]+\.[\w.-]+/g;
