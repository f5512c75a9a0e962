import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningLaptop, runLaptop, startLaptop } from '../support/laptop.ts';
import { temporaryFolder } from '../support/laptop-engines.ts';

// About the laptop itself; a deployed stage has none of it.
describe.skipIf(process.env.E2E_URL)('the laptop', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let laptop: RunningLaptop;
  beforeAll(async () => {
    folder = await temporaryFolder();
    laptop = await startLaptop({ home: folder.path });
  });
  afterAll(async () => {
    await laptop?.stop();
    await folder.remove();
  });

  const me = (): Promise<Response> =>
    fetch(`${laptop.apiUrl}/v1/me`, { headers: { authorization: `Bearer ${laptop.apiKey}` } });
  const publish = (text: string): Promise<Response> =>
    fetch(`${laptop.sandboxUrl}/api/posts`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer cafe-nord',
        'idempotency-key': text,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ text }),
    });

  it('answers everywhere by the time it has said where', async () => {
    for (const url of [laptop.docsUrl, laptop.inboxUrl, laptop.sandboxUrl, laptop.apiUrl]) {
      const answer = await fetch(url);
      expect([url, answer.status]).toEqual([url, 200]);
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/);
    }
    const mails = await fetch(laptop.inboxUrl, { headers: { accept: 'application/json' } });
    expect(await mails.json()).toEqual([]);
    expect((await me()).status).toBe(200);
  });

  it.runIf(process.platform === 'linux')('listens on the loopback address only', async () => {
    const addresses = await listeningAddresses(laptop.pid);
    expect(addresses.length).toBeGreaterThanOrEqual(4);
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']));
  });

  it('does not let a second one into its folder, says where the first one is, and leaves it alone', async () => {
    const second = runLaptop(laptop.home);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`already runs on ${laptop.home}, at ${laptop.apiUrl}`);
    expect((await me()).status).toBe(200);
  });

  it('says so when its port is taken', async () => {
    const elsewhere = await temporaryFolder();
    const port = new URL(laptop.apiUrl).port;
    const second = runLaptop(elsewhere.path, port);
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain(`Port ${port} is taken`);
    await elsewhere.remove();
  });

  it.each([
    ['no port', 'unused', '4000a', 'PORT must be a whole number from 0 to 65535, not 4000a.'],
    ['no folder', `${import.meta.filename}/data`, '0', 'There can be no folder'],
  ])('says in a line what is wrong with %s', async (_what, home, port, words) => {
    const none = runLaptop(home, port);
    expect(await none.ended).toBe(1);
    expect(none.output()).toContain(words);
    expect(none.output().trim().split('\n')).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')('ends when the shell that npm runs it in is ended', async () => {
    const own = await temporaryFolder();
    const npm = spawn('sh', ['-c', `"${process.execPath}" infra/local/serve.ts; true`], {
      env: { ...process.env, npm_lifecycle_event: 'start', SENDEPLAN_HOME: own.path, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(npm.stdout, 'data');
    npm.kill('SIGTERM');
    // The pipe is closed by the last process that has it.
    await once(npm.stdout.resume(), 'end');
    await own.remove();
  });

  it('ends when the demo that started it is killed', async () => {
    const own = await temporaryFolder();
    const demo = runDemo(own.path);
    const [ready] = await once(demo.stdout.setEncoding('utf8'), 'data');
    const apiUrl = /ready +(\S+)/.exec(ready)?.[1] ?? expect.fail(ready);
    demo.kill('SIGKILL');
    await expect.poll(() => answers(apiUrl), { timeout: 20_000, interval: 100 }).toBe(false);
    await own.remove();
  });

  it('says in the demo, too, why it does not start', async () => {
    const own = await temporaryFolder();
    const demo = runDemo(own.path, '4000a');
    const [said] = await once(demo.stderr.setEncoding('utf8'), 'data');
    expect(said).toContain('PORT must be a whole number from 0 to 65535, not 4000a.');
    await own.remove();
  });

  it('takes no arguments, and says what it takes instead', async () => {
    const runs = ['serve.ts', 'demo.ts'].map((program) => runProgram(program, '--port', '5000'));
    // Both are read from the start: what nobody reads is gone when its process ends.
    for (const said of await Promise.all(runs.map(({ stderr }) => text(stderr)))) {
      expect(said).toContain('takes no arguments: PORT and SENDEPLAN_HOME choose where');
    }
  });

  it('shows its pages to nobody who came by another name', async () => {
    const { port } = new URL(laptop.apiUrl);
    const answer = await fetch(`http://[::ffff:127.0.0.1]:${port}/inbox`);
    expect(answer.status).toBe(421);
  });

  it('has its agency, its key and its sandbox after a kill -9, and starts by itself', async () => {
    expect((await publish('before the kill')).status).toBe(201);
    const { apiKey } = laptop;
    const before = await (await me()).json();
    await laptop.kill();
    laptop = await startLaptop({ home: folder.path });
    expect(laptop.apiKey).toBe(apiKey);
    expect(await (await me()).json()).toEqual(before);
    expect((await publish('before the kill')).status).toBe(200);
  });

  it('ends cleanly when it is told to', async () => {
    const other = await startLaptop();
    await expect(other.stop()).resolves.toBeUndefined();
    await expect(fetch(other.apiUrl)).rejects.toThrow();
  });
});

/** What `npm start` and `npm run demo` run, with arguments that they do not have: it ends before it does anything. */
const runProgram = (name: string, ...args: string[]) =>
  spawn(process.execPath, [`infra/local/${name}`, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

const runDemo = (home: string, port = '0') =>
  spawn(process.execPath, ['infra/local/demo.ts'], {
    env: { ...process.env, SENDEPLAN_HOME: home, PORT: port },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** Local addresses of the sockets that a process listens on, from Linux's tables. */
async function listeningAddresses(pid: number): Promise<string[]> {
  const links = await Promise.all(
    (await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  );
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'utf8')),
  );
  return tables
    .flatMap((table) => table.trim().split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && inodes.has(fields[9] ?? ''))
    .map((fields) => (fields[1] === undefined ? '' : readable(fields[1])));
}

/** `0100007F:1F90` is 127.0.0.1; anything longer is IPv6 and shown as it is. */
function readable(address: string): string {
  const [hex = ''] = address.split(':');
  if (hex.length !== 8) return hex;
  return (hex.match(/../g) ?? [])
    .map((byte) => Number.parseInt(byte, 16))
    .reverse()
    .join('.');
}
