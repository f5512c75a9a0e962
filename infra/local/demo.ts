import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DemoDelivery, demoApi } from './demo-api.ts';
import { readIfThere } from './durable-file.ts';
import { type LocalJson, localJsonPath } from './laptop.ts';
import { webhookReceiver } from './webhook-receiver.ts';

/**
 * `npm run demo`: plays the main job through the HTTP API on this machine and prints the timeline. Uses the Sendeplan
 * that runs on the data folder, or starts one for as long as it takes; what it made stays there to be looked at.
 */
const DUE_IN_MS = 6_000;
const DEADLINE_MS = 60_000;
const SECRET = 'whsec_c2VuZGVwbGFuLWRlbW8tc2VjcmV0LTEyMw==';

const home = resolve(process.env.SENDEPLAN_HOME || '.sendeplan');
const startedAt = Date.now();
let own: ChildProcess | undefined;

try {
  expect(process.argv.length === 2, 'it takes no arguments: PORT and SENDEPLAN_HOME choose where.');
  const places = (await present()) ?? (await started());
  const receiver = await webhookReceiver(SECRET);
  await play(places, receiver.url);
  await receiver.stop();
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  own?.kill('SIGTERM');
}

async function play(places: LocalJson, webhookUrl: string): Promise<void> {
  const api = demoApi(places);
  const run = Date.now().toString(36);
  say('ready', places.apiUrl);
  const brand = await api.brand(`Bakery Krume ${run}`, [
    `owner-${run}@bakery.example`,
    `agency-${run}@agency.example`,
  ]);
  const channels = [
    await api.channel(brand.id, 'sandbox', 'Krume News', { account: `krume-${run}` }),
    await api.channel(brand.id, 'sandbox', 'Krume Berlin', { account: `krume-berlin-${run}` }),
    await api.channel(brand.id, 'sandbox', 'Krume Jobs', { account: `krume-jobs-${run}` }),
    await api.channel(brand.id, 'webhook', 'Krume website', { url: webhookUrl, secret: SECRET }),
  ];
  say('connected', `${channels.map(({ name }) => name).join(', ')}`);

  const dueAt = new Date(Math.ceil((Date.now() + DUE_IN_MS) / 1_000) * 1_000).toISOString();
  const post = await api.queue(brand.id, `demo-${run}`, {
    content: { text: 'Fresh bread from seven o’clock. 🥖', link: 'https://bakery.example/today' },
    channels: channels.map(({ id }) => id),
    dueAt,
  });
  say('queued', `${post.id} for ${dueAt} on ${channels.length} channels`);
  const again = await api.queue(brand.id, `demo-${run}`, {
    content: { text: 'Fresh bread from seven o’clock. 🥖', link: 'https://bakery.example/today' },
    channels: channels.map(({ id }) => id),
    dueAt,
  });
  expect(again.id === post.id, 'a replay made a second post');
  say('replayed', 'the same Idempotency-Key gave the same post');

  const published = await until('published', async () => {
    const { deliveries } = await api.post(post.id);
    return deliveries.every(({ state }) => state === 'published') ? deliveries : undefined;
  });
  for (const delivery of published) {
    const name = channels.find(({ id }) => id === delivery.channelId)?.name ?? delivery.channelId;
    const lateness = delivery.latenessMs ?? -1;
    expect(lateness >= 0, `${name} was early by ${-lateness} ms`);
    expect(lateness <= 2_000, `${name} was late by ${lateness} ms`);
    say('published', `${name.padEnd(14)} ${String(lateness).padStart(4)} ms late  ${delivery.url ?? ''}`);
  }

  const sandboxed = published.filter(({ network }) => network === 'sandbox').length;
  const measured = await until('measured', async () => {
    const counts = await api.measure(post.id);
    const told = counts.filter(({ interactions }) => (interactions ?? 0) > 0);
    return told.length >= sandboxed ? counts : undefined;
  });
  for (const { deliveryId, interactions, views } of measured) {
    const name = nameOf(published, deliveryId, channels);
    const noun = interactions === 1 ? 'interaction' : 'interactions';
    say('measured', `${name.padEnd(14)} ${interactions ?? '–'} ${noun}, ${views ?? '–'} views`);
  }

  const report = await api.report(brand.id);
  const mails = await until('mailed', async () => {
    const found = (await api.inbox()).filter((mail) => mail.to.includes(run));
    return found.length >= 2 ? found : undefined;
  });
  for (const mail of mails) say('mailed', `${mail.to}  “${mail.subject}”`);
  process.stdout.write(`
Done in ${((Date.now() - startedAt) / 1_000).toFixed(1)} s. It is all still there: run \`npm start\` and look at
  /inbox      the report as the client got it (report ${report.id})
  /sandbox    what was published
  /docs       the API that did it
`);
}

function nameOf(
  deliveries: readonly DemoDelivery[],
  deliveryId: string,
  channels: readonly { id: string; name: string }[],
): string {
  const channelId = deliveries.find(({ id }) => id === deliveryId)?.channelId;
  return channels.find(({ id }) => id === channelId)?.name ?? deliveryId;
}

/** One line of the timeline: seconds since the start, what happened, details. */
function say(what: string, details: string): void {
  const seconds = ((Date.now() - startedAt) / 1_000).toFixed(2).padStart(6);
  process.stdout.write(`${seconds} s  ${what.padEnd(10)} ${details}\n`);
}

async function until<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`not ${what} within ${DEADLINE_MS / 1_000} s`);
    await sleep(250);
  }
}

function expect(truth: boolean, otherwise: string): void {
  if (!truth) throw new Error(otherwise);
}

/** The one that runs on this folder, if one does. */
async function present(): Promise<LocalJson | undefined> {
  try {
    const places = JSON.parse((await readIfThere(localJsonPath(home))) ?? '') as LocalJson;
    const health = await fetch(`${places.apiUrl}/v1/health`, { signal: AbortSignal.timeout(2_000) });
    return health.ok ? places : undefined;
  } catch {
    return undefined;
  }
}

/** The one that `npm start` will take later, so that the addresses printed here stay good; any other when it is taken. */
async function usualPort(): Promise<string> {
  const probe = createServer();
  const free = await new Promise<boolean>((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(4000, '127.0.0.1', () => resolve(true));
  });
  if (free) await new Promise((resolve) => probe.close(resolve));
  return free ? '4000' : '0';
}

/**
 * `npm start` in a process of its own, for as long as the demo takes; its log goes to a file beside its data. It ends
 * when the channel to it closes, so none is left behind when the demo is killed.
 */
async function started(): Promise<LocalJson> {
  mkdirSync(home, { recursive: true });
  const file = join(home, 'demo.log');
  const log = openSync(file, 'w');
  own = spawn(process.execPath, [join(import.meta.dirname, 'serve.ts')], {
    env: { ...process.env, PORT: process.env.PORT || (await usualPort()), SENDEPLAN_HOME: home },
    stdio: ['ignore', log, log, 'ipc'],
  });
  return until('started', async () => {
    if (own?.exitCode !== null) throw new Error(`it did not start.\n${readFileSync(file, 'utf8').trim()}`);
    return present();
  });
}
