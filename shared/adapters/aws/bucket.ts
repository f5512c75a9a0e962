import { createHash } from 'node:crypto';
import { HOUR, MINUTE, SECOND } from '../../domain/time.ts';
import type { Bucket, Clock } from '../../ports.ts';
import { presignedS3, type S3Method, type S3Place } from './s3-address.ts';

export type BucketSettings = S3Place & { readonly clock: Pick<Clock, 'now' | 'sleep'> };

/**
 * One S3 bucket, by presigned addresses and `fetch`: the SDK's client would weigh more than all the rest of a
 * function. Every request may be repeated, because a path is written once; reading goes on where it broke off.
 */
export function s3Bucket({ clock, ...place }: BucketSettings): Bucket {
  const addressOf = presignedS3(place);

  /** The answer, its body unread: 2xx, or 404 and 416, which tell something. Everything else is an `S3Error`. */
  const once = async (method: S3Method, path: string, { signed, range, body, signal }: Asked) => {
    const address = await addressOf(method, path, { at: clock.now(), ms: OWN_MS }, signed);
    let answer: Response;
    try {
      answer = await fetch(address, {
        method,
        headers: { ...signed, ...(range === undefined ? {} : { range }) },
        redirect: 'error',
        signal: signal ?? AbortSignal.timeout(PATIENCE_MS),
        ...(body === undefined ? {} : { body }),
      });
    } catch (error) {
      throw new S3Error(`S3 gave no answer to ${method} ${path}`, 'server', { cause: error });
    }
    if (answer.ok || answer.status === 404 || answer.status === 416) return answer;
    // In the text is what S3 holds against it; its address, which is a key to the object, is not.
    const code = /<Code>(\w+)</.exec(await answer.text().catch(() => ''))?.[1] ?? '';
    const isFault = answer.status >= 500 || answer.status === 429;
    throw new S3Error(
      `S3 answered ${method} ${path} with ${answer.status} ${code}`,
      isFault ? 'server' : 'client',
    );
  };
  const ask = async (method: S3Method, path: string, asked: Asked = {}): Promise<Response> => {
    for (let failed = 1; ; failed++) {
      try {
        return await once(method, path, asked);
      } catch (error) {
        await backOff(error, failed);
      }
    }
  };
  const backOff = async (error: unknown, failed: number): Promise<void> => {
    if (failed === TRIES || !(error instanceof S3Error) || error.$fault === 'client') throw error;
    await clock.sleep(BACKOFF_MS * 4 ** (failed - 1));
  };

  return {
    async uploadUrl(path, { type, bytes, sha256 }) {
      const headers = {
        'content-length': String(bytes),
        'content-type': type,
        'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
      };
      // The signature names a whole second, and counts from it.
      const at = Math.floor(clock.now() / SECOND) * SECOND;
      const url = await addressOf('PUT', path, { at, ms: UPLOAD_MS }, headers);
      return { url, headers, expiresAt: at + UPLOAD_MS };
    },
    readUrl: (path) => addressOf('GET', path, { at: clock.now(), ms: READ_MS }),
    async *read(path, { from, to } = { from: 0, to: Number.POSITIVE_INFINITY }) {
      let at = from;
      let failed = 0;
      while (at < to) {
        const stall = stallGuard(PATIENCE_MS);
        try {
          const range = `bytes=${at}-${Number.isFinite(to) ? to - 1 : ''}`;
          stall.watch();
          const answer = await once('GET', path, { range, signal: stall.signal });
          if (answer.status === 404) throw new S3Error(`there is no ${path}`, 'client');
          for await (const chunk of chunksOf(path, answer, stall)) {
            at += chunk.length;
            failed = 0;
            yield chunk;
          }
          return;
        } catch (error) {
          failed++;
          await backOff(error, failed);
        } finally {
          stall.rest();
        }
      }
    },
    async size(path) {
      const answer = await ask('HEAD', path);
      return answer.status === 404 ? undefined : Number(answer.headers.get('content-length'));
    },
    async put(path, { type, bytes }) {
      const signed = {
        'content-type': type,
        'x-amz-checksum-sha256': createHash('sha256').update(bytes).digest('base64'),
      };
      const answer = await ask('PUT', path, { signed, body: new Uint8Array(bytes) });
      if (!answer.ok) throw new S3Error(`S3 answered PUT ${path} with ${answer.status}`, 'client');
    },
    async delete(path) {
      await ask('DELETE', path);
    },
  };
}

type Asked = {
  /** Headers that the signature covers. */
  readonly signed?: Readonly<Record<string, string>>;
  readonly range?: string;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
};

const UPLOAD_MS = 15 * MINUTE;
const READ_MS = HOUR;
/** Validity of the addresses of our own requests. */
const OWN_MS = 5 * MINUTE;
const PATIENCE_MS = 15 * SECOND;
const TRIES = 3;
const BACKOFF_MS = 150;

/** `$fault` says as the SDK's errors do whether S3, or the way to it, failed. */
class S3Error extends Error {
  readonly $fault: 'server' | 'client';
  constructor(message: string, fault: 'server' | 'client', options?: ErrorOptions) {
    super(message, options);
    this.name = 'S3Error';
    this.$fault = fault;
  }
}

type StallGuard = { readonly signal: AbortSignal; watch(): void; rest(): void };

/** Ends a request in which nothing has moved for `ms` while it was watched; not one whose reader takes its time. */
function stallGuard(ms: number): StallGuard {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const rest = (): void => clearTimeout(timer);
  return {
    signal: ending.signal,
    watch: () => {
      rest();
      timer = setTimeout(() => ending.abort(new Error(`nothing came for ${ms} ms`)), ms);
    },
    rest,
  };
}

/** The body as it comes. Nothing, where the range begins behind the end. */
async function* chunksOf(path: string, answer: Response, stall: StallGuard): AsyncIterable<Uint8Array> {
  if (answer.status === 416 || !answer.body) return;
  const reader = answer.body.getReader();
  try {
    for (;;) {
      stall.watch();
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new S3Error(`S3 broke off in the middle of ${path}`, 'server', { cause: error });
      });
      stall.rest();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
