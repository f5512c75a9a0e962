import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';

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
  const place = values.stage === undefined ? laptop() : await deployed(values.stage);
  Object.assign(process.env, place.environment);
  // Imported only now: the composition root reads the environment that has just been set.
  const [{ deps }, { createAgency }] = await Promise.all([
    import('../functions/runtime.ts'),
    import('../shared/usecases/create-agency.ts'),
  ]);
  const { agencyId, key } = await createAgency(deps(), { name });
  process.stdout.write(firstSteps(place.apiUrl, agencyId, key));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

type Place = { readonly apiUrl: string; readonly environment: Readonly<Record<string, string>> };

/** The laptop that runs on the data folder: it says how to reach its engines. */
function laptop(): Place {
  const home = resolve(process.env.SENDEPLAN_HOME || '.sendeplan');
  try {
    const { apiUrl } = JSON.parse(readFileSync(join(home, 'local.json'), 'utf8')) as { apiUrl: string };
    return { apiUrl, environment: JSON.parse(readFileSync(join(home, 'engines.json'), 'utf8')) };
  } catch (cause) {
    throw new Error(`No Sendeplan runs on ${home}. Start it with npm start, or name a stage: ${USAGE}`, {
      cause,
    });
  }
}

/** A deployed stage: the table and the key are named by the stack's outputs. */
async function deployed(stage: string): Promise<Place> {
  const StackName = `sendeplan-${stage}`;
  const { Stacks } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName }));
  const outputs = new Map(
    Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const output = (key: string): string => {
    const value = outputs.get(key);
    if (!value) throw new Error(`The stack ${StackName} has no output ${key}.`);
    return value;
  };
  return {
    apiUrl: output('ApiUrl').replace(/\/$/, ''),
    environment: { STAGE: stage, TABLE_NAME: output('TableName'), KEY_ID: output('KeyId') },
  };
}

function firstSteps(apiUrl: string, agencyId: string, key: string): string {
  const call = (method: string, path: string, body: unknown): string =>
    `curl -X ${method} ${apiUrl}${path} -H "Authorization: Bearer $SENDEPLAN_KEY" -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body)}'\n`;
  const webhook = { url: 'https://client.example/hook', secret: 'at least 16 characters' };
  return `Agency ${agencyId}. Its admin key, shown only now:

  export SENDEPLAN_KEY=${key}

A client, a channel, a post:

${call('POST', '/v1/brands', { name: 'Bakery', timeZone: 'Europe/Berlin', locale: 'de' })}
${call('POST', '/v1/brands/BRAND_ID/channels', { network: 'webhook', name: 'Website', credential: webhook })}
${call('POST', '/v1/brands/BRAND_ID/posts', { content: { text: 'Fresh bread!' }, channels: ['CHANNEL_ID'], dueAt: 'now' })}
`;
}
