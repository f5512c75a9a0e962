import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { localAgency } from './agency-file.ts';
import { writeDurably } from './durable-file.ts';
import { startDynamo } from './dynamo.ts';
import { startEngines } from './engines.ts';
import { setEnvironment, TABLE_NAME } from './environment.ts';
import { eventsAnswer, homeAnswer } from './home-page.ts';
import { inboxRoutes } from './inbox-routes.ts';
import { laptopApi } from './laptop-api.ts';
import { startPublicServer } from './public-server.ts';
import { openSandbox } from './sandbox.ts';
import { openSandboxMedia } from './sandbox-media.ts';
import { sandboxRoutes } from './sandbox-routes.ts';
import { startWork } from './work.ts';

/** What `local.json` in the data folder says, once everything answers. */
export type LocalJson = {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly docsUrl: string;
  readonly inboxUrl: string;
  readonly sandboxUrl: string;
};
export type Laptop = { readonly places: LocalJson; readonly stop: () => Promise<void> };

/**
 * Starts everything on loopback, with its data in `home`. Port 0 takes any free one. Rejects with `DatabaseTaken` when
 * another process has the folder, before anything in it is touched. `onDeath` hears when it cannot go on.
 */
export async function startLaptop(
  home: string,
  port: number,
  onDeath: (reason: Error) => void,
): Promise<Laptop> {
  await mkdir(home, { recursive: true });
  const dynamo = await startDynamo(join(home, 'dynamodb'), TABLE_NAME, onDeath);
  await rm(localJsonPath(home), { force: true });
  const server = await startPublicServer(port);
  const apiUrl = server.url;
  const inboxUrl = `${apiUrl}/inbox`;
  const sandboxUrl = `${apiUrl}/sandbox`;

  const engines = await startEngines(home);
  const sandbox = await openSandbox(join(home, 'sandbox.jsonl'));
  const sandboxMedia = await openSandboxMedia(join(home, 'sandbox-media'));
  const environment = setEnvironment(engines, { home, dynamoUrl: dynamo.url, apiUrl, inboxUrl, sandboxUrl });
  const { handlers, deps, createAgency, reviveAfterBoot } = await loadFunctions();
  const agency = await localAgency(home, () => createAgency(deps, { name: 'My agency' }));
  await reviveAfterBoot(deps);

  const pages = {
    '': homeAnswer,
    inbox: inboxRoutes(engines.inbox, inboxUrl),
    sandbox: sandboxRoutes({ sandbox, media: sandboxMedia, baseUrl: sandboxUrl, newId: newPostId }),
    events: eventsRoute,
  };
  function eventsRoute(request: Parameters<typeof eventsAnswer>[1]) {
    return eventsAnswer(engines.bus.newest(), request);
  }
  server.open(laptopApi(handlers.api), pages, deps.log);
  const work = startWork(engines.queues, handlers, deps.log);

  const places = { apiUrl, apiKey: agency.key, docsUrl: `${apiUrl}/docs`, inboxUrl, sandboxUrl };
  await expectAnswers(places);
  // For commands that work on the engines themselves: `npm run agency`.
  await writeDurably(join(home, 'engines.json'), `${JSON.stringify(environment, null, 2)}\n`, 0o600);
  await writeDurably(localJsonPath(home), `${JSON.stringify(places, null, 2)}\n`, 0o600);
  return {
    places,
    stop: async () => {
      await server.close();
      await work.stop();
      await engines.stop();
      await sandbox.close();
      await dynamo.stop();
    },
  };
}

export function localJsonPath(home: string): string {
  return join(home, 'local.json');
}

/** Imported only now: they read the environment that has just been set. */
async function loadFunctions() {
  const [api, publish, measure, report, rescue, runtime, agency, boot] = await Promise.all([
    import('../../functions/api/index.ts'),
    import('../../functions/publish.ts'),
    import('../../functions/measure.ts'),
    import('../../functions/report.ts'),
    import('../../functions/rescue.ts'),
    import('../../functions/runtime.ts'),
    import('../../shared/usecases/create-agency.ts'),
    import('../../shared/usecases/boot.ts'),
  ]);
  return {
    handlers: {
      api: api.handler,
      publish: publish.handler,
      measure: measure.handler,
      report: report.handler,
      rescue: rescue.handler,
    },
    deps: runtime.deps(),
    createAgency: agency.createAgency,
    reviveAfterBoot: boot.reviveAfterBoot,
  };
}

async function expectAnswers({ apiUrl, docsUrl, inboxUrl, sandboxUrl }: LocalJson): Promise<void> {
  const urls = [`${apiUrl}/v1/health`, docsUrl, inboxUrl, sandboxUrl];
  const answers = await Promise.all(urls.map((url) => fetch(url)));
  const bad = answers.find((answer) => !answer.ok);
  if (bad) throw new Error(`${bad.url} answers with ${bad.status}`);
}

function newPostId(): string {
  return `sbx-${randomUUID()}`;
}
