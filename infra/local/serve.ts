import { resolve } from 'node:path';
import { readIfThere } from './durable-file.ts';
import { DatabaseTaken } from './dynamo.ts';
import { type LocalJson, localJsonPath, startLaptop } from './laptop.ts';

/** `npm start`: everything on this machine. `PORT` (4000) and `SENDEPLAN_HOME` (.sendeplan) choose where. */
const home = resolve(process.env.SENDEPLAN_HOME || '.sendeplan');
const port = Number(process.env.PORT || 4000);
let starting: ReturnType<typeof startLaptop> | undefined;
let ending = false;

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());

// npm passes a signal on to its shell alone, which dies of it and leaves this process behind.
if (process.env.npm_lifecycle_event === 'start') {
  const shell = process.ppid;
  setInterval(() => process.ppid !== shell && !ending && void end(), 500).unref();
}

// The demo that started this one is gone, however it ended.
process.on('disconnect', () => !ending && void end());

try {
  if (process.argv.length > 2) die('This takes no arguments: PORT and SENDEPLAN_HOME choose where.');
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    die(`PORT must be a whole number from 0 to 65535, not ${process.env.PORT}.`);
  starting = startLaptop(home, port, (reason) => die(`The database has stopped: ${reason.message}`));
  const { places } = await starting;
  if (!ending) announce(places);
} catch (error) {
  die(await reasonOf(error));
}

function announce(places: LocalJson): void {
  process.stdout.write(`
Sendeplan is running, for this machine only.

  API              ${places.apiUrl}
  Documentation    ${places.docsUrl}
  Inbox            ${places.inboxUrl}
  Sandbox network  ${places.sandboxUrl}
  API key          ${places.apiKey}

These are also in ${localJsonPath(home)}. Ctrl+C ends it.
`);
}

async function end(): Promise<void> {
  // A second signal does not wait.
  if (ending) process.exit(130);
  ending = true;
  // The first may come while things start: `local.json` can be read a moment before the start is over.
  const running = await starting;
  await running?.stop();
  process.exit(0);
}

function die(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

async function reasonOf(error: unknown): Promise<string> {
  if (error instanceof DatabaseTaken) {
    const other = await otherLaptop();
    return other
      ? `Sendeplan already runs on ${home}, at ${other}. Stop it first, or choose another folder with SENDEPLAN_HOME.`
      : `${error.message}. Most likely another process has it open: stop that first, or choose another folder with SENDEPLAN_HOME.`;
  }
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Choose another with PORT, or any free one with PORT=0.`;
  }
  if (syscall === 'mkdir') {
    return `There can be no folder ${home} (${code}). Choose another one with SENDEPLAN_HOME.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** The address of the one that has the folder, if it still answers. */
async function otherLaptop(): Promise<string | undefined> {
  try {
    const { apiUrl } = JSON.parse((await readIfThere(localJsonPath(home))) ?? '') as LocalJson;
    await fetch(`${apiUrl}/`, { signal: AbortSignal.timeout(2_000) });
    return apiUrl;
  } catch {
    return undefined;
  }
}
