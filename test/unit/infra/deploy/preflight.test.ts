import { describe, expect, test } from 'vitest';
import type { Account, DeployedStack, Dns, MailIdentity } from '../../../../infra/deploy/account.ts';
import { preflight } from '../../../../infra/deploy/preflight.ts';
import { stageSettings } from '../../../../infra/stage-settings.ts';

const READY: DeployedStack = {
  status: 'UPDATE_COMPLETE',
  outputs: {},
  parameters: { MailFrom: 'old@agency.example' },
};
const DOMAIN: MailIdentity = {
  verified: true,
  dkimTokens: ['abc'],
  dkimStatus: 'SUCCESS',
  mailFromDomain: 'bounce.agency.example',
};

/** An account in which everything is as it should be. */
const anAccount = (over: Partial<Account> = {}): Account => ({
  caller: async () => ({ account: '123456789012', arn: 'arn:aws:sts::123456789012:assumed-role/Admin/eva' }),
  stack: async (name) =>
    name === 'CDKToolkit' ? { status: 'CREATE_COMPLETE', outputs: {}, parameters: {} } : undefined,
  concurrency: async () => 1_000,
  schedulerQuotas: async () => [
    { name: 'Number of schedules', value: 10_000_000 },
    { name: 'CreateSchedule request rate', value: 5_000 },
    { name: 'Invocations throttle limit', value: 1_000 },
  ],
  mailAccount: async () => ({ production: true, sending: true, perSecond: 14, perDay: 50_000 }),
  mailIdentity: async (name) => (name === 'agency.example' ? DOMAIN : undefined),
  ...over,
});
const RECORDS: Record<string, string> = {
  'bounce.agency.example': 'v=spf1 include:amazonses.com ~all',
  '_dmarc.agency.example': 'v=DMARC1; p=quarantine',
};
const aDns = (over: Partial<Dns> = {}): Dns => ({
  txt: async (name) => (RECORDS[name] ? [RECORDS[name]] : []),
  cname: async (name) => (name === 'abc._domainkey.agency.example' ? 'abc.dkim.amazonses.com' : undefined),
  ...over,
});
const settings = (values: Record<string, unknown> = {}) =>
  stageSettings([
    {
      values: { stage: 'prod', mailFrom: 'reports@agency.example', ...values },
      label: (field) => `--${field}`,
    },
  ]);
const look = async (account = anAccount(), dns = aDns(), chosen = settings()) => {
  const { findings, bootstrapped } = await preflight(chosen, account, dns);
  return { lines: findings.map(({ level, about, text }) => `${level} ${about}: ${text}`), bootstrapped };
};
const about = async (what: string, ...of: Parameters<typeof look>) =>
  (await look(...of)).lines.filter((line) => line.split(':')[0]?.endsWith(` ${what}`)).join('\n');

test('an account that is ready is told so, with one line for each thing that was looked at', async () => {
  const { lines, bootstrapped } = await look();
  expect(bootstrapped).toBe(true);
  expect(lines.map((line) => line.split(':')[0])).toEqual([
    'ok credentials',
    'ok bootstrap',
    'ok stage',
    'ok Lambda',
    'ok Scheduler',
    'ok SES',
    'ok sender',
    'ok DKIM',
    'ok SPF',
    'ok DMARC',
  ]);
  expect(lines[0]).toContain('account 123456789012');
  expect(lines[0]).toContain('region eu-central-1');
});

test('without credentials nothing else is looked at', async () => {
  const refused = async () => Promise.reject(new Error('Could not load credentials from any providers'));
  const { lines } = await look(anAccount({ caller: refused }));
  expect(lines).toEqual([
    expect.stringMatching(/^stop credentials: .*Could not load credentials.*aws sso login/),
  ]);
});

test('who may not look is warned of it, and goes on', async () => {
  const refused = async () => Promise.reject(new Error('not authorized to perform: ses:GetAccount'));
  const { lines } = await look(
    anAccount({ mailAccount: refused, concurrency: refused, schedulerQuotas: refused, stack: refused }),
  );
  expect(lines.filter((line) => !line.startsWith('ok'))).toEqual(
    ['stage', 'Lambda', 'Scheduler', 'SES'].map((what) =>
      expect.stringMatching(`^warn ${what}: could not be looked at: not authorized to perform`),
    ),
  );
});

describe('the stage', () => {
  const having = (stage: Partial<DeployedStack>, bootstrap = true): Account =>
    anAccount({
      stack: async (name) =>
        name === 'CDKToolkit' ? (bootstrap ? READY : undefined) : { ...READY, ...stage },
    });

  test('in an account that the CDK does not know is set up first', async () => {
    const { lines, bootstrapped } = await look(having({}, false));
    expect(bootstrapped).toBe(false);
    expect(lines).toContainEqual(expect.stringMatching(/^warn bootstrap: .*cdk bootstrap/));
  });

  test('that is new needs an address to send from', async () => {
    expect(await about('stage', anAccount(), aDns(), settings({ mailFrom: undefined }))).toMatch(
      /^stop .*needs mailFrom.*--mail-from/,
    );
  });

  test('that is there keeps its address, which is looked at', async () => {
    const asked: string[] = [];
    const account = having({});
    await look(
      { ...account, mailIdentity: async (name) => void asked.push(name) },
      aDns(),
      settings({ mailFrom: undefined }),
    );
    expect(asked.sort()).toEqual(['agency.example', 'old@agency.example']);
  });

  test.each([
    ['UPDATE_IN_PROGRESS', /^stop .*Wait/],
    ['ROLLBACK_COMPLETE', /^stop .*delete-stack --stack-name sendeplan-prod/],
    ['UPDATE_ROLLBACK_COMPLETE', /^ok /],
  ])('that is %s', async (status, expected) => {
    expect(await about('stage', having({ status }))).toMatch(expected);
  });

  test('does not lose its domain by forgetting', async () => {
    const account = having({
      outputs: { ApiUrl: 'https://api.agency.example', ApiDomainTarget: 'd-1.example' },
    });
    expect(await about('domain', account)).toMatch(/^stop .*https:\/\/api\.agency\.example.*set domainName/);
    const certificateArn = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a-1b';
    const kept = settings({ domainName: 'api.agency.example', certificateArn });
    expect(await about('domain', account, aDns(), kept)).toBe('');
  });
});

