import { randomUUID } from 'node:crypto';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { jsonAnswer, type LocalAnswer } from '../../infra/local/local-answer.ts';
import { listen } from '../../infra/local/loopback.ts';
import { startPublicServer } from '../../infra/local/public-server.ts';
import { openSandbox } from '../../infra/local/sandbox.ts';
import { openSandboxMedia } from '../../infra/local/sandbox-media.ts';
import { sandboxRoutes } from '../../infra/local/sandbox-routes.ts';
import { jsonLog } from '../../shared/adapters/aws/log.ts';

/** What the stage publishes to, and where the mails can be read. */
export type Outside = {
  readonly sandboxUrl: string;
  /** Answers `[{to, subject, html}]`, as the laptop's inbox does. */
  readonly inboxUrl: string;
  readonly stop: () => Promise<void>;
};

/** The sandbox network of the laptop, and an inbox over what the endpoint's SES has accepted. */
export async function startOutside(folder: string, endpointUrl: string): Promise<Outside> {
  const server = await startPublicServer(0);
  const sandboxUrl = `${server.url}/sandbox`;
  const sandbox = await openSandbox(join(folder, 'sandbox.jsonl'));
  const media = await openSandboxMedia(join(folder, 'sandbox-media'));
  const pages = {
    sandbox: sandboxRoutes({ sandbox, media, baseUrl: sandboxUrl, newId: () => `sbx-${randomUUID()}` }),
    inbox: () => mails(endpointUrl),
  };
  server.open(async () => ({ statusCode: 404 }), pages, jsonLog());
  return {
    sandboxUrl,
    inboxUrl: `${server.url}/inbox`,
    stop: async () => {
      await server.close();
      await sandbox.close();
    },
  };
}

async function mails(endpointUrl: string): Promise<LocalAnswer> {
  const answer = await fetch(`${endpointUrl}/_ministack/ses/messages`);
  const { messages } = (await answer.json()) as { messages: Record<string, Accepted[]> };
  const all = Object.values(messages).flat();
  return jsonAnswer(
    200,
    all.map(({ To, Subject, BodyHtml }) => ({ to: To.join(', '), subject: Subject, html: BodyHtml ?? '' })),
  );
}

type Accepted = {
  readonly To: readonly string[];
  readonly Subject: string;
  readonly BodyHtml: string | null;
};

/**
 * One address for the tests: `/sandbox` is the network, everything else the deployed API. The API has a name that no
 * resolver knows; it is put into the `Host` of each request, which goes to the endpoint itself.
 * @param apiHost asked at the first request, when there is an API, and again after `forget`
 */
export async function startFront(endpointUrl: string, sandboxUrl: string, apiHost: () => Promise<string>) {
  let host: Promise<string> | undefined;
  const server = await listen((request, response) => {
    if (/^\/sandbox(\/|\?|$)/.test(request.url ?? '')) {
      return forward(request, response, new URL(sandboxUrl), new URL(sandboxUrl).host);
    }
    host ??= apiHost();
    host.then(
      (name) => forward(request, response, new URL(endpointUrl), name),
      (error: Error) => response.destroy(error),
    );
  });
  const forget = (): void => {
    host = undefined;
  };
  return { ...server, forget };
}

function forward(request: IncomingMessage, response: ServerResponse, to: URL, host: string): void {
  const { method, url: path, headers } = request;
  const asked = httpRequest(
    { host: to.hostname, port: to.port, method, path, headers: { ...headers, host } },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  asked.on('error', (error) => response.destroy(error));
  request.pipe(asked);
}
