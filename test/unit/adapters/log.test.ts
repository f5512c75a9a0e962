import { expect, it } from 'vitest';
import { jsonLog } from '../../../shared/adapters/aws/log.ts';

function recorded(act: (log: ReturnType<typeof jsonLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  act(jsonLog((line) => lines.push(line)));
  return lines.map((line) => {
    expect(line.indexOf('\n')).toBe(line.length - 1);
    return JSON.parse(line);
  });
}

it('writes one line of JSON with level, time, message and fields', () => {
  const [line] = recorded((log) => log.warn('queue is slow', { postId: 'post_1', waitedMs: 12 }));
  expect(line).toMatchObject({ level: 'warn', message: 'queue is slow', postId: 'post_1', waitedMs: 12 });
  expect(Date.parse(String(line?.at))).not.toBeNaN();
});

it('leaves secrets out, however deep they lie', () => {
  const [line] = recorded((log) =>
    log.info('request', {
      keyId: 'key_1',
      headers: { Authorization: 'Bearer abc', accept: '*/*' },
      channels: [{ credential: { password: 'x' } }, { accessToken: 'y' }],
    }),
  );
  expect(line).toMatchObject({
    keyId: 'key_1',
    headers: { Authorization: '[redacted]', accept: '*/*' },
    channels: [{ credential: '[redacted]' }, { accessToken: '[redacted]' }],
  });
});

it('tells errors with their causes, and nothing that hangs on them', () => {
  const error = Object.assign(new Error('outer', { cause: new Error('inner') }), {
    $response: { body: 'x' },
  });
  const [line] = recorded((log) => log.error('failed', { error }));
  expect(line?.error).toMatchObject({ name: 'Error', message: 'outer', cause: { message: 'inner' } });
  expect(line?.error).not.toHaveProperty('$response');
});

it('survives what JSON cannot say, and clips long texts', () => {
  const loop: Record<string, unknown> = {};
  loop.self = loop;
  const [line] = recorded((log) => log.info('odd', { big: 10n, loop, long: 'x'.repeat(5_000) }));
  expect(line?.big).toBe('10');
  expect(String(line?.long).length).toBeLessThan(2_100);
});

it('leaves e-mail addresses out of every text', () => {
  const [line] = recorded((log) =>
    log.error('refused', {
      reason: 'owner@bakery.example is not verified',
      error: new Error('to a.b+c@d.example'),
    }),
  );
  expect(JSON.stringify(line)).not.toMatch(/owner|a\.b/);
  expect(line?.reason).toBe('…@… is not verified');
});
