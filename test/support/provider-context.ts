import { createHttp } from '../../shared/channels/http.ts';
import type { Context, HttpRequest } from '../../shared/channels/provider.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import type { Http } from '../../shared/ports.ts';
import { DUE_AT } from './builders.ts';

export type TestContext = Context & {
  /** The irreversible requests that were asked for, sent or not. */
  readonly sends: readonly HttpRequest[];
  /** What people were asked by mail. */
  readonly asked: readonly ('first' | 'reminder')[];
};

export type TestContextOptions = {
  /** Default: the real one, with loopback allowed and a timeout of 20 s. */
  readonly http?: Http;
  /** For the irreversible request only. Default: the same as `http`. */
  readonly send?: Http;
  /** Default: one minute after `DUE_AT`. */
  readonly now?: () => number;
  /** What `beforeSend` says: false stands for a claim that has grown too old. */
  readonly maySend?: boolean;
  /** False stands for a queue that is away. */
  readonly mayAsk?: boolean;
  readonly session?: string;
  /** Holds what `Context.media` reads, by path. Default: every file is there, as many bytes as it says. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
};

const CHUNK = 64 * 1024;

/** What a provider is given to work with, in tests. */
export function providerContext({
  http = createHttp({ allowLoopback: true }),
  send = http,
  now = () => DUE_AT + MINUTE,
  maySend = true,
  mayAsk = true,
  session,
  files,
}: TestContextOptions = {}): TestContext {
  const sends: HttpRequest[] = [];
  const asked: ('first' | 'reminder')[] = [];
  let kept = session;
  return {
    sends,
    asked,
    ask: async (what) => {
      if (!mayAsk) throw new Error('nobody can be asked now');
      asked.push(what);
    },
    now,
    http: (request) => http(request),
    send: (request) => {
      sends.push(request);
      return send(request, () => maySend);
    },
    session: {
      get: async () => kept,
      set: async (value) => {
        kept = value;
      },
    },
    media: {
      url: async ({ path }) => `https://media.example/${path}?signature=1`,
      async *read({ path, bytes }, { from, to } = { from: 0, to: bytes }) {
        const known = files?.get(path);
        for (let at = from; at < Math.min(to, bytes); at += CHUNK) {
          const until = Math.min(at + CHUNK, to, bytes);
          yield known?.subarray(at, until) ?? new Uint8Array(until - at).fill(120);
        }
      },
    },
  };
}
