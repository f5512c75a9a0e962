import { parseArgs } from 'node:util';
import { enterPlace, faultLine, WHEREABOUTS } from './place.ts';

/**
 * `npm run agency -- create NAME [--stage STAGE [--region REGION]]`: makes an agency with its first admin key, on the laptop that runs,
 * or on a deployed stage. The key is shown here once, and stored only as its hash.
 */
const USAGE = 'usage: npm run agency -- create NAME [--stage STAGE [--region REGION]]';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: WHEREABOUTS,
  });
  const [verb, name, ...rest] = positionals;
  if (verb !== 'create' || !name || rest.length > 0) throw new Error(USAGE);
  const place = await enterPlace(values, { needs: ['TABLE_NAME', 'KEY_ID'], usage: USAGE });
  // Imported only now: the composition root reads the environment that has just been set.
  const [{ deps }, { createAgency }] = await Promise.all([
    import('../functions/runtime.ts'),
    import('../shared/usecases/create-agency.ts'),
  ]);
  const { agencyId, key } = await createAgency(deps(), { name });
  process.stdout.write(firstSteps(place.apiUrl, agencyId, key, values.stage === undefined));
} catch (error) {
  process.stderr.write(`${faultLine(error)}\n`);
  process.exitCode = 1;
}

/** Commands as they can be pasted, one after the other: each shows its answer, and the next one takes the id out of it. */
function firstSteps(apiUrl: string, agencyId: string, key: string, onLaptop: boolean): string {
  const post = (path: string, body: string, more = ''): string =>
    `curl -sS -X POST "${apiUrl}${path}" -H "Authorization: Bearer $SENDEPLAN_KEY" \\
  -H 'Content-Type: application/json' ${more}-d '${body}'`;
  const keepId = (name: string, prefix: string, call: string): string =>
    `ANSWER=$(${call}); echo "$ANSWER"
${name}=$(echo "$ANSWER" | grep -o '${prefix}_[a-z0-9]*' | head -n 1)`;
  const brand = { name: 'Bakery', timeZone: 'Europe/Berlin', locale: 'de' };
  const sandbox = { network: 'sandbox', name: 'Try-out', credential: {} };
  const credential = { url: 'https://client.example/hook', secret: 'whsec_BASE64' };
  const channel = onLaptop ? sandbox : { network: 'webhook', name: 'Website', credential };
  const bread = `{"content":{"text":"Fresh bread!"},"channels":["'$CHANNEL'"],"dueAt":"now"}`;
  return `Agency ${agencyId}. Its admin key, shown only now:

  export SENDEPLAN_KEY=${key}

A client, a channel${onLaptop ? ' on the sandbox network' : ' (with your own address and secret)'}, a post:

${keepId('BRAND', 'brd', post('/v1/brands', JSON.stringify(brand)))}

${keepId('CHANNEL', 'chn', post('/v1/brands/$BRAND/channels', JSON.stringify(channel)))}

${post('/v1/brands/$BRAND/posts', bread, "-H 'Idempotency-Key: first-post' ")}

`;
}
