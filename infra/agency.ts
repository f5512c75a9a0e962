import { parseArgs } from 'node:util';
import { enterPlace, faultLine } from './place.ts';

/**
 * `npm run agency -- create NAME [--stage STAGE]`: makes an agency with its first admin key, on the laptop that runs,
 * or on a deployed stage. The key is shown here once, and stored only as its hash.
 */
const USAGE = 'usage: npm run agency -- create NAME [--stage STAGE]';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { stage: { type: 'string' } },
  });
  const [verb, name, ...rest] = positionals;
  if (verb !== 'create' || !name || rest.length > 0) throw new Error(USAGE);
  const place = await enterPlace(values.stage, { needs: ['TABLE_NAME', 'KEY_ID'], usage: USAGE });
  // Imported only now: the composition root reads the environment that has just been set.
  const [{ deps }, { createAgency }] = await Promise.all([
    import('../functions/runtime.ts'),
    import('../shared/usecases/create-agency.ts'),
  ]);
  const { agencyId, key } = await createAgency(deps(), { name });
  process.stdout.write(firstSteps(place.apiUrl, agencyId, key));
} catch (error) {
  process.stderr.write(`${faultLine(error)}\n`);
  process.exitCode = 1;
}

function firstSteps(apiUrl: string, agencyId: string, key: string): string {
  const call = (method: string, path: string, body: unknown): string =>
    `curl -X ${method} ${apiUrl}${path} -H "Authorization: Bearer $SENDEPLAN_KEY" -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body)}'\n`;
  const webhook = { url: 'https://client.example/hook', secret: 'whsec_BASE64' };
  return `Agency ${agencyId}. Its admin key, shown only now:

  export SENDEPLAN_KEY=${key}

A client, a channel, a post:

${call('POST', '/v1/brands', { name: 'Bakery', timeZone: 'Europe/Berlin', locale: 'de' })}
${call('POST', '/v1/brands/BRAND_ID/channels', { network: 'webhook', name: 'Website', credential: webhook })}
${call('POST', '/v1/brands/BRAND_ID/posts', { content: { text: 'Fresh bread!' }, channels: ['CHANNEL_ID'], dueAt: 'now' })}
`;
}