test('too few concurrent calls and too low quotas are told with what to ask for', async () => {
  const account = anAccount({
    concurrency: async () => 10,
    schedulerQuotas: async () => [{ name: 'CreateSchedule request rate', value: 10 }],
  });
  expect(await about('Lambda', account)).toMatch(/^warn .*10 calls.*Ask for 1,000/);
  expect(await about('Scheduler', account)).toMatch(
    /^warn .*"CreateSchedule request rate" is 10.*Ask for 50/,
  );
});

describe('mail', () => {
  const having = (identities: Record<string, Partial<MailIdentity>>): Account =>
    anAccount({
      mailIdentity: async (name) => (identities[name] ? { ...DOMAIN, ...identities[name] } : undefined),
    });

  test.each([
    ['nothing of it', {}, /^stop .*create-email-identity --email-identity agency\.example/],
    ['the domain, unverified', { 'agency.example': { verified: false } }, /^stop .*not verified yet/],
    ['the address alone', { 'reports@agency.example': {} }, /^warn .*nothing is signed/],
  ])('when SES knows %s', async (_what, identities, expected) => {
    expect(await about('sender', having(identities))).toMatch(expected);
  });

  test('from below a verified domain goes by that domain, as SES has it', async () => {
    const below = settings({ mailFrom: 'reports@news.mail.agency.example' });
    expect(await about('sender', anAccount(), aDns(), below)).toBe(
      'ok sender: agency.example is a verified identity',
    );
    expect(await about('DKIM', anAccount(), aDns(), below)).toBe(
      'ok DKIM: mails are signed for agency.example',
    );
    const nearer = having({ 'mail.agency.example': { verified: false }, 'agency.example': {} });
    expect(await about('sender', nearer, aDns(), below)).toMatch(
      /^stop .*mail\.agency\.example.*not verified/,
    );
  });

  test('in the sandbox, or switched off, is told', async () => {
    const base = { production: true, sending: true, perSecond: 1, perDay: 200 };
    const sandbox = anAccount({ mailAccount: async () => ({ ...base, production: false }) });
    expect(await about('SES', sandbox)).toMatch(/^warn .*sandbox.*Request production access/);
    const off = anAccount({ mailAccount: async () => ({ ...base, sending: false }) });
    expect(await about('SES', off)).toMatch(/^warn .*switched off/);
  });

  test('without its DKIM records names each that is missing', async () => {
    expect(await about('DKIM', anAccount(), aDns({ cname: async () => undefined }))).toMatch(
      /^warn .*abc\._domainkey\.agency\.example CNAME abc\.dkim\.amazonses\.com/,
    );
  });

  test.each([
    ['without a domain for bounces', {}, { mailFromDomain: '' }, /^warn .*custom MAIL FROM domain/],
    [
      'without SES in its SPF record',
      { 'bounce.agency.example': ['v=spf1 -all'] },
      {},
      /^warn .*include:amazonses/,
    ],
    [
      'with two SPF records',
      { 'bounce.agency.example': ['v=spf1 include:amazonses.com ~all', 'v=spf1 -all'] },
      {},
      /^warn .*more than one/,
    ],
  ])('%s is told what SPF needs', async (_what, records: Record<string, string[]>, identity, expected) => {
    const account = having({ 'agency.example': identity });
    expect(await about('SPF', account, aDns({ txt: async (name) => records[name] ?? [] }))).toMatch(expected);
  });

  test('finds the DMARC record of a domain above, and says what to publish when there is none', async () => {
    const sub = settings({ mailFrom: 'reports@mail.agency.example' });
    expect(await about('DMARC', anAccount(), aDns(), sub)).toBe(
      'ok DMARC: policy quarantine, at _dmarc.agency.example',
    );
    expect(await about('DMARC', anAccount(), aDns({ txt: async () => [] }))).toMatch(
      /^warn .*_dmarc\.agency\.example TXT "v=DMARC1; p=none/,
    );
  });

  test('is looked at as far as the name service answers', async () => {
    const broken = async () => Promise.reject(new Error('queryTxt ETIMEOUT'));
    const { lines } = await look(anAccount(), aDns({ txt: broken }));
    expect(lines).toContain('warn DMARC: could not be looked at: queryTxt ETIMEOUT');
    expect(lines).toContainEqual(expect.stringMatching(/^ok sender/));
  });
});
