import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readChoices } from '../../../../infra/deploy/choices.ts';

const OWN = { anyway: { type: 'boolean' } } as const;
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function choose(args: string[], { file, region }: { file?: unknown; region?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'sendeplan-choices-'));
  folders.push(folder);
  const configFile = join(folder, 'sendeplan.config.json');
  if (file !== undefined) writeFileSync(configFile, typeof file === 'string' ? file : JSON.stringify(file));
  return readChoices(args, OWN, {
    configFile,
    environment: region === undefined ? {} : { AWS_REGION: region },
  });
}

test('a stage alone has the region eu-central-1, logs for a month, arm64', () => {
  expect(choose(['--stage', 'prod'])).toEqual({
    settings: { stage: 'prod', region: 'eu-central-1', logRetentionDays: 30, architecture: 'arm64' },
    flags: {},
    rest: [],
  });
});

test('a flag goes before the file, and the file before the environment', () => {
  const file = { prod: { mailFrom: 'file@agency.example', agency: 'Nord', region: 'eu-west-1' }, test: {} };
  const { settings } = choose(['--stage', 'prod', '--mail-from', 'flag@agency.example'], {
    file,
    region: 'us-east-1',
  });
  expect(settings).toMatchObject({ mailFrom: 'flag@agency.example', agency: 'Nord', region: 'eu-west-1' });
  expect(choose(['--stage', 'test'], { file, region: 'us-east-1' }).settings.region).toBe('us-east-1');
});

test('what follows -- is left as it is', () => {
  const { flags, rest } = choose(['--stage', 'prod', '--anyway', '--', '--method', 'direct', '--stage']);
  expect(flags).toEqual({ anyway: true });
  expect(rest).toEqual(['--method', 'direct', '--stage']);
});

const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0a-1b';

describe('what is wrong is refused, and named as it was written:', () => {
  test.each<[string, string[], unknown, RegExp]>([
    ['no stage', [], undefined, /^--stage NAME is missing$/],
    ['a stage’s name', ['--stage', 'Prod'], undefined, /^--stage: must be 1 to 20/],
    [
      'an address',
      ['--stage', 'prod', '--mail-from', 'nobody'],
      undefined,
      /^--mail-from: must be one plain/,
    ],
    ['a region', ['--stage', 'prod', '--region', 'Frankfurt'], undefined, /^--region: must be an AWS region/],
    [
      'days',
      ['--stage', 'prod', '--log-retention-days', '31'],
      undefined,
      /^--log-retention-days: must be one of 1, 3/,
    ],
    [
      'a processor',
      ['--stage', 'prod', '--architecture', 'mips'],
      undefined,
      /^--architecture: must be arm64 or/,
    ],
    [
      'half a domain',
      ['--stage', 'prod', '--domain-name', 'api.agency.example'],
      undefined,
      /^--\S+: must be there/,
    ],
    [
      'a certificate of another region',
      ['--stage', 'prod', '--domain-name', 'api.agency.example', '--certificate-arn', certificateArn],
      undefined,
      /^--certificate-arn: must be in the stage's region, eu-central-1/,
    ],
    [
      'a field',
      ['--stage', 'prod'],
      { prod: { colour: 'red' } },
      /^sendeplan\.config\.json: prod\.colour: no such setting/,
    ],
    [
      'a value',
      ['--stage', 'prod'],
      { prod: { agency: '' } },
      /^sendeplan\.config\.json: prod\.agency: must not be empty/,
    ],
    [
      'a stage in a stage',
      ['--stage', 'prod'],
      { prod: { stage: 'x' } },
      /prod\.stage: the stage is named by its key/,
    ],
    ['no object', ['--stage', 'prod'], [1], /^sendeplan\.config\.json: must be an object/],
    ['no JSON', ['--stage', 'prod'], '{', /^sendeplan\.config\.json: is not JSON/],
  ])('%s', (_what, args, file, expected) => {
    expect(() => choose(args, { file })).toThrow(expected);
  });

  test('every wrong field at once', () => {
    const file = { prod: { mailFrom: 'nobody', architecture: 'mips' } };
    expect(() => choose(['--stage', 'prod'], { file })).toThrow(/mailFrom: .*\n.*architecture: /);
  });
});
