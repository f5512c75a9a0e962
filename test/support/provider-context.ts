import { createHttp } from '../../shared/channels/http.ts';
import type { Context, HttpRequest } from '../../shared/channels/provider.ts';
import { MINUTE } from '../../shared/domain/time.ts';
import type { Http } from '../../shared/ports.ts';
import { DUE_AT } from './builders.ts';

export type TestContext = Context & {
  /** The irreversible requests that were asked for, sent or not. */
  readonly sends: readonly HttpRequest[];
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
  readonly session?: string;
};

/** What a provider is given to work with, in tests. */
export function providerContext({
  http = createHttp({ allowLoopback: true }),
  send = http,
  now = () => DUE_AT + MINUTE,
  maySend = true,
  session,
}: TestContextOptions = {}): TestContext {
  const sends: HttpRequest[] = [];
  let kept = session;
  return {
    sends,
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
  };
}
