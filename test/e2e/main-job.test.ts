import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aClient, eventually, inSeconds, type Stage, stage } from '../support/stage.ts';

let it: Stage;
beforeAll(async () => {
  it = await stage();
});
afterAll(() => it?.stop());

const ended = (postId: string, state: string) =>
  eventually(`${state}`, async () => {
    const { body } = await it.call('GET', `/v1/posts/${postId}`);
    const all = body.deliveries.every((delivery: { state: string }) => delivery.state === state);
    return all ? body : undefined;
  });

// Each with a client of its own, so that they may wait at the same time.
describe.concurrent('the main job', () => {
  test('three channels, due in nine seconds: each once, never early, at most two seconds late', async () => {
    const client = await aClient(it, 3);
    const body = { content: { text: 'Fresh bread. 🥖' }, channels: client.channels, dueAt: inSeconds(9) };
    const created = await it.call('POST', `/v1/brands/${client.brandId}/posts`, { body });
    expect(created.status).toBe(201);
    expect(created.body.status).toBe('scheduled');
    const post = await ended(created.body.id, 'published');
    expect(post.status).toBe('published');
    for (const delivery of post.deliveries) {
      expect(delivery.latenessMs).toBeGreaterThanOrEqual(0);
      expect(delivery.latenessMs).toBeLessThanOrEqual(2_000);
      expect(delivery.url).toMatch(/^http/);
    }
    for (const [index] of client.channels.entries()) {
      const live = await it.call('GET', `/sandbox/api/posts?account=${client.name}-${index + 1}`, {
        key: null,
      });
      expect(live.body).toHaveLength(1);
      expect(Date.parse(live.body[0].at)).toBeGreaterThanOrEqual(Date.parse(body.dueAt));
    }
  });

  test('a replay gives the same post, and the same key with another body is refused', async () => {
    const client = await aClient(it);
    const body = { content: { text: 'Once.' }, channels: client.channels, dueAt: inSeconds(600) };
    const headers = { 'idempotency-key': `key-${client.name}` };
    const path = `/v1/brands/${client.brandId}/posts`;
    const first = await it.call('POST', path, { body, headers });
    const replay = await it.call('POST', path, { body, headers });
    expect(replay.status).toBe(201);
    expect(replay.headers.get('idempotent-replayed')).toBe('true');
    expect(replay.body.id).toBe(first.body.id);
    const other = await it.call('POST', path, { body: { ...body, content: { text: 'Twice.' } }, headers });
    expect(other.status).toBe(422);
    expect(other.body.code).toBe('key_reused');
  });

  test('a held brand sends nothing; released in time it goes out, released too late it is missed', async () => {
    const client = await aClient(it, 1, { latePolicy: { maxLate: 'PT6S', otherwise: 'miss' } });
    const path = `/v1/brands/${client.brandId}/posts`;
    const queue = async (seconds: number, text: string) =>
      (
        await it.call('POST', path, {
          body: { content: { text }, channels: client.channels, dueAt: inSeconds(seconds) },
        })
      ).body;
    const late = await queue(5, 'Too late.');
    const soon = await queue(11, 'Still in time.');
    const held = await it.call('POST', '/v1/holds', {
      body: { scope: { brandId: client.brandId }, reason: 'crisis' },
    });
    expect(held.status).toBe(201);
    expect(held.body).toMatchObject({ held: 2, inFlight: [] });
    await ended(late.id, 'held');
    await ended(soon.id, 'held');
    expect((await it.call('GET', `/sandbox/api/posts?account=${client.name}-1`, { key: null })).body).toEqual(
      [],
    );
    const release = await it.call('POST', `/v1/holds/${held.body.id}/release`, { body: {} });
    expect(release.status).toBe(200);
    expect((await ended(soon.id, 'published')).status).toBe('published');
    expect((await ended(late.id, 'missed')).status).toBe('missed');
  });

  test('a cancelled post sends nothing, a deleted one is gone', async () => {
    const client = await aClient(it);
    const body = { content: { text: 'Never.' }, channels: client.channels, dueAt: inSeconds(4) };
    const one = await it.call('POST', `/v1/brands/${client.brandId}/posts`, { body });
    const two = await it.call('POST', `/v1/brands/${client.brandId}/posts`, { body });
    expect((await it.call('POST', `/v1/posts/${one.body.id}/cancel`)).body.status).toBe('cancelled');
    expect((await it.call('DELETE', `/v1/posts/${two.body.id}`)).status).toBe(204);
    expect((await it.call('GET', `/v1/posts/${two.body.id}`)).status).toBe(404);
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    expect((await it.call('GET', `/sandbox/api/posts?account=${client.name}-1`, { key: null })).body).toEqual(
      [],
    );
  });

  test('is measured, and a provisional report arrives once for each recipient', async (context) => {
    const { mailsTo } = it;
    if (!mailsTo) return context.skip('no inbox to look into');
    const recipients = ['client', 'agency'].map((audience) => ({
      email: `${audience}-${crypto.randomUUID()}@example.com`,
      audience,
    }));
    const client = await aClient(it, 2, { report: { weekday: 'monday', time: '08:00', recipients } });
    const body = { content: { text: 'To be measured.' }, channels: client.channels, dueAt: 'now' };
    const created = await it.call('POST', `/v1/brands/${client.brandId}/posts`, { body });
    await ended(created.body.id, 'published');
    const measured = await eventually('measured', async () => {
      const { body: counts } = await it.call('POST', `/v1/posts/${created.body.id}/metrics`);
      return counts.items.every((one: { interactions: number }) => one.interactions > 0)
        ? counts.items
        : undefined;
    });
    expect(measured[0].metrics.reach).toBeNull();

    const report = await it.call('POST', `/v1/brands/${client.brandId}/reports`, { body: { send: true } });
    expect(report.status).toBe(201);
    expect(report.body.provisional).toBe(true);
    for (const { email } of recipients) {
      await eventually(`mailed to ${email}`, async () =>
        (await mailsTo(email)).length > 0 ? true : undefined,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    for (const { email } of recipients) expect(await mailsTo(email)).toHaveLength(1);
    const again = await it.call('POST', `/v1/reports/${report.body.id}/send`, { body: {} });
    expect(again.status).toBe(409);
    const html = await it.call('GET', `/v1/reports/${report.body.id}`, { headers: { accept: 'text/html' } });
    expect(html.body).toContain(`Client ${client.name}`);
  });

  test('a channel that has lost its login holds its posts and asks for a person', async () => {
    const client = await aClient(it);
    const refused = await it.call('POST', `/v1/brands/${client.brandId}/channels`, {
      body: { network: 'sandbox', name: 'Expired', credential: { account: `expired-${client.name}` } },
    });
    expect(refused.status).toBe(422);
    expect(refused.body.findings[0].rule).toBe('credential_refused');
  });
});
